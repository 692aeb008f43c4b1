package eventsub

import (
	"errors"
	"fmt"
	"net/http"
	"strings"

	"github.com/larkspur-dev/larkspur/eventsub/internal/reconcile"
	"github.com/larkspur-dev/larkspur/helix"
)

// explain adds to err which condition could not be subscribed and, if Twitch's text
// does not name the missing authorization, which scopes are needed.
func explain(t target, userID string, err error) error {
	info, _ := Lookup(t.kind)
	if !errors.Is(err, helix.ErrForbidden) || len(info.Scopes) == 0 {
		return fmt.Errorf("subscribe to %s: %w", t.kind, err)
	}
	needs := make([]string, len(info.Scopes))
	for i, group := range info.Scopes {
		needs[i] = strings.Join(group, " or ")
	}
	return fmt.Errorf("subscribe to %s: %w (user %s must have granted %s)", t.kind, err, userID, strings.Join(needs, " and "))
}

// classOf returns the class of err, an error from creating a subscription.
func classOf(err error) reconcile.Class {
	if _, ok := errors.AsType[*ConflictError](err); ok {
		return reconcile.Taken
	}
	if _, ok := errors.AsType[*CallbackError](err); ok {
		return reconcile.Unreached
	}
	if _, ok := errors.AsType[*helix.LimitError](err); ok {
		return reconcile.Deferred // the request was not sent
	}
	if refusal, ok := errors.AsType[*helix.Error](err); ok {
		switch {
		case refusal.Status == http.StatusTooManyRequests && strings.Contains(refusal.Message, "cost"):
			return reconcile.OverCost
		case refusal.Status == http.StatusTooManyRequests:
			return reconcile.Limited
		case refusal.Status == http.StatusConflict, refusal.Status >= 500:
			return reconcile.Temporary
		case refusal.Status == http.StatusBadRequest:
			return reconcile.Invalid
		case refusal.Status >= 400:
			return reconcile.Final
		}
	}
	_, token := errors.AsType[*helix.TokenError](err)
	_, scope := errors.AsType[*helix.ScopeError](err)
	_, param := errors.AsType[*helix.ParamError](err)
	if token || scope || param {
		return reconcile.Final
	}
	return reconcile.Temporary
}
