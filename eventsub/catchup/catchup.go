package catchup

import (
	"context"
	"errors"
	"net/http"
	"time"

	"github.com/larkspur-dev/larkspur/eventsub"
	"github.com/larkspur-dev/larkspur/helix"
)

// Options configure a Catchup. The zero value is usable.
type Options struct {
	// MaxEvents is the number of events that are recovered for one condition after one
	// loss. If there were more, the newest are recovered and the type is reported as
	// lost too. Default: 1000.
	MaxEvents int
	// MaxCalls is the number of calls of Helix for one condition after one loss, with
	// the same result if it is reached. Default: 100.
	MaxCalls int
	// MaxAge is how long ago missed events may have happened: older ones are not
	// fetched, and the type is reported as lost too. Default: 14 days.
	MaxAge time.Duration
}

// A Catchup implements [eventsub.Recoverer]. It may be used by several transports. Create one with New.
type Catchup struct {
	tw    *helix.Client
	o     Options
	rows  map[eventsub.Type]row
	types []eventsub.Type

	responses responses
}

var _ eventsub.Recoverer = (*Catchup)(nil)

// New returns a Catchup that uses the tokens of tw. It panics if tw is nil.
func New(tw *helix.Client, o Options) *Catchup {
	if tw == nil {
		panic("catchup: New: the client is nil")
	}
	if o.MaxEvents <= 0 {
		o.MaxEvents = 1000
	}
	if o.MaxCalls <= 0 {
		o.MaxCalls = 100
	}
	if o.MaxAge <= 0 {
		o.MaxAge = 14 * 24 * time.Hour
	}
	c := &Catchup{tw: tw, o: o, rows: map[eventsub.Type]row{}}
	for _, r := range table {
		c.rows[r.kind] = r
		c.types = append(c.types, r.kind)
	}
	return c
}

// Types returns the types that can be recovered at least in part.
func (c *Catchup) Types() []eventsub.Type { return c.types }

// Recover fetches the missed events of one condition.
func (c *Catchup) Recover(ctx context.Context, m eventsub.Missed) (eventsub.Recovered, error) {
	r, ok := c.rows[m.Condition.Type()]
	if !ok {
		return eventsub.Recovered{Reason: "Twitch offers no way to fetch these events"}, nil
	}
	j := c.newJob(m)
	if r.partly != "" && !j.first() {
		j.incomplete(r.partly)
	}
	err := r.fetch(helix.WithPriority(ctx, helix.PriorityPolling), j)
	switch {
	case errors.Is(err, errEnough):
	case err != nil && ctx.Err() != nil:
		return eventsub.Recovered{}, err
	case refused(err):
		j.incomplete(reasonOf(err))
	case err != nil:
		return eventsub.Recovered{}, err
	}
	return j.result()
}

// Update applies events to a state.
func (c *Catchup) Update(condition eventsub.Condition, state []byte, events []eventsub.Notification) []byte {
	r, ok := c.rows[condition.Type()]
	if !ok || r.update == nil {
		return state
	}
	return r.update(state, condition, events)
}

// refused reports whether no later call can succeed, unless a user does something.
func refused(err error) bool {
	if e, ok := errors.AsType[*helix.Error](err); ok {
		return e.Status >= 400 && e.Status < 500 && e.Status != http.StatusTooManyRequests && e.Status != http.StatusConflict
	}
	_, token := errors.AsType[*helix.TokenError](err)
	_, scope := errors.AsType[*helix.ScopeError](err)
	_, param := errors.AsType[*helix.ParamError](err)
	return token || scope || param || errors.Is(err, helix.ErrNotFound)
}

func reasonOf(err error) string { return err.Error() }
