package eventsub

import (
	"errors"
	"fmt"
	"io"
	"log/slog"

	"github.com/larkspur-dev/larkspur/eventsub/internal/webhook"
)

// A Secret is what Twitch signs the requests to a webhook with. Printing, logging or
// marshalling it shows nothing of it; string(s) is its value.
//
// The methods that hide the value cannot be called on unexported fields: package fmt
// prints the value of a Secret in an unexported field of a struct that has no Format
// method.
type Secret string

// NewSecret returns a secret of 32 random bytes in hexadecimal. Twitch accepts secrets
// of 10 to 100 ASCII characters.
func NewSecret() Secret { return Secret(webhook.NewSecret()) }

const redacted = "[redacted]"

// String returns "[redacted]", or "" if s is empty.
func (s Secret) String() string {
	if s == "" {
		return ""
	}
	return redacted
}

// GoString returns s redacted.
func (s Secret) GoString() string { return fmt.Sprintf("eventsub.Secret(%q)", s.String()) }

// Format writes s redacted for every verb, also for wrong ones such as %d, which
// otherwise print the value.
func (s Secret) Format(f fmt.State, verb rune) {
	text := s.String()
	switch {
	case verb == 'q':
		text = fmt.Sprintf("%q", text)
	case verb == 'v' && f.Flag('#'):
		text = s.GoString()
	}
	_, _ = io.WriteString(f, text) // fmt's own buffer, which does not fail
}

// LogValue returns s redacted.
func (s Secret) LogValue() slog.Value { return slog.StringValue(s.String()) }

// MarshalText returns s redacted. A store writes string(s).
func (s Secret) MarshalText() ([]byte, error) { return []byte(s.String()), nil }

var errRedacted = errors.New("eventsub: this secret was redacted when it was written, its value is gone; write string(secret)")

// UnmarshalText takes text as the secret. Text that MarshalText made is an error, so
// that a program that stores secrets with encoding/json fails before they are lost.
func (s *Secret) UnmarshalText(text []byte) error {
	if string(text) == redacted {
		return errRedacted
	}
	*s = Secret(text)
	return nil
}
