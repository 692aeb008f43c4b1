package reconcile

import (
	"fmt"
	"maps"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"
)

// A world is the state of Twitch in a random story.
type world struct {
	t        *rapid.T
	s        *Set
	now      time.Time
	serial   int
	sessions [2]string // live sessions, "" without
	attempts map[string]Attempt
	ends     map[string]Deletion
	subs     map[string]string // what exists: key to session
	wanted   []Want
}

// TestSetNeverGetsStuck runs random stories and checks in each: limits are kept, no
// subscription exists twice, and once Twitch accepts all requests, all wanted
// subscriptions exist.
func TestSetNeverGetsStuck(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		w := &world{
			t: t, now: time.Unix(1_800_000_000, 0),
			attempts: map[string]Attempt{}, ends: map[string]Deletion{}, subs: map[string]string{},
			s: New(Options{Connections: 2, PerConnection: 3, Parallel: 3, Random: func() float64 { return 0.5 }}),
		}
		for range rapid.IntRange(1, 60).Draw(t, "steps") {
			w.step(rapid.IntRange(0, 9).Draw(t, "step"))
			w.now = w.now.Add(time.Duration(rapid.IntRange(0, 4000).Draw(t, "ms")) * time.Millisecond)
			w.plan()
		}
		w.settle()
	})
}

func (w *world) step(kind int) {
	switch kind {
	case 0:
		w.want()
	case 1, 2:
		for i := range w.sessions {
			if w.sessions[i] != "" && rapid.Bool().Draw(w.t, "lose") {
				w.s.Lost(i, Loss{Session: w.sessions[i], Reason: errRefused}, w.now)
				w.drop(i)
				return
			}
		}
	case 3:
		w.s.Blocked(errRefused, w.now)
	case 4, 5, 6, 7:
		for _, key := range slices.Sorted(maps.Keys(w.attempts)) {
			if rapid.Bool().Draw(w.t, "succeeds") {
				w.succeed(key)
			} else {
				class := Class(rapid.IntRange(int(Temporary), int(Deferred)).Draw(w.t, "class"))
				w.s.Failed(w.attempts[key], errRefused, class, w.now)
				delete(w.attempts, key)
			}
		}
	case 8:
		for _, key := range slices.Sorted(maps.Keys(w.ends)) {
			w.end(key, rapid.Bool().Draw(w.t, "fails"))
		}
	case 9:
		for _, key := range slices.Sorted(maps.Keys(w.subs)) {
			if _, ending := w.ends[key]; !ending {
				w.s.Revoked("id-" + key)
				delete(w.subs, key)
				return
			}
		}
	}
}

func (w *world) want() {
	w.wanted = nil
	for i := range 8 {
		if rapid.Bool().Draw(w.t, "wanted") {
			w.wanted = append(w.wanted, Want{Key: fmt.Sprint("k", i), Costly: i%2 == 0, Asked: rapid.IntRange(0, 1).Draw(w.t, "asked")})
		}
	}
	w.s.Want(w.wanted)
}

// drop makes Twitch end a session.
func (w *world) drop(connection int) {
	id := w.sessions[connection]
	w.sessions[connection] = ""
	maps.DeleteFunc(w.subs, func(_, session string) bool { return session == id })
	maps.DeleteFunc(w.attempts, func(_ string, a Attempt) bool { return a.Session == id })
	maps.DeleteFunc(w.ends, func(_ string, d Deletion) bool { return d.Connection == connection })
}

func (w *world) succeed(key string) {
	a := w.attempts[key]
	delete(w.attempts, key)
	if _, twice := w.subs[key]; twice {
		w.t.Fatalf("%s exists twice", key)
	}
	w.subs[key] = a.Session
	w.s.Created(a, Subscription{ID: "id-" + key, Session: a.Session, Cost: int(key[1]+1) % 2}, w.now)
}

func (w *world) end(key string, fails bool) {
	d := w.ends[key]
	delete(w.ends, key)
	if fails {
		w.s.Deleted(d, errRefused, w.now)
		return
	}
	delete(w.subs, key)
	w.s.Deleted(d, nil, w.now)
}

// plan carries out a plan and checks it.
func (w *world) plan() Plan {
	p := w.s.Next(w.now)
	for i, needed := range p.Connect {
		switch {
		case needed && w.sessions[i] == "":
			w.serial++
			w.sessions[i] = fmt.Sprint("S", w.serial)
			w.s.Session(i, []string{w.sessions[i]}, true)
		case !needed && w.sessions[i] != "":
			w.drop(i)
		}
	}
	for _, d := range p.Delete {
		if w.subs[d.Key] == "" {
			w.t.Fatalf("%s is to be deleted and does not exist", d.Key)
		}
		w.ends[d.Key] = d
	}
	for _, a := range p.Create {
		if a.Session != w.sessions[a.Connection] || a.Session == "" {
			w.t.Fatalf("%s is tried on session %q, want %q", a.Key, a.Session, w.sessions[a.Connection])
		}
		if _, busy := w.attempts[a.Key]; busy {
			w.t.Fatalf("%s is tried twice at a time", a.Key)
		}
		w.attempts[a.Key] = a
	}
	if n := len(w.attempts) + len(w.ends); n > 3 || n != w.s.busy {
		w.t.Fatalf("%d requests under way, the set counts %d", n, w.s.busy)
	}
	load := map[string]int{}
	for _, session := range w.subs {
		load[session]++
	}
	for _, a := range w.attempts {
		load[a.Session]++
	}
	for session, n := range load {
		if n > 3 {
			w.t.Fatalf("session %s carries %d", session, n)
		}
	}
	w.s.Gaps()
	return p
}

// settle lets all requests succeed and advances the time until all wanted subscriptions
// exist.
func (w *world) settle() {
	want := min(len(w.wanted), 6)
	for range 200 {
		for _, key := range slices.Sorted(maps.Keys(w.attempts)) {
			w.succeed(key)
		}
		for _, key := range slices.Sorted(maps.Keys(w.ends)) {
			w.end(key, false)
		}
		p := w.plan()
		if st := w.s.Status(); st.Active == want && len(w.subs) == want && len(p.Create)+len(p.Delete) == 0 {
			return
		}
		if len(w.attempts)+len(w.ends) == 0 && !p.Wake.IsZero() {
			w.now = p.Wake
		}
	}
	w.t.Fatalf("got %v although Twitch accepts everything, want %d of %v; %+v", w.subs, want, w.wanted, w.s.Status())
}
