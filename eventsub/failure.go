package eventsub

import (
	"errors"
	"fmt"
	"net/http"
	"strings"
	"time"

	"github.com/larkspur-dev/larkspur/helix"
	"github.com/larkspur-dev/larkspur/internal/retry"
)

type failure struct {
	err     error
	again   time.Time
	asked   int // want.asked when it failed
	backoff retry.Backoff
}

// explain says what could not be subscribed and, where Twitch only says that an
// authorization is missing, which.
func (r *reconciler) explain(w want, err error) error {
	info, _ := Lookup(w.kind)
	if !errors.Is(err, helix.ErrForbidden) || len(info.Scopes) == 0 {
		return fmt.Errorf("subscribe to %s: %w", w.kind, err)
	}
	needs := make([]string, len(info.Scopes))
	for i, group := range info.Scopes {
		needs[i] = strings.Join(group, " or ")
	}
	return fmt.Errorf("subscribe to %s: %w (user %s must have granted %s)", w.kind, err, r.userID, strings.Join(needs, " and "))
}

// backoffAfter waits long where trying again alone does not help.
func backoffAfter(err error) retry.Backoff {
	if final(err) {
		return retry.Backoff{Min: time.Minute, Max: 10 * time.Minute, Floor: 30 * time.Second}
	}
	return retry.Backoff{Min: time.Second, Max: time.Minute, Floor: 500 * time.Millisecond}
}

// final reports whether err is an answer that only people can change: grant a
// scope, log in again, mend a condition.
func final(err error) bool {
	if refusal, ok := errors.AsType[*helix.Error](err); ok {
		return refusal.Status >= 400 && refusal.Status < 500 &&
			refusal.Status != http.StatusConflict && refusal.Status != http.StatusTooManyRequests
	}
	_, scope := errors.AsType[*helix.ScopeError](err)
	_, param := errors.AsType[*helix.ParamError](err)
	return scope || param || errors.Is(err, errCondition)
}
