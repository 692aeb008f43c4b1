package irc_test

import (
	"context"
	"errors"
	"testing"
	"testing/synctest"
	"time"

	"github.com/larkspur-dev/larkspur/irc"
)

// A handler that calls Join with a context of its own kept Run from returning.
func TestJoinInAHandlerWhileRunEnds(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newServer(t)
		c := irc.New(s.options(irc.Options{Channels: []string{"ada"}}))
		joined := make(chan error, 1)
		irc.On(c, func(ctx context.Context, _ *irc.PrivMsg) error {
			<-ctx.Done()
			time.Sleep(time.Second) // Run has told all that wait already
			own, cancel := context.WithTimeout(context.WithoutCancel(ctx), time.Hour)
			defer cancel()
			joined <- c.Join(own, "grace")
			return nil
		})
		ctx, cancel := context.WithCancel(t.Context())
		done := make(chan error, 1)
		go func() { done <- c.Run(ctx) }()
		s.last(1).send(hello)
		begin := time.Now()
		cancel()
		if err := <-done; err != nil || time.Since(begin) > 2*time.Second {
			t.Errorf("Run returned %v after %v, want nil after a second", err, time.Since(begin))
		}
		if err := <-joined; !errors.Is(err, irc.ErrStopped) {
			t.Errorf("Join returned %v, want %v", err, irc.ErrStopped)
		}
	})
}

// Join waited for the next attempt of the earlier one, which can be ten minutes away.
func TestJoinAgainAfterPart(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newServer(t)
		s.banned["grace"] = true
		c := start(t, s.options(irc.Options{Channels: []string{"ada"}}))
		if err := c.Join(t.Context(), "grace"); err == nil {
			t.Fatal("got no error from a channel that bans")
		}
		s.set(func(s *server) { delete(s.banned, "grace") })
		begin := time.Now()
		if err := c.Part(t.Context(), "grace"); err != nil {
			t.Error(err)
		}
		if err := c.Join(t.Context(), "grace"); err != nil || time.Since(begin) > time.Second {
			t.Errorf("got %v after %v, want to be in the channel at once", err, time.Since(begin))
		}
	})
}
