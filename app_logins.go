package larkspur

import (
	"context"
	"fmt"

	"github.com/larkspur-dev/larkspur/eventsub"
	"github.com/larkspur-dev/larkspur/oauth"
)

// watchAuthorizations registers handlers for users who connect and disconnect the
// application.
func (a *App) watchAuthorizations() {
	eventsub.On(a.Mux, func(ctx context.Context, e *eventsub.UserAuthorizationRevoke) error {
		return a.disconnected(ctx, e.UserID)
	}, eventsub.Named("larkspur: user disconnected"))
	eventsub.On(a.Mux, func(ctx context.Context, e *eventsub.UserAuthorizationGrant) error {
		return a.connected(ctx, e.UserID)
	}, eventsub.Named("larkspur: user connected"))
}

// disconnected removes a channel whose user has disconnected the application, unless the
// user has logged in again since then.
func (a *App) disconnected(ctx context.Context, userID string) error {
	err := checkToken(ctx, a.Tokens, userID)
	if err == nil {
		a.again(userID) // some subscriptions were revoked before the new login
		return nil
	}
	a.lose(userID, err)
	if loginRequired(err) {
		return nil
	}
	return fmt.Errorf("larkspur: token of user %s not checked: %w", userID, err)
}

// connected adds a channel whose user has connected the application, if the login is in
// the store: another process may have stored it.
func (a *App) connected(ctx context.Context, userID string) error {
	err := checkToken(ctx, a.Tokens, userID)
	switch {
	case err == nil:
		a.again(userID)
	case loginRequired(err): // the login is not finished yet, or took place elsewhere
	default:
		return fmt.Errorf("larkspur: token of user %s not checked: %w", userID, err)
	}
	return nil
}

// authorized is called after a login on the App's own page.
func (a *App) authorized(ctx context.Context, u oauth.User) error {
	a.again(u.ID)
	if a.o.Web.OnAuthorized != nil {
		return a.o.Web.OnAuthorized(ctx, u)
	}
	return nil
}

// again adds the channel of a user with a new login. If the user is the bot, all channels
// are tried again.
func (a *App) again(userID string) {
	a.mu.Lock()
	isBot := userID == a.botID
	a.mu.Unlock()
	if isBot {
		a.Add(a.Channels()...)
		return
	}
	a.Add(userID)
}

// loginLost is called for each login that is lost.
func (a *App) loginLost(e *oauth.LoginError) {
	if e.UserID == "" {
		a.mu.Lock()
		fail := a.fail
		a.mu.Unlock()
		if fail != nil {
			fail(fmt.Errorf("larkspur: the application's own token: %w", e))
		}
		return
	}
	a.lose(e.UserID, e)
}

// lose removes a channel for a reason that is reported. The bot's login is only reported,
// and so is that of a channel in the options.
func (a *App) lose(userID string, reason error) {
	a.mu.Lock()
	isBot, isFixed := userID == a.botID, a.fixed[userID]
	if !isFixed && a.removeLocked(userID) {
		a.tellLocked(change{userID: userID, reason: reason})
	}
	a.mu.Unlock()
	switch {
	case isBot:
		a.log.Error("the bot must log in", "user_id", userID, "url", a.BotLoginURL(), "error", reason)
	case isFixed:
		a.log.Warn("a channel has no login any more", "broadcaster_id", userID, "error", reason)
	}
}
