package oauth

import (
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/url"
	"strings"
)

// A Secret is a token, a code or a client secret. Printing, logging or
// marshalling it shows at most its last four characters; string(s) is its value.
//
// The methods that hide the value cannot be called on unexported fields: package fmt
// prints the value of a Secret in an unexported field of a struct that has no Format
// method. Give such a struct one, or export the field.
type Secret string

// Shorter secrets show nothing: four characters would be too large a part of them.
const minShown = 20

// ellipsis is in every redacted secret of full length and in none that Twitch makes.
const ellipsis = "…"

// redacted is what may be shown of s.
func (s Secret) redacted() string {
	switch {
	case s == "":
		return ""
	case len(s) < minShown:
		return "[redacted]"
	default:
		return "tok" + ellipsis + string(s[len(s)-4:])
	}
}

// String returns s redacted.
func (s Secret) String() string { return s.redacted() }

// GoString returns s redacted.
func (s Secret) GoString() string { return fmt.Sprintf("oauth.Secret(%q)", s.redacted()) }

// Format writes s redacted for every verb, also for wrong ones such as %d, which
// otherwise print the value.
func (s Secret) Format(f fmt.State, verb rune) {
	text := s.redacted()
	switch {
	case verb == 'q':
		text = fmt.Sprintf("%q", text)
	case verb == 'v' && f.Flag('#'):
		text = s.GoString()
	}
	_, _ = io.WriteString(f, text) // fmt's own buffer, which does not fail
}

// LogValue returns s redacted.
func (s Secret) LogValue() slog.Value { return slog.StringValue(s.redacted()) }

// MarshalText returns s redacted. [EncodeToken] writes tokens for keeping.
func (s Secret) MarshalText() ([]byte, error) { return []byte(s.redacted()), nil }

var errRedacted = errors.New("oauth: this secret was redacted when it was written, its value is gone")

// UnmarshalText takes text as the secret. Text that MarshalText made is an error, so
// that a program that stores tokens with encoding/json fails before they are lost.
func (s *Secret) UnmarshalText(text []byte) error {
	if t := string(text); t == "[redacted]" || strings.Contains(t, ellipsis) {
		return errRedacted
	}
	*s = Secret(text)
	return nil
}

// scrub removes secrets from text that Twitch returned.
func scrub(text string, secrets ...Secret) string {
	for _, s := range secrets {
		if len(s) >= 4 {
			text = strings.ReplaceAll(text, string(s), "[redacted]")
			text = strings.ReplaceAll(text, url.QueryEscape(string(s)), "[redacted]")
		}
	}
	return text
}
