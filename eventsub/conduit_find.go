package eventsub

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/larkspur-dev/larkspur/helix"

	"github.com/larkspur-dev/larkspur/internal/retry"
)

var (
	// ErrWhichConduit is returned by [Conduit.Run] if the client has several conduits and
	// neither the options nor the ShardOwner say which one to use.
	ErrWhichConduit = errors.New("the client has several conduits: set ConduitOptions.ID, or an Owner, which remembers the one it created")
	// ErrTooManyConduits is returned by [Conduit.Run] if a conduit has to be created and
	// the client has as many as Twitch allows.
	ErrTooManyConduits = errors.New("twitch allows five conduits for a client: see `larkspur conduit list` and remove one with `larkspur conduit delete ID`")
)

// find returns the conduit to use. It repeats requests that fail for a reason that may
// pass.
func (c *Conduit) find(ctx context.Context) (helix.Conduit, error) {
	wait := retry.Backoff{Min: time.Second, Max: time.Minute}
	for {
		found, err := c.findOnce(ctx)
		if err == nil || ctx.Err() != nil || !passing(err) {
			return found, err
		}
		pause := wait.Next()
		c.tell(ctx, ConduitState{Phase: Waiting, Err: err, RetryIn: pause})
		if err := retry.Sleep(ctx, pause); err != nil {
			return helix.Conduit{}, err
		}
	}
}

// passing reports whether an error of a request about a conduit may be over soon.
func passing(err error) bool {
	if required, ok := errors.AsType[interface {
		error
		LoginRequired() bool
	}](err); ok && required.LoginRequired() {
		return false
	}
	if refusal, ok := errors.AsType[*helix.Error](err); ok {
		return refusal.Status >= http.StatusInternalServerError
	}
	_, ok := errors.AsType[*requestError](err)
	return ok
}

// A requestError is an error of a request to Twitch, as opposed to one of the options or
// of the ShardOwner.
type requestError struct{ error }

func (e *requestError) Unwrap() error { return e.error }

func requested(err error) error {
	if err == nil {
		return nil
	}
	return &requestError{err}
}

func (c *Conduit) findOnce(ctx context.Context) (helix.Conduit, error) {
	var found helix.Conduit
	_, err := c.o.Owner.ConduitID(ctx, c.o.Name, func(ctx context.Context, remembered string) (string, error) {
		all, err := c.tw.Conduits.Get(ctx)
		if err != nil {
			return "", requested(err)
		}
		if found, err = c.choose(ctx, all, remembered); err != nil {
			return "", err
		}
		return found.ID, nil
	})
	if err != nil {
		return helix.Conduit{}, fmt.Errorf("eventsub: conduit %q: %w", c.o.Name, err)
	}
	if c.o.Shards > 0 && found.ShardCount != c.o.Shards {
		resized, err := c.tw.Conduits.Update(ctx, helix.UpdateConduitsParams{ID: found.ID, ShardCount: c.o.Shards})
		if err != nil {
			return helix.Conduit{}, fmt.Errorf("eventsub: conduit %q: %w", c.o.Name, requested(err))
		}
		found = *resized
	}
	return found, nil
}

// choose returns one of the client's conduits, or a new one.
func (c *Conduit) choose(ctx context.Context, all []helix.Conduit, remembered string) (helix.Conduit, error) {
	byID := func(id string) (helix.Conduit, bool) {
		i := slices.IndexFunc(all, func(h helix.Conduit) bool { return h.ID == id })
		if i < 0 {
			return helix.Conduit{}, false
		}
		return all[i], true
	}
	if c.o.ID != "" {
		if h, ok := byID(c.o.ID); ok {
			return h, nil
		}
		return helix.Conduit{}, fmt.Errorf("the client has no conduit with the id %s: see `larkspur conduit list`: %w", c.o.ID, errNoConduit)
	}
	if h, ok := byID(remembered); ok {
		return h, nil
	}
	if remembered == "" && c.o.Adopt {
		switch len(all) {
		case 0:
		case 1:
			return all[0], nil
		default:
			ids := make([]string, len(all))
			for i, h := range all {
				ids[i] = h.ID
			}
			return helix.Conduit{}, fmt.Errorf("%w (%s)", ErrWhichConduit, strings.Join(ids, ", "))
		}
	}
	if len(all) >= maxConduits {
		return helix.Conduit{}, ErrTooManyConduits
	}
	made, err := c.tw.Conduits.Create(ctx, helix.CreateConduitsParams{ShardCount: max(c.o.Shards, 1)})
	if err != nil {
		return helix.Conduit{}, requested(err)
	}
	c.o.Logger.InfoContext(ctx, "conduit created", "name", c.o.Name, "conduit_id", made.ID, "shards", made.ShardCount)
	return *made, nil
}

// maxConduits is Twitch's limit for a client.
const maxConduits = 5

var errNoConduit = errors.New("no such conduit")
