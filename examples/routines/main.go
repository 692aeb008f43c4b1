// Command routines runs something again and again in your own channel: a reminder to drink
// every 20 minutes while the channel is live and viewers write, and a greeting at nine each
// morning. The commands !reminder on and off switch the first one.
//
//	export TWITCH_CLIENT_ID=…
//	go run ./examples/routines
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"sync/atomic"
	"time"

	"github.com/larkspur-dev/larkspur"
	"github.com/larkspur-dev/larkspur/bot"
	"github.com/larkspur-dev/larkspur/eventsub"
	"github.com/larkspur-dev/larkspur/oauth"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	me, err := newAccount(os.Getenv, "tokens.json", os.Stdout)
	if err == nil {
		err = me.Run(ctx)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func newAccount(getenv func(string) string, tokens string, out io.Writer) (me *larkspur.Account, err error) {
	every, err := time.ParseDuration(getenv("EVERY"))
	if err != nil {
		every = 20 * time.Minute
	}
	store, err := oauth.OpenFileStore(tokens)
	if err != nil {
		return nil, err
	}
	me = larkspur.NewAccount(getenv("TWITCH_CLIENT_ID"), getenv("TWITCH_CLIENT_SECRET"), store, larkspur.AccountOptions{
		Server:   getenv("TWITCH_SERVER"),
		Scopes:   []oauth.Scope{"user:read:chat", "user:write:chat"},
		OnDevice: func(d *oauth.Device) { fmt.Fprintln(out, "Log in:", d.VerificationURI, d.UserCode) },
		OnReady:  func(context.Context, []eventsub.Result) { fmt.Fprintln(out, "ready") },
		Setup: func(ctx context.Context) error {
			b := bot.New(me.Twitch, me.Mux, bot.Options{UserID: me.User().ID})
			return b.Add(ctx, "reminders", &reminders{bot: b, channelID: me.ChannelID(), every: every})
		},
	})
	return me, nil
}

type reminders struct {
	bot       *bot.Bot
	channelID string
	every     time.Duration
	off       atomic.Bool
}

func (r *reminders) Setup(s *bot.Setup) error {
	say := func(text string) func(ctx context.Context) error {
		return func(ctx context.Context) error { return r.bot.Say(ctx, r.channelID, "%s", text) }
	}
	on := func(context.Context, time.Time) bool { return !r.off.Load() }
	return errors.Join(
		s.Routine("drink", bot.Every(r.every), say("Time to drink something!"), bot.RoutineOptions{
			Jitter: r.every / 10,
			When:   []bot.Condition{on, r.bot.WhileLive(r.channelID), r.bot.AfterLines(r.channelID, 2)},
		}),
		s.Routine("morning", bot.Daily("09:00", time.Local), say("Good morning!"), bot.RoutineOptions{}),
		bot.Command(s, "reminder", func(ctx context.Context, c *bot.Call, a struct{ On bool }) error {
			if was := !r.off.Swap(!a.On); was == a.On {
				return bot.Sorry("that is so already")
			}
			return c.Reply(ctx, "as you wish")
		}, bot.ModsOnly),
	)
}
