package cli

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"

	"golang.org/x/sync/errgroup"

	"github.com/larkspur-dev/larkspur/helix"
)

// requestsAtOnce is how many requests a command sends at the same time. The client
// itself observes Twitch's rate limit.
const requestsAtOnce = 8

// appHolder is the name of the application's own token.
const appHolder = "app"

// A heldSubscription is a subscription with the token that it belongs to.
type heldSubscription struct {
	helix.EventSubSubscription

	Token string `json:"token"`

	userID string // of the token's user; "" for the app token
}

// A tokenTotal is what the subscriptions of one token cost together, without filters.
type tokenTotal struct {
	Token        string `json:"token"`
	Total        int    `json:"total"`
	TotalCost    int    `json:"total_cost"`
	MaxTotalCost int    `json:"max_total_cost"`
}

// A finder finds subscriptions with all tokens that are stored.
type finder struct {
	s        *apiSession
	flags    *subscriptionFlags
	progress *progress

	aboutID string // id of the user in --user; "" without

	mu       sync.Mutex
	problems []error // guarded by mu
}

func newFinder(p Process, s *apiSession, f *subscriptionFlags) *finder {
	return &finder{s: s, flags: f, progress: newProgress(p)}
}

// all returns the subscriptions that match the flags, and the totals of each token. A
// token that fails is one of the problems.
func (f *finder) all(ctx context.Context) ([]heldSubscription, []tokenTotal, error) {
	holders, err := f.holders(ctx)
	if err != nil {
		return nil, nil, err
	}
	found, totals := make([][]heldSubscription, len(holders)), make([]*tokenTotal, len(holders))
	var g errgroup.Group
	g.SetLimit(requestsAtOnce)
	for i, h := range holders {
		g.Go(func() error {
			var err error
			if found[i], totals[i], err = f.of(ctx, h); err != nil {
				f.problem(fmt.Errorf("subscriptions of %s: %w", h.name, err))
			}
			return nil
		})
	}
	_ = g.Wait() // each error is a problem
	f.progress.clear()
	if ctx.Err() != nil {
		return nil, nil, errors.New("stopped")
	}
	var listed []tokenTotal
	for _, t := range totals {
		if t != nil {
			listed = append(listed, *t)
		}
	}
	return slices.Concat(found...), listed, nil
}

// of returns what one token has.
func (f *finder) of(ctx context.Context, h holder) ([]heldSubscription, *tokenTotal, error) {
	var found []heldSubscription
	total, err := pagesOf(ctx, f.s.tw.As(h.userID), helix.GetEventSubSubscriptionsParams{}, func(page []helix.EventSubSubscription) {
		f.mu.Lock()
		f.progress.page(len(page))
		f.mu.Unlock()
		for _, s := range page {
			if f.flags.matches(s) && (f.aboutID == "" || h.userID == f.aboutID || names(s, f.aboutID)) {
				found = append(found, heldSubscription{s, h.name, h.userID})
			}
		}
	})
	if err != nil {
		return found, nil, err
	}
	return found, &tokenTotal{h.name, total.Total, total.TotalCost, total.MaxTotalCost}, nil
}

// pagesOf calls each for every page, and returns the last, which has the totals.
func pagesOf(ctx context.Context, tw *helix.Client, params helix.GetEventSubSubscriptionsParams, each func(page []helix.EventSubSubscription)) (*helix.EventSubSubscriptionsPage, error) {
	for seen := map[string]bool{}; ; {
		page, err := tw.EventSub.GetSubscriptions(ctx, params)
		if err != nil {
			return nil, err
		}
		each(page.Items)
		switch {
		case page.Cursor == "":
			return page, nil
		case seen[page.Cursor]:
			return nil, errLoop
		}
		seen[page.Cursor] = true
		params.After = page.Cursor
	}
}

// byID returns the subscription with an id, of the first token that has it.
func (f *finder) byID(ctx context.Context, holders []holder, id string) (heldSubscription, error) {
	var errs []error
	for _, h := range holders {
		page, err := f.s.tw.As(h.userID).EventSub.GetSubscriptions(ctx, helix.GetEventSubSubscriptionsParams{SubscriptionID: id})
		switch {
		case err != nil && !errors.Is(err, helix.ErrNotFound):
			errs = append(errs, fmt.Errorf("%s: with the token of %s: %w", printable(id), h.name, err))
		case err == nil:
			for _, s := range page.Items {
				if s.ID == id {
					return heldSubscription{s, h.name, h.userID}, nil
				}
			}
		}
	}
	if errs == nil {
		names := make([]string, len(holders))
		for i, h := range holders {
			names[i] = h.name
		}
		errs = append(errs, fmt.Errorf("%s: no such subscription; searched with the tokens of: %s", printable(id), strings.Join(names, ", ")))
	}
	return heldSubscription{}, errors.Join(errs...)
}

// names reports whether the condition of a subscription names a user.
func names(s helix.EventSubSubscription, userID string) bool {
	for field, value := range s.Condition {
		if value == userID && strings.HasSuffix(field, "user_id") {
			return true
		}
	}
	return false
}
