package bot

import (
	"context"
	"fmt"
	"math/rand/v2"
	"slices"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/larkspur-dev/larkspur/chat"
)

// A carriedMessage is a copy that a test delivers.
type carriedMessage chat.Message

func (c *carriedMessage) Chat() *chat.Message { m := chat.Message(*c); return &m }

// deliver delivers a copy of the message with an id.
func deliver(ctx context.Context, s *Stream, from source, room, id string) {
	c := &carriedMessage{ID: id, Broadcaster: chat.User{ID: room}}
	if from == fromIRC {
		c.Raw = "line"
	} else {
		c.Broadcaster.Name = "Ada"
	}
	s.arrive(ctx, arrival{from: from, room: room, id: id, carried: c})
}

// A delivery is a copy that arrives at a time.
type delivery struct {
	at time.Duration
	id string
}

// copies returns what a source delivers in a room: most messages, some twice, each with a
// delay of its own.
func copies(r *rand.Rand, messages int, pace time.Duration, leave float64) []delivery {
	var all []delivery
	skew := time.Duration(r.Int64N(int64(300 * time.Millisecond)))
	for i := range messages {
		id := fmt.Sprintf("m%d", i)
		if r.Float64() < leave {
			continue
		}
		at := time.Duration(i)*pace + skew + time.Duration(r.Int64N(int64(200*time.Millisecond)))
		all = append(all, delivery{at, id})
		if r.IntN(10) == 0 {
			all = append(all, delivery{at + time.Duration(r.Int64N(int64(2*time.Second))), id})
		}
	}
	slices.SortFunc(all, func(a, b delivery) int { return int(a.at - b.at) })
	return all
}

// A ledger records what arrived and what was handed on, by room.
type ledger struct {
	mu      sync.Mutex
	arrived map[string][]string                 // guarded by mu; in the order of first arrival
	first   map[string]map[string]time.Time     // guarded by mu; when
	handed  map[string][]string                 // guarded by mu
	late    map[string]map[string]time.Duration // guarded by mu; how long after the first arrival
}

func newLedger() *ledger {
	return &ledger{
		arrived: map[string][]string{}, first: map[string]map[string]time.Time{},
		handed: map[string][]string{}, late: map[string]map[string]time.Duration{},
	}
}

func (l *ledger) arrives(room, id string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.first[room] == nil {
		l.first[room], l.late[room] = map[string]time.Time{}, map[string]time.Duration{}
	}
	if _, ok := l.first[room][id]; !ok {
		l.first[room][id] = time.Now()
		l.arrived[room] = append(l.arrived[room], id)
	}
}

func (l *ledger) hand(m *chat.Message) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.handed[m.Broadcaster.ID] = append(l.handed[m.Broadcaster.ID], m.ID)
	l.late[m.Broadcaster.ID][m.ID] = time.Since(l.first[m.Broadcaster.ID][m.ID])
}

