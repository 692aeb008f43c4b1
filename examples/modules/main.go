// Command modules is a bot whose parts its owner loads, reloads and unloads from chat while
// it runs: !module load fun, !module reload fun, !module unload fun. Go programs load no
// code, so a module is a component that the program knows; loading it again begins anew,
// with the settings of that moment.
//
//	export TWITCH_CLIENT_ID=…
//	go run ./examples/modules
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"strings"
	"sync/atomic"

	"github.com/larkspur-dev/larkspur"
	"github.com/larkspur-dev/larkspur/bot"
	"github.com/larkspur-dev/larkspur/eventsub"
	"github.com/larkspur-dev/larkspur/oauth"
)

// modules are the parts that can be loaded, by name.
var modules = map[string]func() bot.Component{
	"fun":   func() bot.Component { return &fun{} },
	"polls": func() bot.Component { return polls{} },
}

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
			b := bot.New(me.Twitch, me.Mux, bot.Options{UserID: me.User().ID, OwnerID: getenv("OWNER_ID")})
			return errors.Join(b.Add(ctx, "fun", &fun{}), manage(b))
		},
	})
	return me, nil
}

// manage registers the commands of the owner.
func manage(b *bot.Bot) error {
	type args struct{ Name string }
	with := func(change func(ctx context.Context, name string, c bot.Component) error) func(context.Context, *bot.Call, args) error {
		return func(ctx context.Context, c *bot.Call, a args) error {
			module := modules[strings.ToLower(a.Name)]
			if module == nil {
				return bot.Sorry("I have no module %s", a.Name)
			}
			if err := change(context.WithoutCancel(ctx), strings.ToLower(a.Name), module()); err != nil {
				return bot.Sorry("%s", err)
			}
			return c.Reply(ctx, "modules: %s", strings.Join(b.Components(), ", "))
		}
	}
	return errors.Join(
		bot.Group(b, "module", bot.Require(b.IsOwner)),
		bot.Command(b, "module load", with(b.Add)),
		bot.Command(b, "module reload", with(b.Replace)),
		bot.Command(b, "module unload", with(func(_ context.Context, name string, _ bot.Component) error { return b.Remove(name) })),
	)
}

// fun counts hugs since it was loaded.
type fun struct{ hugs atomic.Int64 }

func (f *fun) Setup(s *bot.Setup) error {
	return bot.Command(s, "hug", func(ctx context.Context, c *bot.Call, _ struct{}) error {
		return c.Reply(ctx, "that was hug %d", f.hugs.Add(1))
	}, bot.ModsOnly)
}

type polls struct{}

func (polls) Setup(s *bot.Setup) error {
	return bot.Command(s, "poll", func(ctx context.Context, c *bot.Call, a struct{ Options []string }) error {
		return c.Send(ctx, "Vote: %s", strings.Join(a.Options, " or "))
	})
}
