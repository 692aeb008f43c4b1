package daemon

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/larkspur-dev/larkspur/oauth"
)

// cover compares what the stored logins grant with what the configuration needs.
// If scopes are missing, it tries a code that was not tried before, because that may be
// a new one. The bot also works without these scopes, as far as it can, so cover only
// reports them.
func (s *signer) cover(ctx context.Context, users []oauth.User) ([]oauth.User, error) {
	refused := map[string]bool{}
	for _, a := range s.cfg.Accounts(users, false) {
		key := keyOf(a)
		if a.Ready() || slices.Contains(s.tried, key) || s.code(key) == "" {
			continue
		}
		now, err := s.exchange(ctx, key, users)
		switch {
		case err == nil:
			users = now
		case errors.Is(err, errSetup):
			refused[key] = true
		default:
			return users, err
		}
	}
	accounts := s.cfg.Accounts(users, false)
	for _, a := range accounts {
		if a.Ready() {
			continue
		}
		if a.Stored != nil {
			s.said[a.Stored.ID] = a.Stored.Problem
		}
		text := a.Problem()
		if refused[keyOf(a)] {
			text += "; its " + keyOf(a) + " in the configuration is not accepted, codes work once and for a few minutes"
		}
		role := a.Role
		if len(accounts) == 1 {
			role = ""
		}
		s.say.warn(ctx, text+"; run: "+s.command(role))
	}
	return users, nil
}

// command returns the command that logs an account in.
func (s *signer) command(role string) string {
	return strings.TrimSpace(s.cfg.LoginCommand(role) + " " + s.flags)
}

// code returns the code under a key of the configuration.
func (s *signer) code(key string) oauth.Secret {
	if key == botCode {
		return s.cfg.Twitch.BotCode
	}
	return s.cfg.Twitch.Code
}

// keyOf returns the key that holds the code of an account.
func keyOf(a Account) string {
	if a.Role == BotAccount {
		return botCode
	}
	return channelCode
}

// Problem describes what is wrong with an account that is not ready.
func (a Account) Problem() string {
	switch {
	case a.Stored == nil && a.Login == "":
		return "the bot's account has not logged in"
	case a.Stored == nil:
		return a.Login + " has not logged in"
	case a.Stored.Problem != "":
		return fmt.Sprintf("%s must log in again: %s", a.Stored.Login, a.Stored.Problem)
	default:
		return fmt.Sprintf("%s has not granted %s", a.Stored.Login, strings.Join(a.Lacks(), " "))
	}
}
