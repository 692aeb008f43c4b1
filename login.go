package larkspur

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/larkspur-dev/larkspur/internal/retry"

	"github.com/larkspur-dev/larkspur/oauth"
)

var errNotLoggedIn = errors.New("larkspur: not logged in yet: call LogIn or Run")

// LogIn logs the account in, with the login in the store or, if that has none that
// Twitch accepts, with what the options have. It asks Twitch whether the token is valid,
// and finds the channel. Run calls it; call it before to use the account without Run, or
// to know the account earlier. After a success it returns the same account again.
//
// It returns a [LoginError] if a user has to do something. It does not retry: other
// errors may be temporary.
func (a *Account) LogIn(ctx context.Context) (oauth.User, error) {
	if a.err != nil {
		return oauth.User{}, a.err
	}
	select {
	case a.turn <- struct{}{}:
		defer func() { <-a.turn }()
	case <-ctx.Done():
		return oauth.User{}, context.Cause(ctx)
	}
	if me := a.User(); me.ID != "" {
		return me, nil
	}
	me, err := a.logIn(ctx)
	if err != nil {
		return oauth.User{}, err
	}
	channelID := me.ID
	if a.o.Channel != "" && !strings.EqualFold(a.o.Channel, me.Login) {
		channel, err := a.Twitch.As(me.ID).Users.ByLogin(ctx, a.o.Channel)
		if err != nil {
			return oauth.User{}, fmt.Errorf("larkspur: option Channel: %w", err)
		}
		channelID = channel.ID
	}
	a.mu.Lock()
	a.me, a.channelID = me, channelID
	a.mu.Unlock()
	if a.o.Session.UserID == "" {
		a.Session.SetUserID(me.ID)
	}
	a.log.InfoContext(ctx, "logged in", "user_id", me.ID, "login", me.Login, "broadcaster_id", channelID)
	return me, nil
}

// logIn returns a user whose token Twitch accepts.
func (a *Account) logIn(ctx context.Context) (oauth.User, error) {
	if _, err := a.Tokens.FinishLogins(ctx); err != nil {
		a.log.WarnContext(ctx, "a kept login is not finished yet", "error", err)
	}
	stored, found, err := a.stored(ctx)
	if err != nil {
		return oauth.User{}, err
	}
	if !found && a.o.Code == "" && a.o.RefreshToken == "" && a.o.OnDevice == nil {
		return oauth.User{}, a.loginError("", nil)
	}
	if a.secret {
		// A stored token works with a wrong secret too, until it is to be renewed.
		if _, err := a.Tokens.Client().AppToken(ctx); err != nil {
			return oauth.User{}, fmt.Errorf("larkspur: %w", err)
		}
	}
	var lost error
	if found {
		if lost = checkToken(ctx, a.Tokens, stored.ID); lost == nil {
			return stored, nil
		}
		if !loginRequired(lost) {
			return oauth.User{}, fmt.Errorf("larkspur: log in: %w", lost)
		}
	}
	me, tried, err := a.logInAnew(ctx)
	switch {
	case !tried:
		return oauth.User{}, a.loginError(stored.Login, lost)
	case err != nil && temporary(err), ctx.Err() != nil:
		return oauth.User{}, fmt.Errorf("larkspur: log in: %w", err)
	case err != nil:
		return oauth.User{}, a.loginError(stored.Login, err)
	case a.o.Login != "" && !strings.EqualFold(a.o.Login, me.Login):
		return oauth.User{}, a.loginError(a.o.Login, fmt.Errorf("%s has logged in instead of %s", me.Login, a.o.Login))
	}
	return me, nil
}

// stored returns the login in the store that is to be used, also if Twitch no longer
// accepts it.
func (a *Account) stored(ctx context.Context) (oauth.User, bool, error) {
	users, err := a.Tokens.List(ctx)
	if err != nil {
		return oauth.User{}, false, fmt.Errorf("larkspur: log in: %w", err)
	}
	var good, lost []oauth.User
	var names []string
	for _, u := range users {
		switch {
		case a.o.Login != "" && !strings.EqualFold(a.o.Login, u.Login):
		case u.Problem != "":
			lost = append(lost, u)
		default:
			good, names = append(good, u), append(names, u.Login)
		}
	}
	switch {
	case len(good) > 1:
		return oauth.User{}, false, fmt.Errorf("larkspur: the store has the logins of %s: set AccountOptions.Login to one of them", strings.Join(names, ", "))
	case len(good) == 1:
		return good[0], true, nil
	case len(lost) == 1:
		return lost[0], true, nil
	}
	return oauth.User{}, false, nil
}

// logInAnew logs in with what the options have; tried is false if they have nothing.
func (a *Account) logInAnew(ctx context.Context) (me oauth.User, tried bool, err error) {
	if a.o.Code != "" {
		me, err = a.Tokens.AddCode(ctx, a.o.Code, a.o.RedirectURI)
		if tried = true; err == nil || temporary(err) || ctx.Err() != nil {
			return me, true, err
		}
	}
	if a.o.RefreshToken != "" {
		me, err = a.Tokens.Add(ctx, oauth.Token{RefreshToken: a.o.RefreshToken})
		if tried = true; err == nil || temporary(err) || ctx.Err() != nil {
			return me, true, err
		}
	}
	if a.o.OnDevice == nil {
		return me, tried, err
	}
	device, err := a.Tokens.Client().StartDevice(ctx, a.Scopes())
	if err != nil {
		return me, true, err
	}
	a.o.OnDevice(device)
	token, err := a.Tokens.Client().WaitDevice(ctx, device)
	if err != nil {
		return me, true, err
	}
	me, err = a.Tokens.Add(ctx, token)
	return me, true, err
}

// logInPatiently is LogIn, repeated while what fails is temporary.
func (a *Account) logInPatiently(ctx context.Context) error {
	wait := retry.Backoff{Min: time.Second, Max: time.Minute}
	for {
		_, err := a.LogIn(ctx)
		if err == nil || ctx.Err() != nil || !temporary(err) {
			return err
		}
		pause := wait.Next()
		a.log.WarnContext(ctx, "not logged in yet", "error", err, "retry_in", pause)
		if err := retry.Sleep(ctx, pause); err != nil {
			return err
		}
	}
}

// loginError returns an error that tells the user to log in.
func (a *Account) loginError(login string, reason error) *LoginError {
	if login == "" {
		login = a.o.Login
	}
	e := &LoginError{Login: login, Scopes: a.Scopes(), Err: reason}
	if a.o.RedirectURI != "" {
		e.URL = a.Tokens.Client().AuthorizeURL(oauth.Authorization{RedirectURI: a.o.RedirectURI, Scopes: e.Scopes})
	}
	return e
}

// roles are what the account is in the channel.
func (a *Account) roles() []oauth.Role {
	login := a.o.Login
	if me := a.User(); me.ID != "" {
		login = me.Login
	}
	if a.o.Channel == "" || strings.EqualFold(a.o.Channel, login) {
		return nil // all
	}
	return []oauth.Role{oauth.RoleBot, oauth.RoleModerator}
}
