package daemon

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/larkspur-dev/larkspur/helix"
	"github.com/larkspur-dev/larkspur/oauth"
)

// An account is a user on Twitch.
type account struct{ ID, Login string }

// accounts are the two accounts of a bot. They are the same account unless the bot has
// one of its own.
type accounts struct {
	broadcaster account // owns the channel
	bot         account // talks and moderates; its token is known
}

// signIn determines the accounts: it looks the channel up, exchanges the codes whose
// tokens are not stored yet, and chooses the account that writes in chat.
func (s *signer) signIn(ctx context.Context) (accounts, error) {
	t := s.cfg.Twitch
	var who accounts
	err := untilReachable(ctx, s.say, func() error {
		if err := s.checkClient(ctx); err != nil {
			return err
		}
		user, err := s.tw.Users.ByLogin(ctx, t.Channel)
		if err == nil {
			who.broadcaster = account{user.ID, user.Login}
		}
		return s.explain("", err)
	})
	if err != nil {
		return who, err
	}
	users, err := s.tokens.List(ctx)
	if err != nil {
		return who, err
	}
	other := func(u oauth.User) bool {
		return u.ID != who.broadcaster.ID && (t.BotName == "" || strings.EqualFold(u.Login, t.BotName))
	}
	if lost := stored(users, other); lost != nil && lost.Problem != "" && t.Code == "" && t.BotCode == "" {
		return who, s.botLost(lost)
	}
	if usable(users, func(oauth.User) bool { return true }) == nil || lostLogin(users, who.broadcaster.ID) {
		if users, err = s.exchange(ctx, channelCode, users); err != nil {
			return who, err
		}
	}
	if t.BotCode != "" && usable(users, other) == nil {
		if users, err = s.exchange(ctx, botCode, users); err != nil {
			return who, err
		}
	}
	bot := stored(users, other)
	if bot != nil && bot.Problem != "" {
		return who, s.botLost(bot) // the bot must not suddenly write as another account
	}
	if users, err = s.cover(ctx, users); err != nil {
		return who, err
	}
	bot = usable(users, other)
	if bot == nil && namesBot(t) {
		return who, s.botMissing()
	}
	if bot == nil {
		bot = usable(users, func(u oauth.User) bool { return u.ID == who.broadcaster.ID })
	}
	if bot == nil {
		return who, s.loginNeeded(channelCode, nil)
	}
	who.bot = account{bot.ID, bot.Login}
	s.forget(ctx)
	s.say.note(ctx, fmt.Sprintf("in the channel %s as %s", who.broadcaster.Login, who.bot.Login))
	if who.bot == who.broadcaster {
		s.say.note(ctx, who.bot.Login+" is the bot too, so what "+who.bot.Login+" writes in chat triggers nothing; try commands from another account")
	}
	return who, nil
}

// checkClient requests an app token and drops it: stored tokens work with a wrong
// client secret too, until the first of them is to be renewed, hours later.
func (s *signer) checkClient(ctx context.Context) error {
	_, err := s.tokens.Client().AppToken(ctx)
	return s.explain("", err)
}

// A signer exchanges codes and explains failures.
type signer struct {
	cfg    *Config
	tokens *oauth.Manager
	tw     *helix.Client
	say    *announcer
	lost   chan *oauth.LoginError // logins that Twitch no longer accepts
	flags  string                 // for the command that logs in
	tried  []string               // keys whose code was tried
	said   map[string]string      // reported problems of logins, by user
}

// lostLogin reports whether the broadcaster's token is stored but no longer valid.
func lostLogin(users []oauth.User, broadcasterID string) bool {
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

// The keys of the configuration that hold codes.
const (
	channelCode = "code"
	botCode     = "bot-code"
)

// exchange turns the code of a key into a stored token and returns all users
// afterwards.
func (s *signer) exchange(ctx context.Context, key string, users []oauth.User) ([]oauth.User, error) {
	code := s.code(key)
	if code == "" {
		return users, s.loginNeeded(key, nil)
	}
	s.tried = append(s.tried, key)
	err := untilReachable(ctx, s.say, func() error {
		user, err := s.tokens.AddCode(ctx, code, s.cfg.Twitch.Redirect)
		if err == nil {
			s.say.note(ctx, "logged in as "+user.Login)
		}
		return s.explain(key, err)
	})
	if err != nil {
		return users, err
	}
	return s.tokens.List(ctx)
}

// forget discards reports about logins that a new login has replaced.
func (s *signer) forget(ctx context.Context) {
	for range len(s.lost) {
		e := <-s.lost
		s.say.log.DebugContext(ctx, "this login was lost before", "error", e)
	}
}

// watch returns an error when Twitch revokes the bot's login, because only a new code
// helps then. If the channel's login is lost, the bot continues.
func (s *signer) watch(ctx context.Context, who accounts) error {
	for {
		select {
		case <-ctx.Done():
			return ctx.Err()
		case e := <-s.lost:
			if e.UserID != who.bot.ID && e.UserID != who.broadcaster.ID || s.said[e.UserID] == e.Reason {
				s.say.log.DebugContext(ctx, "a stored login is lost", "error", e) // another bot's, or already reported at the start
				continue
			}
			if _, err := s.tokens.Token(ctx, e.UserID); err == nil {
				continue // the user has logged in again meanwhile
			}
			key := channelCode
			if e.UserID != who.broadcaster.ID {
				key = botCode
			}
			err := s.loginNeeded(key, e)
			if e.UserID == who.bot.ID {
				return err
			}
			s.say.warn(ctx, "Twitch no longer accepts the login of "+who.broadcaster.Login+": it was revoked, or the password changed; run: "+s.command(ChannelAccount))
		}
	}
}

// botLost explains that the bot's own login is stored but no longer valid, and how to
// continue: with that account after a new login, or without an account of its own.
func (s *signer) botLost(u *oauth.User) error {
	err := s.loginNeeded(botCode, &oauth.LoginError{UserID: u.ID, Login: u.Login, Reason: u.Problem})
	logout := strings.TrimSpace("larkspur logout " + Quote(u.Login) + " --config " + Quote(s.cfg.File) + " " + s.flags)
	return setup(err, "%v\nIf the bot is to talk as %s from now on, run:\n  %s", err, s.cfg.Twitch.Channel, logout)
}

// botMissing explains that the account under bot-name has not logged in. The bot does
// not talk as another account in the meantime.
func (s *signer) botMissing() error {
	t := s.cfg.Twitch
	return setup(nil, "%s (bot-name) has not logged in, so the bot does not start: it would talk as another account. Log in as %s with:\n  %s\nIf the bot is to talk as %s, remove bot-name from %s",
		t.BotName, t.BotName, s.command(BotAccount), t.Channel, s.cfg.File)
}
