package catchup

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"time"

	"github.com/larkspur-dev/larkspur/eventsub"
	"github.com/larkspur-dev/larkspur/helix"
)

// overlap is how much earlier than the loss facts are fetched: a fact happens before
// its notification is sent.
const overlap = 10 * time.Second

// unknownTime is the time of a fact that is found by comparing.
var unknownTime time.Time

// errEnough ends a fetch that has reached a limit.
var errEnough = errors.New("limit reached")

// A row says how the events of one type are recovered.
type row struct {
	kind eventsub.Type
	// fetch adds the missed events to j, and sets the state.
	fetch func(ctx context.Context, j *job) error
	// update returns the state after events; nil if the type has no state.
	update func(state []byte, c eventsub.Condition, events []eventsub.Notification) []byte
	// partly says what never comes back; "" if all does.
	partly string
}

// A job is one call of Recover.
type job struct {
	c      *Catchup
	tw     *helix.Client // with the token of the subscription's user
	m      eventsub.Missed
	fields map[string]string
	user   string // whose token

	broadcasterID string
	channel       *helix.User // the broadcaster; nil until it is needed

	calls  int
	events []eventsub.Notification
	reason string // why the result is not complete
	state  []byte
}

func (c *Catchup) newJob(m eventsub.Missed) *job {
	j := &job{c: c, m: m, fields: m.Condition.Fields()}
	j.broadcasterID = j.fields["broadcaster_user_id"]
	user := m.UserID
	if info, ok := eventsub.Lookup(m.Condition.Type()); ok && info.TokenUser != "" {
		user = j.fields[info.TokenUser]
	}
	j.user, j.tw = user, c.tw.As(user)
	return j
}

// first reports whether only the state is wanted.
func (j *job) first() bool { return j.m.From.IsZero() }

// since returns the time of the oldest fact that may have been missed.
func (j *job) since() time.Time {
	from := j.m.From.Add(-overlap).Truncate(time.Second)
	if oldest := j.m.To.Add(-j.c.o.MaxAge); from.Before(oldest) {
		j.incomplete(fmt.Sprintf("older than %v", j.c.o.MaxAge))
		return oldest
	}
	return from
}

// incomplete records that not all events can be recovered. The first reason is kept.
func (j *job) incomplete(reason string) {
	if j.reason == "" {
		j.reason = reason
	}
}

// call counts a call of Helix.
func (j *job) call() error {
	if j.calls++; j.calls > j.c.o.MaxCalls {
		j.incomplete(fmt.Sprintf("more than %d calls", j.c.o.MaxCalls))
		return errEnough
	}
	return nil
}

// add adds an event that was found by a call, which source names. At is the time of the
// fact, or zero if that is not known.
func (j *job) add(source string, at time.Time, p eventsub.Payload) error {
	if len(j.events) >= j.c.o.MaxEvents {
		j.incomplete(fmt.Sprintf("more than %d events", j.c.o.MaxEvents))
		return errEnough
	}
	event, err := json.Marshal(p)
	if err != nil {
		return fmt.Errorf("catchup: %w", err)
	}
	j.events = append(j.events, eventsub.Notification{
		Meta: eventsub.Meta{Timestamp: at, Source: source}, Type: p.Type(), Event: event,
	})
	return nil
}

// result returns the events in the order in which they happened.
func (j *job) result() (eventsub.Recovered, error) {
	slices.SortStableFunc(j.events, func(a, b eventsub.Notification) int {
		switch x, y := a.Meta.Timestamp, b.Meta.Timestamp; {
		case x.IsZero() && y.IsZero():
			return 0
		case x.IsZero():
			return 1
		case y.IsZero():
			return -1
		default:
			return x.Compare(y)
		}
	})
	return eventsub.Recovered{Notifications: j.events, Complete: j.reason == "", Reason: j.reason, State: j.state}, nil
}

// people returns users by their ids. Those that no longer exist have only the id.
func (j *job) people(ctx context.Context, ids []string) (map[string]helix.User, error) {
	found := make(map[string]helix.User, len(ids))
	for chunk := range slices.Chunk(ids, 100) {
		if err := j.call(); err != nil {
			return nil, err
		}
		users, err := j.tw.Users.Get(ctx, helix.GetUsersParams{IDs: chunk})
		if err != nil {
			return nil, err
		}
		for _, u := range users {
			found[u.ID] = u
		}
	}
	for _, id := range ids {
		if _, ok := found[id]; !ok {
			found[id] = helix.User{ID: id}
		}
	}
	return found, nil
}

// broadcaster returns the broadcaster of the condition.
func (j *job) broadcaster(ctx context.Context) (helix.User, error) {
	if j.channel == nil {
		u, err := j.tw.Users.ByID(ctx, j.broadcasterID)
		if err != nil {
			return helix.User{}, err
		}
		j.channel = u
	}
	return *j.channel, nil
}

// gone adds an event for each of some users, who no longer have something, in the order
// of their ids.
func gone[T any](ctx context.Context, j *job, source string, users map[string]T, event func(u, b helix.User, had T) eventsub.Payload) error {
	if len(users) == 0 {
		return nil
	}
	b, err := j.broadcaster(ctx)
	if err != nil {
		return err
	}
	ids := slices.Sorted(maps.Keys(users))
	people, err := j.people(ctx, ids)
	if err != nil {
		return err
	}
	for _, id := range ids {
		if err := j.add(source, unknownTime, event(people[id], b, users[id])); err != nil {
			return err
		}
	}
	return nil
}
