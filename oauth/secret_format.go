package oauth

import (
	"fmt"
	"log/slog"
)

// fmt calls Format of a Secret in a struct, but not behind a pointer that is printed with a
// wrong verb, such as %s of a []*Token. So structs with a Secret have a Format method, which
// prints the same struct as a type without methods.

// Format writes t with its secrets redacted.
func (t Token) Format(f fmt.State, verb rune) {
	type token Token
	_, _ = fmt.Fprintf(f, fmt.FormatString(f, verb), token(t)) // fmt's own buffer, which does not fail
}

// Format writes c with its secret redacted.
func (c Client) Format(f fmt.State, verb rune) {
	type client Client
	_, _ = fmt.Fprintf(f, fmt.FormatString(f, verb), client(c))
}

// Format writes a with what is secret in it redacted.
func (a Authorization) Format(f fmt.State, verb rune) {
	_, _ = fmt.Fprintf(f, fmt.FormatString(f, verb), a.hidden())
}

// LogValue returns what may be logged of a.
func (a Authorization) LogValue() slog.Value { return slog.AnyValue(a.hidden()) }

// authorization is an Authorization without methods.
type authorization Authorization

func (a Authorization) hidden() authorization {
	a.State, a.Nonce = Secret(a.State).redacted(), Secret(a.Nonce).redacted()
	return authorization(a)
}

// Format writes l with what is secret in it redacted.
func (l Login) Format(f fmt.State, verb rune) {
	_, _ = fmt.Fprintf(f, fmt.FormatString(f, verb), l.hidden())
}

// LogValue returns what may be logged of l.
func (l Login) LogValue() slog.Value { return slog.AnyValue(l.hidden()) }

// loginData is a Login without methods.
type loginData Login

func (l Login) hidden() loginData {
	l.Nonce = Secret(l.Nonce).redacted()
	return loginData(l)
}
