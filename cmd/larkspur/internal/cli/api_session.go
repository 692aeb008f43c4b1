package cli

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/larkspur-dev/larkspur/cmd/larkspur/internal/daemon"
	"github.com/larkspur-dev/larkspur/helix"
	"github.com/larkspur-dev/larkspur/oauth"
)

// An apiSession is a client with the tokens of the state directory.
type apiSession struct {
	tw        *helix.Client
	tokens    *oauth.Manager
	users     []oauth.User // who has logged in
	addresses daemon.Addresses
	flags     appFlags // for commands in messages
	public    bool     // there is no client secret, and so no token of the application
}

// openAPI prepares calls of the application whose id is in the environment or in the
// configuration.
func openAPI(ctx context.Context, p Process, f appFlags) (*apiSession, error) {
	if f.config == "" && env(p, "TWITCH_CLIENT_ID") == "" {
		return nil, usageError{errors.New("TWITCH_CLIENT_ID is not set; the application's client id is at https://dev.twitch.tv/console")}
	}
	a, err := openApp(ctx, p, f)
	if err != nil {
		return nil, err
	}
	s := &apiSession{flags: f, public: a.secret == "", tokens: a.manager(), addresses: a.addresses}
	s.tw = helix.New(a.id, s.tokens, helix.Options{BaseURL: a.addresses.Helix})
	return s, nil
}

// become makes all calls use the token of a user, by login or ID; "" changes nothing.
func (s *apiSession) become(ctx context.Context, user string) error {
	var err error
	if s.users, err = s.tokens.List(ctx); err != nil || user == "" {
		return err
	}
	for _, u := range s.users {
		if strings.EqualFold(u.Login, strings.TrimPrefix(user, "@")) || u.ID == user {
			s.tw = s.tw.As(u.ID)
			return nil
		}
	}
	return s.notLoggedIn(user)
}

// call makes one call. If nothing says whose token to use, and the application's does not
// fit, it uses that of the only user who has logged in.
func (s *apiSession) call(ctx context.Context, params *apiParams) ([]byte, error) {
	e, in := params.endpoint, params.value.Interface()
	var answer []byte
	err := s.tw.Do(ctx, &helix.Call{Endpoint: e, Params: in, Out: &answer})
	missing, ok := errors.AsType[*helix.TokenError](err)
	if ok && missing.UserID == "" && e.Tokens.Has(helix.UserToken) && len(s.users) == 1 {
		s.tw = s.tw.As(s.users[0].ID)
		err = s.tw.Do(ctx, &helix.Call{Endpoint: e, Params: in, Out: &answer})
	}
	return answer, err
}

// explain turns an error of a call into a sentence that says what to do.
func (s *apiSession) explain(ctx context.Context, e *helix.Endpoint, err error) error {
	if err == nil || ctx.Err() != nil {
		return err
	}
	if wrong, ok := errors.AsType[*helix.ParamError](err); ok {
		return usageError{fmt.Errorf("%s: %s %s", e.Name, wrong.Param, wrong.Rule)}
	}
	if missing, ok := errors.AsType[*helix.ScopeError](err); ok {
		return fmt.Errorf("%s: %s has not granted %s; to grant it, run:\n  %s",
			e.Name, s.name(missing.UserID), scopeText(missing.Missing), s.flags.command("larkspur login --add-scopes "+strings.Join(missing.Missing.Minimal(), ",")))
	}
	token, ok := errors.AsType[*helix.TokenError](err)
	switch {
	case !ok:
		return err
	case token.UserID != "" && errors.Is(err, oauth.ErrNoToken):
		return fmt.Errorf("%s: %w", e.Name, s.notLoggedIn(s.name(token.UserID)))
	case e.Tokens == helix.UserToken && token.Err == nil:
		return usageError{fmt.Errorf("%s: choose whose token to use, with --as LOGIN; %s", e.Name, s.loggedIn())}
	case token.UserID == "" && s.public && e.Tokens.Has(helix.AppToken):
		return usageError{fmt.Errorf("%s: the application's token needs TWITCH_CLIENT_SECRET, a user's needs --as LOGIN; %s", e.Name, s.loggedIn())}
	case e.Tokens.Has(helix.JWT):
		return fmt.Errorf("%s: needs the signed token of an extension's back end, which this command cannot create", e.Name)
	default:
		return err
	}
}

// notLoggedIn reports that a user has no stored token, and how to get one.
func (s *apiSession) notLoggedIn(who string) error {
	return fmt.Errorf("%s has not logged in here; %s\nTo log in, run:\n  %s", who, s.loggedIn(), s.flags.command("larkspur login"))
}

func (s *apiSession) loggedIn() string {
	if len(s.users) == 0 {
		return "no account has logged in"
	}
	logins := make([]string, len(s.users))
	for i, u := range s.users {
		logins[i] = u.Login
	}
	return "logged in: " + strings.Join(logins, ", ")
}

// name returns the login of a user who has logged in, else "user ID".
func (s *apiSession) name(userID string) string {
	for _, u := range s.users {
		if u.ID == userID {
			return u.Login
		}
	}
	return "user " + userID
}

// scopeText formats required scopes: one of each group is enough.
func scopeText(scopes helix.Scopes) string {
	groups := make([]string, len(scopes))
	for i, g := range scopes {
		groups[i] = strings.Join(g, " or ")
	}
	return strings.Join(groups, " and ")
}
