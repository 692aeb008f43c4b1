package daemon

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/larkspur-dev/larkspur/helix"
	"github.com/larkspur-dev/larkspur/oauth"
)

// An account is somebody on Twitch.
type account struct{ ID, Login string }

// accounts are those the bot works with. They are the same account unless the
// bot has its own.
type accounts struct {
	broadcaster account // owns the channel
	bot         account // talks and moderates; its token is known
}

// errSetup marks what only the operator can mend.
var errSetup = errors.New("setup")

// A setupError is one sentence that says what to do.
type setupError struct {
	text string
	err  error
}

func (e *setupError) Error() string   { return e.text }
func (e *setupError) Unwrap() []error { return []error{errSetup, e.err} }

func setup(err error, format string, args ...any) error {
	return &setupError{text: fmt.Sprintf(format, args...), err: err}
}

// signIn finds out who the bot is: it looks the channel up, exchanges the codes
// whose tokens are not stored yet, and chooses the account that talks.
func signIn(ctx context.Context, cfg *Config, tokens *oauth.Manager, tw *helix.Client, say *announcer) (accounts, error) {
	t := cfg.Twitch
	s := &signer{cfg: cfg, tokens: tokens, say: say}
	var who accounts
	err := untilReachable(ctx, say, func() error {
		user, err := tw.Users.ByLogin(ctx, t.Channel)
		if err == nil {
			who.broadcaster = account{user.ID, user.Login}
		}
		return s.explain(err)
	})
	if err != nil {
		return who, err
	}
	users, err := tokens.List(ctx)
	if err != nil {
		return who, err
	}
	if usable(users, func(oauth.User) bool { return true }) == nil || s.lost(users, who.broadcaster.ID) {
		if users, err = s.exchange(ctx, t.Code, users); err != nil {
			return who, err
		}
	}
	other := func(u oauth.User) bool {
		return u.ID != who.broadcaster.ID && (t.BotName == "" || strings.EqualFold(u.Login, t.BotName))
	}
	if t.BotCode != "" && usable(users, other) == nil {
		if users, err = s.exchange(ctx, t.BotCode, users); err != nil {
			return who, err
		}
	}
	bot := usable(users, other)
	if bot == nil {
		bot = usable(users, func(u oauth.User) bool { return u.ID == who.broadcaster.ID })
	}
	if bot == nil {
		return who, s.loginNeeded(nil)
	}
	who.bot = account{bot.ID, bot.Login}
	say.note(ctx, fmt.Sprintf("in the channel %s as %s", who.broadcaster.Login, who.bot.Login))
	return who, nil
}

// A signer exchanges codes and explains failures.
type signer struct {
	cfg    *Config
	tokens *oauth.Manager
	say    *announcer
}

// lost reports whether the broadcaster's token is there but no longer good.
func (s *signer) lost(users []oauth.User, broadcasterID string) bool {
	return slices.ContainsFunc(users, func(u oauth.User) bool { return u.ID == broadcasterID && u.Problem != "" })
}

func usable(users []oauth.User, want func(oauth.User) bool) *oauth.User {
	for i, u := range users {
		if u.Problem == "" && want(u) {
			return &users[i]
		}
	}
	return nil
}

// exchange turns a code into a stored token and returns all users afterwards.
func (s *signer) exchange(ctx context.Context, code oauth.Secret, users []oauth.User) ([]oauth.User, error) {
	if code == "" {
		return users, s.loginNeeded(nil)
	}
	err := untilReachable(ctx, s.say, func() error {
		user, err := s.tokens.AddCode(ctx, code, s.cfg.Twitch.Redirect)
		if err == nil {
			s.say.note(ctx, "logged in as "+user.Login)
		}
		return s.explain(err)
	})
	if err != nil {
		return users, err
	}
	return s.tokens.List(ctx)
}

// explain turns Twitch's refusals into a sentence that says what to do.
func (s *signer) explain(err error) error {
	refusal, refused := errors.AsType[*oauth.Error](err)
	switch {
	case err == nil:
		return nil
	case errors.Is(err, helix.ErrNotFound):
		return setup(err, "there is no channel %q on Twitch; check connectors.twitch.channel", s.cfg.Twitch.Channel)
	case !refused || !final(err):
		return err
	case strings.Contains(strings.ToLower(refusal.Description), "client secret"):
		return setup(err, "Twitch does not accept the client secret; copy it again from https://dev.twitch.tv/console into client-secret")
	case strings.Contains(strings.ToLower(refusal.Description), "client"):
		return setup(err, "Twitch does not know the client id; copy it again from https://dev.twitch.tv/console into client-id")
	case strings.Contains(strings.ToLower(refusal.Description), "code"):
		return s.loginNeeded(err)
	}
	return setup(err, "Twitch refused the login: %v", err)
}

// loginNeeded says where a new code comes from.
func (s *signer) loginNeeded(err error) error {
	why := "no login is stored and there is no code"
	if err != nil {
		why = "Twitch does not accept the code: codes work once and for a few minutes"
	}
	url := s.tokens.Client().AuthorizeURL(oauth.Authorization{
		RedirectURI: s.cfg.Twitch.Redirect, Scopes: s.cfg.Scopes().All(),
	})
	return setup(err, "%s; open %s, agree, and copy the code from the address you are sent to into connectors.twitch.code", why, url)
}
