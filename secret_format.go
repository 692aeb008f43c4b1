package larkspur

import (
	"fmt"
	"io"
	"log/slog"
)

// Format writes o with its secrets redacted: with a wrong verb, fmt would not call the
// methods of the secrets.
func (o AccountOptions) Format(f fmt.State, verb rune) {
	type accountOptions AccountOptions
	_, _ = fmt.Fprintf(f, fmt.FormatString(f, verb), accountOptions(o)) // fmt's own buffer, which does not fail
}

// String returns what a is, without its options, which may hold secrets.
func (a *Account) String() string { return "larkspur.Account of " + a.o.Login }

// Format writes what String returns: fmt would walk to the secrets.
func (a *Account) Format(f fmt.State, _ rune) { _, _ = io.WriteString(f, a.String()) }

// LogValue returns what String returns.
func (a *Account) LogValue() slog.Value { return slog.StringValue(a.String()) }

// String returns what a is, without its options, which may hold secrets.
func (a *App) String() string { return "larkspur.App of client " + a.clientID }

// Format writes what String returns: fmt would walk to the secrets.
func (a *App) Format(f fmt.State, _ rune) { _, _ = io.WriteString(f, a.String()) }

// LogValue returns what String returns.
func (a *App) LogValue() slog.Value { return slog.StringValue(a.String()) }
