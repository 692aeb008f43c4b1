package cli

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/larkspur-dev/larkspur/cmd/larkspur/internal/daemon"
	"github.com/larkspur-dev/larkspur/oauth"
)

// appFlags say which application a command works for and where its tokens are.
type appFlags struct {
	storeFlags

	config string
	twitch string
}

// register adds the flags to a command; with config also --config, whose default is
// found before the command runs.
func (f *appFlags) register(p Process, cmd *cobra.Command, config bool) {
	flags := cmd.Flags()
	if config {
		flags.StringVar(&f.config, "config", "", "configuration with the client id and secret (default: TWITCH_CLIENT_ID and TWITCH_CLIENT_SECRET, else "+defaultConfig+")")
		cmd.PreRun = func(*cobra.Command, []string) {
			if f.config == "" && env(p, "TWITCH_CLIENT_ID") == "" && exists(defaultConfig) {
				f.config = defaultConfig
			}
		}
	}
	flags.StringVar(&f.twitch, "twitch", "", "address of an emulator to use instead of Twitch (or LARKSPUR_TWITCH)")
	f.storeFlags.register(cmd)
}

// again returns the flags that another command needs to find the same tokens.
func (f *appFlags) again() string {
	var words []string
	if f.twitch != "" {
		words = append(words, "--twitch", daemon.Quote(f.twitch))
	}
	if f.state != "" {
		words = append(words, "--state", daemon.Quote(f.state))
	}
	if f.file != "" {
		words = append(words, "--token-file", daemon.Quote(f.file))
	}
	if f.key != "" {
		words = append(words, "--token-key", daemon.Quote(f.key))
	}
	return strings.Join(words, " ")
}

// command returns a command for the same configuration and tokens.
func (f *appFlags) command(words string) string {
	if f.config != "" {
		words += " --config " + daemon.Quote(f.config)
	}
	return strings.TrimSpace(words + " " + f.again())
}

// An app is the Twitch application that users log in to, with its stored tokens.
type app struct {
	p         Process
	cfg       *daemon.Config // nil without --config
	id        string         // may be empty
	secret    oauth.Secret   // empty: a public client
	addresses daemon.Addresses
	store     *vault
}

func openApp(ctx context.Context, p Process, f appFlags) (*app, error) {
	a, err := newApp(p, f) //nolint:contextcheck // it reads files and sends nothing
	if err != nil {
		return nil, err
	}
	if a.store, err = openTokens(ctx, p, f.storeFlags, a.cfg); err != nil {
		return nil, err
	}
	return a, nil
}

// newApp is openApp without the tokens.
func newApp(p Process, f appFlags) (*app, error) {
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
	return a, nil
}

var errNoClient = errors.New("the client id of the application is missing; it is at https://dev.twitch.tv/console\nSet TWITCH_CLIENT_ID (and TWITCH_CLIENT_SECRET, unless the client is public), or name a configuration with --config FILE")

// manager returns a manager of the application's tokens.
func (a *app) manager() *oauth.Manager { return a.as(a.id, a.secret) }

// owner returns a manager for the application that t was issued to.
func (a *app) owner(t oauth.Token) *oauth.Manager {
	if t.ClientID == "" || t.ClientID == a.id {
		return a.manager()
	}
	return a.as(t.ClientID, "") // the known secret belongs to another application
}

func (a *app) as(id string, secret oauth.Secret) *oauth.Manager {
	return oauth.NewManager(id, string(secret), a.store, oauth.Options{BaseURL: a.addresses.OAuth})
}

// finish waits for a token renewal that is under way, also after an interrupt: its
// answer may hold the only valid refresh token.
func finish(ctx context.Context, p Process, tokens *oauth.Manager) {
	ctx = context.WithoutCancel(ctx)
	quick, cancel := context.WithTimeout(ctx, time.Second)
	defer cancel()
	err := tokens.Close(quick)
	if err == nil {
		return
	}
	if quick.Err() == nil { // no renewal is under way: the store failed
		fmt.Fprintf(p.Stderr, "The tokens that Twitch has issued could not be stored: %v\n", err)
		return
	}
	fmt.Fprintln(p.Stderr, "A token renewal is under way; waiting for it, since ending now could lose the login.")
	patient, cancel := context.WithTimeout(ctx, time.Minute) // longer than a renewal may take
	defer cancel()
	if err := tokens.Close(patient); err != nil {
		fmt.Fprintf(p.Stderr, "The token renewal did not end in time: %v\n", err)
	}
}

// all returns every stored user token, in the order of user IDs.
func (a *app) all(ctx context.Context) ([]oauth.Token, error) {
	users, err := a.manager().List(ctx)
	if err != nil {
		return nil, err
	}
	var tokens []oauth.Token
	for _, u := range users {
		t, err := a.store.Load(ctx, u.ID)
		if errors.Is(err, oauth.ErrNoToken) {
			continue // removed in the meantime
		}
		if err != nil {
			return nil, err
		}
		tokens = append(tokens, t)
	}
	return tokens, nil
}

// find returns the stored tokens of users, by login or ID; of all users if none is given.
func (a *app) find(ctx context.Context, users []string) ([]oauth.Token, error) {
	all, err := a.all(ctx)
	if err != nil || len(users) == 0 {
		return all, err
	}
	var found []oauth.Token
	for _, user := range users {
		if !isLogin(user) {
			return nil, usageError{errNotALogin} // it may be a token, which is not repeated
		}
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
		return "no account has logged in"
	}
	logins := make([]string, len(tokens))
	for i, t := range tokens {
		logins[i] = t.Login
	}
	return "logged in: " + strings.Join(logins, ", ")
}
