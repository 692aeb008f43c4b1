package relay_test

import (
	"errors"
	"net/http"
	"strings"
	"testing"

	"github.com/larkspur-dev/larkspur/cmd/larkspur/internal/relay"
)

// replaceDefaultTransport makes next serve the requests of the default HTTP client
// until the test ends.
func replaceDefaultTransport(t *testing.T, next http.RoundTripper) {
	t.Helper()
	old := http.DefaultTransport
	http.DefaultTransport = next
	t.Cleanup(func() { http.DefaultTransport = old })
}

// shoutrrr's zulip panics if the request fails.
func TestUnreachableZulipDoesNotEndTheProgram(t *testing.T) {
	replaceDefaultTransport(t, roundTripper(func(*http.Request) (*http.Response, error) {
		return nil, errors.New("connection refused")
	}))
	err := send(t, "zulip://bot%40chat.example:t0kenvalue@chat.example/?stream=s&topic=t", "hello", relay.Options{AllowPrivate: true})
	if err == nil || !strings.Contains(err.Error(), "relay team: zulip: its library panicked") {
		t.Errorf("got %v, want an error", err)
	}
	if err != nil && strings.Contains(err.Error(), "t0kenvalue") {
		t.Errorf("the error shows the key: %v", err)
	}
}
