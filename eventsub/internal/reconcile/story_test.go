package reconcile

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

var errRefused = errors.New("refused")

// A story sends inputs to a Set and compares its plans.
type story struct {
	t    *testing.T
	s    *Set
	now  time.Time
	plan Plan
	open map[string]Attempt // under way, by key
	ends map[string]Deletion
}

func newStory(t *testing.T, o Options) *story {
	t.Helper()
	o.Random = func() float64 { return 0.5 }
	if o.Parallel == 0 {
		o.Parallel = 3
	}
	return &story{t: t, s: New(o), now: time.Unix(1_800_000_000, 0), open: map[string]Attempt{}, ends: map[string]Deletion{}}
}

// want sets the wanted keys: "a", or "a$" if it may cost something.
func (y *story) want(keys ...string) {
	var wants []Want
	for _, key := range keys {
		name, costly := strings.CutSuffix(key, "$")
		wants = append(wants, Want{Key: name, Costly: costly})
	}
	y.s.Want(wants)
}

// next compares the plan: "connect 0" for a needed connection, "create a on A0", "delete a".
func (y *story) next(want ...string) {
	y.t.Helper()
	y.plan = y.s.Next(y.now)
	var got []string
	for i, needed := range y.plan.Connect {
		if needed {
			got = append(got, fmt.Sprint("connect ", i))
		}
	}
	for _, d := range y.plan.Delete {
		y.ends[d.Key] = d
		got = append(got, "delete "+d.Key)
	}
	for _, a := range y.plan.Create {
		y.open[a.Key] = a
		got = append(got, "create "+a.Key+" on "+a.Session)
	}
	if diff := cmp.Diff(want, got); diff != "" {
		y.t.Errorf("plan (-want +got):\n%s", diff)
	}
}

// wait advances the time to the next call of Next, which must be d from now.
func (y *story) wait(d time.Duration) {
	y.t.Helper()
	if got := y.plan.Wake.Sub(y.now); got != d {
		y.t.Errorf("wake: got in %v, want in %v", got, d)
	}
	y.now = y.now.Add(d)
}

func (y *story) session(connection int, id string) {
	y.s.Session(connection, []string{id}, true)
}

func (y *story) lose(connection int, id string) {
	y.s.Lost(connection, Loss{From: y.now.Add(-time.Second), Session: id, Reason: errors.New("reset")}, y.now)
}

func (y *story) created(keys ...string) {
	for _, key := range keys {
		a := y.open[key]
		y.s.Created(a, Subscription{ID: "id-" + key, Session: a.Session}, y.now)
	}
}

// cost is created for a subscription with a cost.
func (y *story) cost(key string, cost int) {
	a := y.open[key]
	y.s.Created(a, Subscription{ID: "id-" + key, Session: a.Session, Cost: cost}, y.now)
}

func (y *story) failed(class Class, keys ...string) {
	for _, key := range keys {
		y.s.Failed(y.open[key], fmt.Errorf("%s: %w", key, errRefused), class, y.now)
	}
}

func (y *story) status(want string) {
	y.t.Helper()
	st := y.s.Status()
	got := fmt.Sprintf("%d of %d", st.Active, st.Wanted)
	if !st.Settled {
		got += ", at work"
	}
	if st.Err != nil {
		got += ", " + st.Err.Error()
	}
	if !st.Again.IsZero() {
		got += ", again in " + st.Again.Sub(y.now).String()
	}
	if got != want {
		y.t.Errorf("status: got %q, want %q", got, want)
	}
}

var one = Options{Connections: 1, PerConnection: 300}
