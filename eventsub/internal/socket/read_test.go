package socket

import (
	"context"
	"errors"
	"net"
	"net/http"
	"strings"
	"testing"

	"github.com/larkspur-dev/larkspur/eventsub/internal/connection"
)

// Errors do not contain the address of a connection, because a reconnect address
// contains a token.
func TestErrorsDoNotRepeatTheAddress(t *testing.T) {
	for name, fail := range map[string]error{
		"network": &net.OpError{Op: "dial", Net: "tcp", Err: errors.New("connection refused")},
		"other":   errors.New("no route"),
		"timeout": context.DeadlineExceeded,
	} {
		t.Run(name, func(t *testing.T) {
			transport := &http.Transport{DialContext: func(context.Context, string, string) (net.Conn, error) { return nil, fail }}
			s := &Socket{o: Options{HTTPClient: &http.Client{Transport: transport}}}
			_, _, err := s.dial(t.Context(), "ws://nowhere.test/ws?token=secret")
			if err == nil || strings.Contains(err.Error(), "secret") || strings.Contains(err.Error(), "nowhere") {
				t.Errorf("got %v, want an error without the address", err)
			}
			if name == "timeout" && !errors.Is(err, connection.ErrNoWelcome) {
				t.Errorf("got %v, want %v", err, connection.ErrNoWelcome)
			}
		})
	}
}