// Two sources deliver several rooms with random delays, gaps and repetitions, and one of
// the rooms is flooded and has a slow handler.
func TestRandomArrivalsAreHandedOnOnceAndInOrder(t *testing.T) {
	for seed := range uint64(60) {
		synctest.Test(t, func(t *testing.T) {
			r := rand.New(rand.NewPCG(seed, 1))
			s := NewStream(StreamOptions{Held: 64})
			s.sources.Store(2)
			l := newLedger()
			s.On(func(_ context.Context, m *chat.Message) error {
				if m.Broadcaster.ID == "flooded" {
					time.Sleep(3 * time.Millisecond)
				}
				l.hand(m)
				return nil
			})
			var sources sync.WaitGroup
			for _, room := range []string{"1", "2", "3", "flooded"} {
				messages, pace := 200, time.Duration(r.IntN(200)+1)*time.Millisecond
				if room == "flooded" {
					messages, pace = 2000, 100*time.Microsecond
				}
				irc := copies(r, messages, pace, r.Float64()/2)
				es := copies(r, messages, pace, r.Float64())
				for from, deliveries := range map[source][]delivery{fromIRC: irc, fromEventSub: es} {
					start := time.Now()
					sources.Go(func() {
						for _, d := range deliveries {
							time.Sleep(max(0, d.at-time.Since(start)))
							l.arrives(room, d.id)
							deliver(t.Context(), s, from, room, d.id)
						}
					})
				}
			}
			sources.Wait()
			if err := s.Drain(t.Context()); err != nil {
				t.Fatal(err)
			}
			for room, arrived := range l.arrived {
				handed := l.handed[room]
				if room == "flooded" { // two sources that wait for room are let in in any order
					slices.Sort(arrived)
					slices.Sort(handed)
				}
				if diff := cmp.Diff(arrived, handed); diff != "" {
					t.Fatalf("seed %d, room %s: handed on (-want +got):\n%s", seed, room, diff)
				}
				for id, late := range l.late[room] {
					if room != "flooded" && late > defaultWait {
						t.Fatalf("seed %d, room %s: %s was handed on after %v, want at most %v", seed, room, id, late, defaultWait)
					}
				}
			}
			if st := s.Stats(); st.Merged == 0 || st.Late == 0 || st.Duplicates == 0 || st.Held != 0 || st.Dropped != 0 {
				t.Errorf("seed %d: got %+v, want merged, late and repeated copies, and nothing held or dropped", seed, st)
			}
		})
	}
}

// inStream runs a test in a bubble with a stream of two sources, which both deliver room 1.
func inStream(t *testing.T, o StreamOptions, test func(t *testing.T, s *Stream, got func() []string)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		s := NewStream(o)
		s.sources.Store(2)
		var mu sync.Mutex
		var got []string
		start := time.Now()
		s.On(func(_ context.Context, m *chat.Message) error {
			mu.Lock()
			defer mu.Unlock()
			got = append(got, fmt.Sprintf("%s %v %t %t", m.ID, time.Since(start), m.Raw != "", m.Broadcaster.Name != ""))
			return nil
		})
		s.room("1").expectFrom(fromIRC | fromEventSub)
		time.Sleep(time.Millisecond)
		start = time.Now()
		test(t, s, func() []string {
			synctest.Wait()
			mu.Lock()
			defer mu.Unlock()
			defer func() { got = nil }()
			return got
		})
		if err := s.Drain(t.Context()); err != nil {
			t.Error(err)
		}
	})
}

func TestTooManyHeldMessagesAreHandedOnEarly(t *testing.T) {
	inStream(t, StreamOptions{Held: 2}, func(t *testing.T, s *Stream, got func() []string) {
		for i := range 4 {
			deliver(t.Context(), s, fromIRC, "1", fmt.Sprint(i))
		}
		if diff := cmp.Diff([]string{"0 0s true false", "1 0s true false"}, got()); diff != "" {
			t.Errorf("at once (-want +got):\n%s", diff)
		}
		time.Sleep(time.Second)
		if diff := cmp.Diff([]string{"2 250ms true false", "3 250ms true false"}, got()); diff != "" {
			t.Errorf("later (-want +got):\n%s", diff)
		}
		if st := s.Stats(); st.Early != 2 || st.Alone != 2 || st.Messages != 4 {
			t.Errorf("got %+v, want two early messages and two alone", st)
		}
	})
}

// A message that one source does not carry must not make the stream believe that the
// source is lost, as long as the source delivers others.
func TestMissingCopyIsNotALostSource(t *testing.T) {
	inStream(t, StreamOptions{}, func(t *testing.T, s *Stream, got func() []string) {
		deliver(t.Context(), s, fromEventSub, "1", "a")
		time.Sleep(100 * time.Millisecond)
		deliver(t.Context(), s, fromIRC, "1", "b")
		deliver(t.Context(), s, fromEventSub, "1", "b")
		time.Sleep(time.Second)
		deliver(t.Context(), s, fromEventSub, "1", "c")
		deliver(t.Context(), s, fromIRC, "1", "c")
		want := []string{"a 250ms false true", "b 250ms true true", "c 1.1s true true"}
		if diff := cmp.Diff(want, got()); diff != "" {
			t.Errorf("handed on (-want +got):\n%s", diff)
		}
	})
}

