package irc_test

import (
	"context"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/larkspur-dev/larkspur/irc"
)

// The empty token was an anonymous login, which can send nothing.
func TestEmptyTokenIsNoLogin(t *testing.T) {
	for _, token := range []string{"", "oauth:"} {
		synctest.Test(t, func(t *testing.T) {
			s := newServer(t)
			var got states
			start(t, s.options(irc.Options{Channels: []string{"ada"}, OnState: got.add, Token: func(context.Context) (string, error) { return token, nil }}))
			time.Sleep(time.Minute)
			if n := len(s.dialled()); n > 0 {
				t.Errorf("token %q: got %d connections, want none", token, n)
			}
			if text := got.text(); !strings.Contains(text, "disconnected") {
				t.Errorf("token %q: got the states %s, want disconnected", token, text)
			}
		})
	}
}

// A login that was read from a file was sent with its line end.
func TestLoginIsCleaned(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newServer(t)
		start(t, s.options(irc.Options{Login: " #Larkspur\r\n"}))
		if got := s.last(1).lines("NICK"); len(got) != 1 || got[0] != "NICK larkspur" {
			t.Errorf("got %q, want NICK larkspur", got)
		}
	})
}
