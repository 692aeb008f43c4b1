package irc_test

import (
	"context"
	"errors"
	"testing"
	"testing/synctest"
	"time"

	"github.com/larkspur-dev/larkspur/emulator"
	"github.com/larkspur-dev/larkspur/irc"
)

// A panic in a function of the options does not end the program: the client tries again.
func TestOptionsThatPanic(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		tw := emulator.Start(t, emulator.InMemory(), emulator.Channel("ada"))
		ctx, cancel := context.WithTimeout(t.Context(), time.Hour)
		defer cancel()
		calls, joined := 0, false
		c := irc.New(irc.Options{
			Addr: tw.IRCAddr(), Dial: tw.DialContext, Login: "ada", Channels: []string{"ada"},
			Token: func(context.Context) (string, error) {
				if calls++; calls == 1 {
					panic("a mistake")
				}
				return tw.UserToken("ada", "chat:read"), nil
			},
			OnState: func(s irc.State) {
				if s.Kind == irc.Joined {
					joined = true
					cancel()
				}
				panic("another")
			},
		})
		if err := c.Run(ctx); err != nil || !joined {
			t.Errorf("got %v and joined %t, want the client to join after the panics", err, joined)
		}
	})
}

// Why a channel was not joined is known also after Run has returned.
func TestNotJoinedAfterRun(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		tw := emulator.Start(t, emulator.InMemory(), emulator.Channel("ada"), emulator.Channel("hedy"))
		tw.Ban("hedy", "ada", "")
		ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
		defer cancel()
		c := irc.New(irc.Options{
			Addr: tw.IRCAddr(), Dial: tw.DialContext, Login: "ada", Channels: []string{"hedy"},
			Token: func(context.Context) (string, error) { return tw.UserToken("ada", "chat:read"), nil },
		})
		_ = c.Run(ctx)
		left := c.NotJoined()
		if len(left) != 1 || errors.Is(left[0].Err, irc.ErrNotTried) {
			t.Errorf("got %v, want the reason", left)
		}
	})
}
