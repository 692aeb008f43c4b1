// Command devicelogin logs users in without a browser on this machine: it shows an address
// and a code, waits until the user has entered the code there, and keeps the login in
// tokens.json. Further starts use that.
//
//	export TWITCH_CLIENT_ID=…
//	go run ./examples/devicelogin
package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"os/signal"

	"github.com/larkspur-dev/larkspur"
	"github.com/larkspur-dev/larkspur/oauth"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	me, err := newAccount(os.Getenv, "tokens.json", os.Stdout)
	if err == nil {
		err = logIn(ctx, me, os.Stdout)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func newAccount(getenv func(string) string, tokens string, out io.Writer) (*larkspur.Account, error) {
	store, err := oauth.OpenFileStore(tokens)
	if err != nil {
		return nil, err
	}
	return larkspur.NewAccount(getenv("TWITCH_CLIENT_ID"), getenv("TWITCH_CLIENT_SECRET"), store, larkspur.AccountOptions{
		Server: getenv("TWITCH_SERVER"),
		Scopes: []oauth.Scope{"user:read:chat", "user:write:chat"},
		OnDevice: func(d *oauth.Device) {
			fmt.Fprintf(out, "Open %s and enter %s before %s.\n", d.VerificationURI, d.UserCode, d.ExpiresAt.Format("15:04"))
		},
	}), nil
}

func logIn(ctx context.Context, me *larkspur.Account, out io.Writer) error {
	user, err := me.LogIn(ctx)
	if err != nil {
		return err
	}
	fmt.Fprintf(out, "You are %s. Scopes: %s\n", user.Login, me.Scopes())
	return nil
}
