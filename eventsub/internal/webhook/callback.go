package webhook

import (
	"crypto/rand"
	"encoding/hex"
	"errors"
	"fmt"
	"net/url"
	"path"
	"strings"

	"github.com/larkspur-dev/larkspur/internal/quiet"
)

// NewID returns the last element of a new callback path. It cannot be guessed, so that
// a request to an unknown path is refused before its body is read.
func NewID() string { return strings.ToLower(rand.Text()) }

// IsID reports whether NewID may have made id.
func IsID(id string) bool {
	return len(id) == idLength && strings.Trim(id, "abcdefghijklmnopqrstuvwxyz234567") == ""
}

// idLength is the length of the text of 130 random bits in base32.
const idLength = 26

// NewSecret returns a secret of 32 random bytes in hexadecimal. Twitch takes 10 to 100
// ASCII characters.
func NewSecret() string {
	b := make([]byte, 32)
	_, _ = rand.Read(b) // never fails
	return quiet.Mark + hex.EncodeToString(b)
}

// IDOf returns the last element of the path of a callback or request.
func IDOf(requestPath string) string { return path.Base(requestPath) }

var errCallback = errors.New("want the https address under which Twitch reaches this program, such as https://bot.example.org/eventsub")

// CheckCallback returns an error if base cannot be the start of callback addresses.
// Twitch takes https and port 443 only. Addresses of this machine are for tests.
func CheckCallback(base string) error {
	u, err := url.Parse(base)
	switch {
	case err != nil || u.Host == "" || u.User != nil || u.RawQuery != "" || u.Fragment != "" || (u.Scheme != "https" && u.Scheme != "http"):
		return fmt.Errorf("callback: %w", errCallback)
	case local(u.Hostname()):
		return nil
	case u.Scheme != "https":
		return fmt.Errorf("callback %s: Twitch calls https addresses only: %w", base, errCallback)
	case u.Port() != "" && u.Port() != "443":
		return fmt.Errorf("callback %s: Twitch calls port 443 only; leave out the port, and let a proxy on 443 pass requests on: %w", base, errCallback)
	}
	return nil
}

func local(host string) bool {
	return host == "localhost" || host == "127.0.0.1" || host == "::1" || strings.HasSuffix(host, ".localhost")
}

// Callback returns the callback address of a key.
func Callback(base, id string) string { return strings.TrimSuffix(base, "/") + "/" + id }

// Split returns the base and the key id of a callback address. The id is "" if the
// address was not made by Callback.
func Split(callback string) (base, id string) {
	i := strings.LastIndexByte(callback, '/')
	if i < 0 || !IsID(callback[i+1:]) {
		return callback, ""
	}
	return callback[:i], callback[i+1:]
}
