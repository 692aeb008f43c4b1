package daemon

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"net/http"
	"time"

	"github.com/larkspur-dev/larkspur/helix"
	"github.com/larkspur-dev/larkspur/internal/retry"
	"github.com/larkspur-dev/larkspur/oauth"
)

// untilReachable calls f until it succeeds or fails with a permanent error. Before each
// retry, it reports how long it waits.
func untilReachable(ctx context.Context, say *announcer, f func() error) error {
	backoff := retry.Backoff{Min: time.Second, Max: time.Minute, Floor: time.Second}
	for {
		err := f()
		if err == nil || ctx.Err() != nil || final(err) {
			return err
		}
		wait := backoff.Next()
		what := "Twitch cannot be reached"
		if _, disk := errors.AsType[*fs.PathError](err); disk {
			what = "the tokens cannot be stored"
		}
		say.warn(ctx, fmt.Sprintf("%s: %v; trying again in %s", what, err, wait.Round(100*time.Millisecond)))
		if err := retry.Sleep(ctx, wait); err != nil {
			return err
		}
	}
}

// final reports whether Twitch answered and would answer the same again.
func final(err error) bool {
	if e, ok := errors.AsType[*oauth.Error](err); ok {
		return e.Status < http.StatusInternalServerError && e.Status != http.StatusTooManyRequests
	}
	if e, ok := errors.AsType[*helix.Error](err); ok {
		return e.Status < http.StatusInternalServerError && e.Status != http.StatusTooManyRequests
	}
	return errors.Is(err, oauth.ErrNoToken) || errors.Is(err, oauth.ErrRevoked) || errors.Is(err, helix.ErrNotFound) || errors.Is(err, errSetup)
}
