package daemon

import (
	"errors"
	"fmt"
	"strings"

	"github.com/larkspur-dev/larkspur/helix"
	"github.com/larkspur-dev/larkspur/oauth"
)

// errSetup marks errors that only the operator can fix.
var errSetup = errors.New("setup")

// A setupError is one sentence that tells the operator what to do.
type setupError struct {
	text string
	err  error
}

func (e *setupError) Error() string   { return e.text }
func (e *setupError) Unwrap() []error { return []error{errSetup, e.err} }

func setup(err error, format string, args ...any) error {
	return &setupError{text: fmt.Sprintf(format, args...), err: err}
}

// explain turns Twitch's refusals into a sentence that says what to do. key names
// the code that was tried.
func (s *signer) explain(key string, err error) error {
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
		return s.loginNeeded(key, err)
	}
	return setup(err, "Twitch refused the login: %v", err)
}

// loginNeeded explains how to get a new code for a key. If the bot has an account of
// its own, it requests from each account only the scopes that this account must grant.
func (s *signer) loginNeeded(key string, err error) error {
	why := "no login is stored and there is no code"
	if lost, ok := errors.AsType[*oauth.LoginError](err); ok {
		why = "Twitch no longer accepts the login of " + lost.Login + ": it was revoked, or the password changed"
	} else if err != nil {
		why = "Twitch does not accept the " + key + ": codes work once and for a few minutes"
	}
	needs := s.cfg.Scopes()
	scopes, account, role := needs.All(), "", ""
	switch {
	case key == botCode:
		scopes, account, role = needs.Bot, " as the bot", BotAccount
	case s.cfg.Twitch.BotCode != "":
		scopes, account, role = needs.Broadcaster, " as "+s.cfg.Twitch.Channel, ChannelAccount
	}
	// The simple way comes first, on its own line, so that it can be copied.
	url := s.tokens.Client().AuthorizeURL(oauth.Authorization{RedirectURI: s.cfg.Twitch.Redirect, Scopes: scopes})
	return setup(err, "%s. To log in, run:\n  %s\nOr open %s%s, agree, and copy the code from the address you are sent to into connectors.twitch.%s",
		why, s.command(role), url, account, key)
}
