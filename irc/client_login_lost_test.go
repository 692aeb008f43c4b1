package irc_test

import (
	"context"
	"errors"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/larkspur-dev/larkspur/emulator"
	"github.com/larkspur-dev/larkspur/irc"
)

// A login that is lost while the client is connected ends Run at the next login, although
// Twitch never refused the token.
func TestLoginThatIsLostWhileConnected(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		tw := emulator.Start(t, emulator.InMemory(), emulator.Channel("ada"))
		token := tw.UserToken("ada", "chat:read")
		var lost atomic.Bool
		c := irc.New(irc.Options{
			Addr: tw.IRCAddr(), Dial: tw.DialContext, Login: "ada", Channels: []string{"ada"},
			Token: func(context.Context) (string, error) {
				if lost.Load() {
					return "", lostLoginError{}
				}
				return token, nil
			},
			RenewToken: func(context.Context, string) (string, error) { return "", lostLoginError{} },
		})
		ctx, cancel := context.WithTimeout(t.Context(), time.Hour)
		defer cancel()
		ended := make(chan error, 1)
		go func() { ended <- c.Run(ctx) }()
		time.Sleep(time.Minute)
		lost.Store(true)
		tw.DropChat()
		began := time.Now()
		err := <-ended
		if _, ok := errors.AsType[*irc.LoginError](err); !ok || time.Since(began) > time.Minute {
			t.Errorf("got %v after %v, want the lost login within a minute", err, time.Since(began))
		}
	})
}
