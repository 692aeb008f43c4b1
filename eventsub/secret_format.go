package eventsub

import (
	"fmt"
	"io"
	"log/slog"
)

// Format writes o with its secret redacted: with a wrong verb, fmt would not call the
// methods of the secret.
func (o ConduitOptions) Format(f fmt.State, verb rune) {
	type conduitOptions ConduitOptions
	_, _ = fmt.Fprintf(f, fmt.FormatString(f, verb), conduitOptions(o)) // fmt's own buffer, which does not fail
}

// Format writes k with its secret redacted.
func (k WebhookKey) Format(f fmt.State, verb rune) {
	type webhookKey WebhookKey
	_, _ = fmt.Fprintf(f, fmt.FormatString(f, verb), webhookKey(k))
}

// String returns what c is, without its options, which may hold a secret.
func (c *Conduit) String() string { return "eventsub.Conduit " + c.o.Name }

// Format writes what String returns: fmt would walk to the secret.
func (c *Conduit) Format(f fmt.State, _ rune) { _, _ = io.WriteString(f, c.String()) }

// LogValue returns what String returns.
func (c *Conduit) LogValue() slog.Value { return slog.StringValue(c.String()) }
