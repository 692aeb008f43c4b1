package cli

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/larkspur-dev/larkspur/internal/daemon"
	"github.com/larkspur-dev/larkspur/oauth"
)

// appFlags say which application a command works for, and where its tokens are.
type appFlags struct {
	config        string
	twitch, state string
}

// register adds the flags to a command; with config also --config.
func (f *appFlags) register(cmd *cobra.Command, config bool) {
	flags := cmd.Flags()
	if config {
		flags.StringVar(&f.config, "config", "", "configuration with the client id and secret (default: TWITCH_CLIENT_ID and TWITCH_CLIENT_SECRET)")
	}
	flags.StringVar(&f.twitch, "twitch", "", "address of an emulator to use instead of Twitch (or LARKSPUR_TWITCH)")
	flags.StringVar(&f.state, "state", "", "directory with the tokens (or LARKSPUR_STATE; default: in your state directory)")
}

// again returns those of the flags that another command needs to reach the same tokens.
func (f *appFlags) again() string {
	var words []string
	if f.twitch != "" {
		words = append(words, "--twitch", daemon.Quote(f.twitch))
	}
	if f.state != "" {
		words = append(words, "--state", daemon.Quote(f.state))
	}
	return strings.Join(words, " ")
}

// An app is the application that people log in to, with its stored tokens.
type app struct {
	p         Process
	cfg       *daemon.Config // nil without --config
	id        string         // may be empty
	secret    oauth.Secret   // empty: a public client
	addresses daemon.Addresses
	store     *oauth.FileStore
}

func openApp(p Process, f appFlags) (*app, error) {
	a := &app{p: p, id: env(p, "TWITCH_CLIENT_ID"), secret: oauth.Secret(env(p, "TWITCH_CLIENT_SECRET")), addresses: daemon.TwitchAddresses()}
	var err error
	if f.config != "" {
		if a.cfg, err = loadConfig(p, f.config); err != nil {
			return nil, err
		}
		a.id, a.secret = a.cfg.Twitch.ClientID, a.cfg.Twitch.ClientSecret
	}
	twitch := f.twitch
	if twitch == "" {
		twitch = env(p, "LARKSPUR_TWITCH")
	}
	if twitch != "" {
		if a.addresses, err = daemon.EmulatorAddresses(twitch); err != nil {
			return nil, usageError{err}
		}
	}
	if a.store, err = openTokens(p, f.state); err != nil {
		return nil, err
	}
	return a, nil
}

var errNoClient = errors.New("whose application? Set TWITCH_CLIENT_ID (and TWITCH_CLIENT_SECRET, unless it is a public client), or name a configuration with --config FILE; the client id is at https://dev.twitch.tv/console")

// manager returns the tokens, as those of the application.
func (a *app) manager() *oauth.Manager { return a.as(a.id, a.secret) }

// owner returns the tokens, as those of the application that t was made for.
func (a *app) owner(t oauth.Token) *oauth.Manager {
	if t.ClientID == "" || t.ClientID == a.id {
		return a.manager()
	}
	return a.as(t.ClientID, "") // the secret that we know is another application's
}

func (a *app) as(id string, secret oauth.Secret) *oauth.Manager {
	return oauth.NewManager(id, string(secret), a.store, oauth.Options{BaseURL: a.addresses.OAuth})
}

// finish waits for a renewal under way: it may hold the only refresh token there is.
func finish(ctx context.Context, tokens *oauth.Manager) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), time.Second)
	defer cancel()
	_ = tokens.Close(ctx) // there is nobody left to tell
}

// all returns every stored token of a user, by user id.
func (a *app) all(ctx context.Context) ([]oauth.Token, error) {
	keys, err := a.store.List(ctx)
	if err != nil {
		return nil, err
	}
	var tokens []oauth.Token
	for _, key := range keys {
		if key == oauth.AppKey {
			continue
		}
		t, err := a.store.Load(ctx, key)
		if errors.Is(err, oauth.ErrNoToken) {
			continue // removed meanwhile
		}
		if err != nil {
			return nil, err
		}
		tokens = append(tokens, t)
	}
	return tokens, nil
}

// find returns the stored tokens of users, by login or id; of all where none is named.
func (a *app) find(ctx context.Context, users []string) ([]oauth.Token, error) {
	all, err := a.all(ctx)
	if err != nil || len(users) == 0 {
		return all, err
	}
	var found []oauth.Token
	for _, user := range users {
		n := len(found)
		for _, t := range all {
			if strings.EqualFold(t.Login, strings.TrimPrefix(user, "@")) || t.UserID == user {
				found = append(found, t)
				break
			}
		}
		if len(found) == n {
			return nil, fmt.Errorf("%s has not logged in here; %s", printable(user), loggedIn(all))
		}
	}
	return found, nil
}

func loggedIn(tokens []oauth.Token) string {
	if len(tokens) == 0 {
		return "nobody has logged in"
	}
	logins := make([]string, len(tokens))
	for i, t := range tokens {
		logins[i] = t.Login
	}
	return "logged in: " + strings.Join(logins, ", ")
}
