package daemon

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/larkspur-dev/larkspur/eventsub"
	"github.com/larkspur-dev/larkspur/internal/retry"
	"github.com/larkspur-dev/larkspur/oauth"
)

// lookEvery is how often a fitter looks for new logins. It is short because the person
// who has just logged in is watching the screen.
const lookEvery = 5 * time.Second

// A fitter adapts the bot's subscriptions, and the way its messages go, to the granted scopes while the bot runs. It
// notices tokens that "larkspur login" or "larkspur token import" has stored.
type fitter struct {
	cfg     *Config
	store   oauth.Store
	tokens  *oauth.Manager
	who     accounts
	say     *announcer
	session eventSource
	voice   *speaker

	readsChat bool // over EventSub too
	lost      chan<- *oauth.LoginError

	wanted  map[string]eventsub.Condition // by key
	unheard map[string]bool               // sentences about events that the bot cannot receive
	seen    map[string]oauth.Token        // by user
}

// fit subscribes to the events that the granted scopes allow, unsubscribes from the
// others, and reports changes.
func (f *fitter) fit(ctx context.Context) {
	conditions, warnings := conditionsFor(ctx, f.cfg.Skills.Needs(), f.who, f.tokens)
	if f.readsChat {
		conditions = withChat(ctx, conditions, f.who, f.tokens)
	}
	now := map[string]eventsub.Condition{}
	var more, fewer []eventsub.Condition
	for _, c := range conditions {
		key := conditionKey(c)
		now[key] = c
		if f.wanted[key] == nil {
			more = append(more, c)
		}
	}
	for key, c := range f.wanted {
		if now[key] == nil {
			fewer = append(fewer, c)
		}
	}
	unheard := map[string]bool{}
	for _, w := range warnings {
		if unheard[w] = true; !f.unheard[w] {
			f.say.warn(ctx, w)
		}
	}
	first := f.wanted == nil
	f.wanted, f.unheard = now, unheard
	if first {
		f.say.expect(len(conditions))
	} else if len(more) > 0 {
		names := make([]string, len(more))
		for i, c := range more {
			names[i] = c.Type().Name
		}
		f.say.note(ctx, "heard from now on: "+strings.Join(names, ", "))
	}
	if len(fewer) > 0 {
		f.session.Unwant(fewer...)
	}
	f.session.Want(conditions...) // also retries failed subscriptions
}

// conditionKey returns the same key for conditions of the same subscription.
func conditionKey(c eventsub.Condition) string {
	return fmt.Sprint(c.Type(), c.Fields()) // fmt sorts the keys
}

// run looks for tokens that another process has stored, until ctx ends.
func (f *fitter) run(ctx context.Context) error {
	f.look(ctx) // as it was at the start
	for {
		if err := retry.Sleep(ctx, lookEvery); err != nil {
			return err
		}
		if f.look(ctx) {
			f.voice.choose(ctx)
			f.fit(ctx)
		}
	}
}

// look passes on tokens that have changed since the last call, and reports whether the
// scopes of a user have changed. It ignores errors of the store: the code that uses the
// tokens reports them.
func (f *fitter) look(ctx context.Context) (changed bool) {
	first := f.seen == nil
	if first {
		f.seen = map[string]oauth.Token{}
	}
	for _, a := range []account{f.who.bot, f.who.broadcaster} {
		t, err := f.store.Load(ctx, a.ID)
		if err != nil && !errors.Is(err, oauth.ErrNoToken) {
			continue
		}
		before := f.seen[a.ID]
		if f.seen[a.ID] = t; !first && t.Problem != "" && before.Problem == "" && a == f.who.bot {
			f.lose(ctx, before)
		}
		if first || t.AccessToken == before.AccessToken || t.Problem != "" || err != nil {
			continue
		}
		// Give this token to the users of the old one. Nothing is renewed: it is not stale.
		if _, err := f.tokens.Renew(ctx, a.ID, string(before.AccessToken)); err != nil {
			continue
		}
		if t.Scopes.String() != before.Scopes.String() || before.Problem != "" {
			f.say.note(ctx, fmt.Sprintf("%s has logged in and granted %s", a.Login, t.Scopes))
			changed = true
		}
	}
	return changed
}

// lose reports that the bot's login is lost, if another program has found that out:
// "larkspur doctor", for example.
func (f *fitter) lose(ctx context.Context, t oauth.Token) {
	_, err := f.tokens.Renew(ctx, t.UserID, string(t.AccessToken))
	if e, ok := errors.AsType[*oauth.LoginError](err); ok {
		select {
		case f.lost <- e:
		default: // the channel is full: the bot's login is in it, or the Manager will report it
		}
	}
}
