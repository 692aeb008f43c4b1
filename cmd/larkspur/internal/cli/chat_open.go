package cli

import (
	"context"
	"fmt"
	"net"
	"slices"
	"strings"
	"time"

	"github.com/larkspur-dev/larkspur/chat"
	"github.com/larkspur-dev/larkspur/irc"
	"github.com/larkspur-dev/larkspur/oauth"
)

// Scopes of chat.
const (
	scopeRead      = "chat:read"
	scopeWrite     = "user:write:chat" // over Helix
	scopeWriteOver = "chat:edit"       // over IRC
)

// A chatAccount is the account that reads and writes.
type chatAccount struct {
	api  *apiSession // nil: reading without an account
	user oauth.User
	addr string                                                            // of IRC
	dial func(ctx context.Context, network, addr string) (net.Conn, error) // nil: as usual; for tests

	helix, irc bool // the ways in which it may write
}

// openAndChat logs in and runs the command.
func openAndChat(ctx context.Context, p Process, f *chatFlags, channels []string) error {
	if f.anonymous {
		f.app.config = ""          // not needed, so a mistake in it does not matter
		a, err := newApp(p, f.app) //nolint:contextcheck // without a configuration, it reads nothing
		if err != nil {
			return err
		}
		return runChat(ctx, p, f, &chatAccount{addr: a.addresses.IRC}, asChannels(channels))
	}
	s, err := openAPI(ctx, p, f.app)
	if err != nil {
		return err
	}
	defer finish(ctx, p, s.tokens)
	a := &chatAccount{api: s, addr: s.addresses.IRC}
	if err := a.find(ctx, f); err != nil {
		return err
	}
	found, err := a.channels(ctx, channels)
	if err != nil {
		return err
	}
	return runChat(ctx, p, f, a, found)
}

func asChannels(logins []string) []channel {
	channels := make([]channel, len(logins))
	for i, login := range logins {
		channels[i].login = login
	}
	return channels
}

// find finds the account, and what it may do.
func (a *chatAccount) find(ctx context.Context, f *chatFlags) error {
	if err := a.api.become(ctx, ""); err != nil {
		return err
	}
	users := a.api.users
	i := slices.IndexFunc(users, func(u oauth.User) bool { return isUser(u, f.as) })
	switch {
	case f.as != "" && i < 0:
		return a.api.notLoggedIn(printable(f.as))
	case f.as != "":
		a.user = users[i]
	case len(users) == 1:
		a.user = users[0]
	case len(users) == 0:
		return fmt.Errorf("no account has logged in; --anonymous reads without one\nTo log in, run:\n  %s",
			f.app.command("larkspur login --scopes "+scopeRead+","+scopeWrite))
	default:
		return usageError{fmt.Errorf("choose whose login to use, with --as LOGIN; %s", a.api.loggedIn())}
	}
	scopes := a.user.Scopes
	if !slices.Contains(scopes, scopeRead) {
		return fmt.Errorf("%s has not granted %s; --anonymous reads without it\nTo grant it, run:\n  %s", a.user.Login, scopeRead, a.grant(f, scopeRead, scopeWrite))
	}
	a.helix, a.irc = slices.Contains(scopes, scopeWrite), slices.Contains(scopes, scopeWriteOver)
	a.api.tw = a.api.tw.As(a.user.ID)
	return nil
}

// grant returns the command that adds scopes to the account's login.
func (a *chatAccount) grant(f *chatFlags, scopes ...string) string {
	return f.app.command("larkspur login --user " + a.user.Login + " --add-scopes " + strings.Join(scopes, ","))
}

// channels finds the ids of channels.
func (a *chatAccount) channels(ctx context.Context, logins []string) ([]channel, error) {
	found, err := a.api.findUsers(ctx, logins)
	if err != nil {
		return nil, err
	}
	var channels []channel
	for _, login := range logins {
		if found[login].id == "" {
			return nil, usageError{fmt.Errorf("there is no channel %q on Twitch", login)}
		}
		channels = append(channels, found[login])
	}
	return channels, nil
}

// options returns the options of the client that reads chat.
func (a *chatAccount) options(channels []channel) irc.Options {
	o := irc.Options{Addr: a.addr, Dial: a.dial}
	for _, c := range channels {
		o.Channels = append(o.Channels, c.login)
	}
	if a.api == nil {
		return o
	}
	tokens, id := a.api.tokens, a.user.ID
	o.Login = a.user.Login
	o.Token = func(ctx context.Context) (string, error) { return tokens.FreshToken(ctx, id, time.Minute) }
	o.RenewToken = func(ctx context.Context, stale string) (string, error) { return tokens.Renew(ctx, id, stale) }
	return o
}

// sender returns the way to write: over Helix if its scope was granted, else over IRC.
// It is nil if the account may only read.
func (a *chatAccount) sender(client *irc.Client) *chat.Sender {
	switch {
	case a.helix:
		return chat.NewSender(helixVoice{a.api.tw.Chat.Carrier(a.user.ID), client.Carrier(), a.user}, chat.SenderOptions{})
	case a.irc:
		return client.Sender()
	}
	return nil
}

// A helixVoice sends over Helix, and knows from IRC what the account is in a channel,
// which decides how much it may write.
type helixVoice struct {
	chat.Carrier
	irc  chat.Carrier
	user oauth.User
}

// Roles implements what [chat.Carrier] describes.
func (v helixVoice) Roles(c chat.User) (roles chat.Roles, known bool) {
	if r, ok := v.irc.(interface {
		Roles(channel chat.User) (roles chat.Roles, known bool)
	}); ok {
		return r.Roles(c)
	}
	return 0, false
}

// Account implements what [chat.Carrier] describes.
func (v helixVoice) Account() chat.User { return chat.User{ID: v.user.ID, Login: v.user.Login} }
