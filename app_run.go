package larkspur

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"time"

	"github.com/larkspur-dev/larkspur/internal/retry"

	"github.com/larkspur-dev/larkspur/helix"
	"github.com/larkspur-dev/larkspur/oauth"
)

// appCheck is how often the app token, and the users in the store, are looked at.
const appCheck = 10 * time.Minute

var errNoSecret = errors.New("larkspur: an App needs the secret of the application, because its subscriptions use the app token; find it at https://dev.twitch.tv/console/apps")

// Run adds the channels, subscribes to what has a handler, keeps the tokens valid, and
// handles events until ctx ends, which is no error. It may be called once.
//
// Failures of the network do not end it, also not at the start, and neither does the lost
// login of a channel or of the bot: a channel is removed and reported to OnRemoved. Run
// returns an error if Twitch refuses the application itself, because the client secret is
// wrong; it is checked at the start and every ten minutes. It also returns errors of Setup
// and of the transport, and mistakes in the options.
//
// When Run returns, all its goroutines have ended. It waits up to five seconds for
// handlers, and for a token that is being renewed, because stopping then could lose the
// login. The subscriptions stay at Twitch.
func (a *App) Run(ctx context.Context) error {
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

func (a *App) run(ctx context.Context) error {
	defer parts{mux: a.Mux, tokens: a.Tokens}.finish(ctx, a.log)
	defer a.bots.drain(ctx, a.log) // before the tokens are closed
	if err := errors.Join(a.err, a.checkOptions()); err != nil {
		return err
	}
	running, fail := context.WithCancelCause(ctx)
	defer fail(nil)
	if err := a.start(running); err != nil {
		return err
	}
	a.mu.Lock()
	botID := a.botID
	a.mu.Unlock()
	a.bots.know(botID, "")
	if a.o.Setup != nil {
		if err := a.o.Setup(running); err != nil {
			return fmt.Errorf("larkspur: setup: %w", err)
		}
	}
	a.mu.Lock()
	a.fail = fail
	a.mu.Unlock()
	defer a.stop()
	if err := a.WantHandled(); err != nil {
		a.log.WarnContext(ctx, "not all handlers have a subscription", "error", err)
	}
	l, err := a.listen(running)
	if err != nil {
		return err
	}
	close(a.progress.wanted)

	var work sync.WaitGroup
	work.Go(func() { fail(a.events.Run(running)) })
	work.Go(func() { _ = a.Tokens.Run(running) }) // returns nil, and only when running ends
	work.Go(func() { a.tellAll(running) })
	work.Go(func() { a.bots.run(running) })
	work.Go(func() { a.check(running, fail) })
	if l != nil {
		work.Go(func() { fail(a.serve(running, l)) })
	}
	work.Wait()
	return context.Cause(running)
}

func (a *App) stop() {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.fail = nil
}

func (a *App) checkOptions() error {
	if a.bots.any() && a.o.Bot == "" {
		return errNoBot
	}
	if !a.secret {
		return errNoSecret
	}
	if a.o.RedirectURI != "" {
		_, err := a.web.handler(a)
		return err
	}
	return nil
}

// start checks the client secret and finds the channels. It repeats what fails for a
// reason that may pass.
func (a *App) start(ctx context.Context) error {
	wait := retry.Backoff{Min: time.Second, Max: time.Minute}
	for {
		err := a.startOnce(ctx)
		if err == nil || ctx.Err() != nil || !temporary(err) {
			return err
		}
		pause := wait.Next()
		a.log.WarnContext(ctx, "not started yet", "error", err, "retry_in", pause)
		if err := retry.Sleep(ctx, pause); err != nil {
			return err
		}
	}
}

func (a *App) startOnce(ctx context.Context) error {
	// A stored app token works with a wrong secret too, until it is to be renewed.
	if _, err := a.Tokens.Client().AppToken(ctx); err != nil {
		return fmt.Errorf("larkspur: %w", err)
	}
	ids, err := a.lookUp(ctx, a.o.Channels)
	if err != nil {
		return fmt.Errorf("larkspur: option Channels: %w", err)
	}
	if a.o.Bot != "" {
		bot, err := a.lookUp(ctx, []string{a.o.Bot})
		if err != nil {
			return fmt.Errorf("larkspur: option Bot: %w", err)
		}
		a.mu.Lock()
		a.botID = bot[0]
		a.mu.Unlock()
	}
	if _, err := a.Tokens.FinishLogins(ctx); err != nil {
		a.log.WarnContext(ctx, "a kept login is not finished yet", "error", err)
	}
	a.mu.Lock()
	for _, id := range ids {
		a.fixed[id] = true
	}
	a.mu.Unlock()
	a.Add(ids...)
	return a.addStored(ctx)
}

// lookUp returns the ids of users, in the order of their login names.
func (a *App) lookUp(ctx context.Context, logins []string) ([]string, error) {
	if len(logins) == 0 {
		return nil, nil
	}
	users, err := a.Twitch.As("").Users.Get(ctx, helix.GetUsersParams{Logins: logins})
	if err != nil {
		return nil, err
	}
	byLogin := map[string]string{}
	for _, u := range users {
		byLogin[u.Login] = u.ID
	}
	ids := make([]string, len(logins))
	for i, login := range logins {
		if ids[i] = byLogin[strings.ToLower(login)]; ids[i] == "" {
			return nil, fmt.Errorf("there is no user %q: %w", login, helix.ErrNotFound)
		}
	}
	return ids, nil
}

// addStored adds the users who have a login in the store, except for those who have left.
func (a *App) addStored(ctx context.Context) error {
	users, err := a.Tokens.List(ctx)
	if err != nil {
		return fmt.Errorf("larkspur: logins not listed: %w", err)
	}
	var fresh []string
	a.mu.Lock()
	for _, u := range users {
		if u.Problem == "" && u.ID != a.botID && !a.channels[u.ID] && !a.left[u.ID] {
			fresh = append(fresh, u.ID)
		}
	}
	a.mu.Unlock()
	if len(fresh) > 0 {
		a.Add(fresh...)
	}
	return nil
}

// check looks at the app token and the users in the store from time to time.
func (a *App) check(ctx context.Context, fail context.CancelCauseFunc) {
	ticker := time.NewTicker(appCheck)
	defer ticker.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-ticker.C:
		}
		if err := checkToken(ctx, a.Tokens, ""); err != nil && ctx.Err() == nil {
			if !temporary(err) {
				fail(fmt.Errorf("larkspur: the application's own token: %w", err))
				return
			}
			a.log.WarnContext(ctx, "app token not checked", "error", err)
		}
		if err := a.addStored(ctx); err != nil {
			a.log.WarnContext(ctx, "channels not compared with the store", "error", err)
		}
	}
}

// checkToken returns nil if Twitch accepts the token of a user, or the app token, which
// is renewed if need be.
func checkToken(ctx context.Context, tokens *oauth.Manager, userID string) error {
	token, err := tokens.Token(ctx, userID)
	if err != nil {
		return err
	}
	valid, err := tokens.ValidToken(ctx, userID, token)
	if err == nil && !valid {
		_, err = tokens.Renew(ctx, userID, token)
	}
	return err
}