// A slow handler must not keep a source from delivering the copies of later messages.
func TestSlowHandlerDoesNotPreventMerging(t *testing.T) {
	inStream(t, StreamOptions{}, func(t *testing.T, s *Stream, got func() []string) {
		s.On(func(context.Context, *chat.Message) error { time.Sleep(time.Second); return nil })
		var sources sync.WaitGroup
		for _, from := range []source{fromIRC, fromEventSub} {
			sources.Go(func() {
				for _, id := range []string{"a", "b", "c"} {
					deliver(t.Context(), s, from, "1", id)
					time.Sleep(100 * time.Millisecond)
				}
			})
		}
		sources.Wait()
		time.Sleep(time.Minute)
		want := []string{"a 0s true true", "b 1s true true", "c 2s true true"}
		if diff := cmp.Diff(want, got()); diff != "" {
			t.Errorf("handed on (-want +got):\n%s", diff)
		}
	})
}

// Messages that wait for a slow handler still take their other copy, and the source that
// brings more than there is room for waits until its context ends.
func TestSlowHandlerMakesSourcesWait(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := NewStream(StreamOptions{Held: 2})
		s.sources.Store(2)
		release, got := make(chan struct{}), make(chan string, 10)
		s.On(func(_ context.Context, m *chat.Message) error {
			<-release
			got <- fmt.Sprint(m.ID, " ", m.Raw != "", " ", m.Broadcaster.Name != "")
			return nil
		})
		go deliver(t.Context(), s, fromIRC, "1", "a")
		synctest.Wait()
		deliver(t.Context(), s, fromIRC, "1", "b")
		deliver(t.Context(), s, fromIRC, "1", "c")
		ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
		defer cancel()
		start := time.Now()
		deliver(ctx, s, fromIRC, "1", "d")
		if waited := time.Since(start); waited != time.Minute {
			t.Errorf("the source waited %v, want a minute", waited)
		}
		deliver(t.Context(), s, fromEventSub, "1", "b")
		close(release)
		if err := s.Drain(t.Context()); err != nil {
			t.Error(err)
		}
		close(got)
		var all []string
		for text := range got {
			all = append(all, text)
		}
		if diff := cmp.Diff([]string{"a true false", "b true true", "c true false"}, all); diff != "" {
			t.Errorf("handed on (-want +got):\n%s", diff)
		}
		if st := s.Stats(); st.Dropped != 1 {
			t.Errorf("got %+v, want one message dropped", st)
		}
	})
}

func TestIdsAreRememberedButNotForEver(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := NewStream(StreamOptions{})
		s.sources.Store(2)
		for i := range 3 * mostSeen {
			deliver(t.Context(), s, fromIRC, "1", fmt.Sprint(i))
		}
		deliver(t.Context(), s, fromEventSub, "1", fmt.Sprint(2*mostSeen))
		if st := s.Stats(); st.Late != 1 {
			t.Errorf("got %+v, want the copy of a message dropped that came %d messages ago", st, mostSeen)
		}
		if r := s.room("1"); len(r.seen.young)+len(r.seen.old) > 2*mostSeen {
			t.Errorf("got %d ids, want at most %d", len(r.seen.young)+len(r.seen.old), 2*mostSeen)
		}
		time.Sleep(seenFor + time.Second)
		s.room("2")
		if st := s.Stats(); st.Channels != 1 {
			t.Errorf("got %d channels, want one: nothing was said in the other", st.Channels)
		}
		deliver(t.Context(), s, fromIRC, "1", "again")
		if st := s.Stats(); st.Channels != 2 || st.Messages != 3*mostSeen+1 {
			t.Errorf("got %+v, want the channel back", st)
		}
	})
}
