package irc_test

import (
	"errors"
	"testing"
	"testing/synctest"

	"github.com/larkspur-dev/larkspur/chat"
	"github.com/larkspur-dev/larkspur/irc"
)

// A text with a line end was a second line.
func TestCarrierSendsOneLine(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newServer(t)
		c := start(t, s.options(irc.Options{Channels: []string{"ada"}}))
		for _, text := range []string{"hi\r\nJOIN #grace", "hi\nJOIN #grace", "hi\rJOIN #grace", "hi\x00"} {
			_, err := c.Carrier().Carry(t.Context(), chat.Outgoing{Channel: chat.User{Login: "ada"}, Text: text})
			if !errors.Is(err, irc.ErrBadLine) {
				t.Errorf("%q: got %v, want %v", text, err, irc.ErrBadLine)
			}
		}
		if got := s.last(1).lines("grace"); len(got) > 0 {
			t.Errorf("the server got %q", got)
		}
	})
}
