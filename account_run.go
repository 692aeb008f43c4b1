package larkspur

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"sync"

	"github.com/larkspur-dev/larkspur/oauth"
)

var errRan = errors.New("larkspur: Run was called before")

// Run logs in, subscribes to what has a handler, keeps the token valid, and handles
// events until ctx ends, which is no error. It may be called once.
//
// Failures of the network do not end it, also not at the start. It returns a
// [LoginError] if the account's login is lost for good: Twitch no longer accepts the
// token and refuses to renew it, because the user has disconnected the application or
// changed the password. If the login of another user is lost, whose token some conditions
// need, only these are refused. It also returns an error of Setup, and mistakes in the
// options.
//
// When Run returns, all its goroutines have ended. It waits up to five seconds for
// handlers, and for a token that is being renewed, because stopping then could lose the
// login.
func (a *Account) Run(ctx context.Context) error {
	if !a.progress.begin() {
		return errRan
	}
	err := a.run(ctx)
	if ctx.Err() != nil {
		err = nil
	}
	a.progress.end(err)
	return err
}

func (a *Account) run(ctx context.Context) error {
	defer parts{mux: a.Mux, tokens: a.Tokens}.finish(ctx, a.log)
	defer a.bots.drain(ctx, a.log) // before the tokens are closed
	running, fail := context.WithCancelCause(ctx)
	defer fail(nil)
	a.setFail(fail)
	defer a.setFail(nil)
	if err := a.logInPatiently(running); err != nil {
		return err
	}
	a.bots.know(a.User().ID, a.ChannelID())
	if a.o.Setup != nil {
		if err := a.o.Setup(running); err != nil {
			return fmt.Errorf("larkspur: setup: %w", err)
		}
	}
	a.warnOfScopes(ctx)
	if err := a.WantHandled(); err != nil {
		a.log.WarnContext(ctx, "not all handlers have a subscription", "error", err)
	}
	close(a.progress.wanted)

	var work sync.WaitGroup
	work.Go(func() { fail(a.explain(a.Session.Run(running))) })
	work.Go(func() { _ = a.Tokens.Run(running) }) // returns nil, and only when running ends
	work.Go(func() { a.tellReady(running) })
	work.Go(func() { a.bots.run(running) })
	work.Wait()
	return context.Cause(running)
}

func (a *Account) setFail(fail context.CancelCauseFunc) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.fail = fail
}

// loginLost ends Run if the login of the account is lost.
func (a *Account) loginLost(e *oauth.LoginError) {
	a.mu.Lock()
	fail, me := a.fail, a.me
	a.mu.Unlock()
	if fail != nil && me.ID != "" && e.UserID == me.ID {
		fail(a.loginError(me.Login, e))
	}
}

// explain adds to an error of the session how to log in.
func (a *Account) explain(err error) error {
	if loginRequired(err) {
		return a.loginError(a.User().Login, err)
	}
	return err
}

// warnOfScopes logs what the login cannot be used for.
func (a *Account) warnOfScopes(ctx context.Context) {
	me := a.User()
	missing := oauth.MissingNeeds(a.needs(), me.Scopes, a.roles()...)
	if len(missing) == 0 {
		return
	}
	e := a.loginError(me.Login, nil)
	a.log.WarnContext(ctx, "the login lacks scopes; log in again to grant them", missingAttrs(missing), slog.String("login", me.Login), slog.String("url", e.URL))
}

// tellReady waits for the account to be ready, and reports it.
func (a *Account) tellReady(ctx context.Context) {
	if a.Session.Ready(ctx) != nil {
		return
	}
	results := a.Session.Results()
	level, attrs := describe(results)
	a.log.LogAttrs(ctx, level, "ready", attrs...)
	if a.o.OnReady != nil {
		a.o.OnReady(ctx, results)
	}
}
