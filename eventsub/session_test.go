package eventsub

import (
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/larkspur-dev/larkspur/eventsub/internal/connection"
)

func TestSessionSubscribesAndDispatches(t *testing.T) {
	onStage(t, SessionOptions{}, func(t *testing.T, s *stage) {
		time.Sleep(time.Hour) // nothing wanted: nothing dialled
		s.session.Want(ada(1))
		c := s.accept()
		if c.query != "keepalive_timeout_seconds=30" {
			t.Errorf("query: got %q", c.query)
		}
		s.wantCalls()
		c.welcome("A")
		s.wantCalls("bot creates test.note v1 broadcaster_user_id=1 on A")
		s.wantState("EventSub: connected, 1 of 1 subscriptions")
		c.note("1", "hello")
		s.wantNotes("hello")

		s.session.Want(ada(2), ada(1))
		s.wantCalls("bot creates test.note v1 broadcaster_user_id=2 on A")
		s.session.Unwant(ada(1))
		s.wantCalls("bot deletes sub1")
		s.session.Unwant(ada(2))
		if !c.left() {
			t.Error("connected although nothing is wanted")
		}
	})
}

func TestFirstSubscriptionIsCreatedAlone(t *testing.T) {
	onStage(t, SessionOptions{}, func(t *testing.T, s *stage) {
		block := make(chan struct{})
		s.set(func(f *fake) { f.refuse = func(target) error { f.mu.Unlock(); <-block; f.mu.Lock(); return nil } })
		s.session.Want(ada(1), ada(2), ada(3))
		s.accept().welcome("A")
		s.wantCalls("bot creates test.note v1 broadcaster_user_id=1 on A")
		close(block)
		synctest.Wait()
		if calls := s.takeCalls(); len(calls) != 2 {
			t.Errorf("after the first: got %q, want two more", calls)
		}
	})
}

func TestNextSubscriptionIsCreatedAloneUntilOneExists(t *testing.T) {
	onStage(t, SessionOptions{}, func(_ *testing.T, s *stage) {
		block := make(chan struct{})
		s.set(func(f *fake) {
			f.refuse = func(t target) error {
				if t.fields["broadcaster_user_id"] == "1" {
					return refusal(403, "no")
				}
				f.mu.Unlock()
				<-block
				f.mu.Lock()
				return nil
			}
		})
		s.session.Want(ada(1), ada(2), ada(3))
		s.accept().welcome("A")
		s.wantCalls("bot creates test.note v1 broadcaster_user_id=1 on A", "bot creates test.note v1 broadcaster_user_id=2 on A")
		close(block)
		s.wantCalls("bot creates test.note v1 broadcaster_user_id=3 on A")
	})
}

func TestLostConnectionIsResubscribedAndLeavesAGap(t *testing.T) {
	onStage(t, SessionOptions{}, func(t *testing.T, s *stage) {
		s.session.Want(ada(1), ada(2))
		c := s.accept()
		c.welcome("A")
		time.Sleep(20 * time.Second)
		c.note("1", "before")
		s.takeCalls()
		s.set(func(f *fake) { f.subs = map[string]Subscription{}; f.down = true })
		c.close(4006)
		s.set(func(f *fake) { f.down = false })
		c = s.accept()
		c.welcome("B")
		synctest.Wait()
		if calls := s.takeCalls(); len(calls) != 2 || !strings.HasSuffix(calls[0], "on B") {
			t.Errorf("calls: got %q, want two creations on B", calls)
		}
		s.mu.Lock()
		defer s.mu.Unlock()
		if len(s.gaps) != 1 {
			t.Fatalf("gaps: got %v, want one", s.gaps)
		}
		g := s.gaps[0]
		if g.Session != "A" || g.UserID != "bot" || !cmp.Equal(g.Lost, []Type{noteType}) || !g.To.After(g.From) ||
			g.Reason != "closed by Twitch with 4006: network error" {
			t.Errorf("gap: got %+v", g)
		}
	})
}

func TestSilentConnectionIsReplaced(t *testing.T) {
	onStage(t, SessionOptions{}, func(t *testing.T, s *stage) {
		s.session.Want(ada(1))
		c := s.accept()
		c.welcome("A")
		for range 100 {
			time.Sleep(30 * time.Second)
			c.send(KindKeepalive, map[string]any{})
		}
		start := time.Now()
		s.accept().welcome("B")
		if took := time.Since(start); took < 36*time.Second || took > 38*time.Second {
			t.Errorf("replaced after %v, want 36 s and a bit", took)
		}
	})
}

// Pings show that the network path works, not that the session still delivers.
func TestPingsDoNotHideASilentSession(t *testing.T) {
	onStage(t, SessionOptions{}, func(t *testing.T, s *stage) {
		s.session.Want(ada(1))
		c := s.accept()
		c.welcome("A")
		start := time.Now()
		for range 7 {
			time.Sleep(5 * time.Second)
			if err := c.ws.Ping(t.Context()); err != nil {
				t.Fatalf("ping after %v: got %v, want an answer", time.Since(start), err)
			}
		}
		s.accept().welcome("B")
		if took := time.Since(start); took < 36*time.Second || took > 38*time.Second {
			t.Errorf("replaced after %v, want 36 s and a bit", took)
		}
		if !c.left() {
			t.Error("the silent connection is still open")
		}
	})
}

func TestReconnectLosesNoEventAndCreatesNoSubscription(t *testing.T) {
	onStage(t, SessionOptions{}, func(t *testing.T, s *stage) {
		s.session.Want(ada(1))
		old := s.accept()
		old.welcome("A")
		s.wantCalls("bot creates test.note v1 broadcaster_user_id=1 on A")
		old.reconnect("ws://eventsub.test/ws?id=A&challenge=1")
		fresh := s.accept()
		if fresh.query != "id=A&challenge=1" {
			t.Errorf("the reconnect address was changed: got query %q", fresh.query)
		}
		old.note("1", "on the old")
		if old.left() {
			t.Fatal("the old connection was closed before the new one was welcomed")
		}
		fresh.welcome("A")
		old.note("1", "under way")
		fresh.note("1", "on the new")
		s.wantNotes("on the old", "under way", "on the new")
		time.Sleep(3 * time.Second)
		if !old.left() {
			t.Error("the old connection is still open")
		}
		s.wantCalls()
		if len(s.gaps) != 0 {
			t.Errorf("gaps: got %v, want none", s.gaps)
		}
		s.session.Want(ada(2)) // the reconciler lives on
		s.wantCalls("bot creates test.note v1 broadcaster_user_id=2 on A")
	})
}

// A connection on which nothing can be subscribed is closed before Twitch closes it,
// and opened again when the next attempt is due.
func TestConnectionWithoutSubscriptionsIsClosedAndReopenedRarely(t *testing.T) {
	onStage(t, SessionOptions{}, func(t *testing.T, s *stage) {
		s.set(func(f *fake) { f.refuse = func(target) error { return refusal(403, "no") } })
		s.session.Want(ada(1))
		var at []time.Time
		for i := range 6 {
			c := s.accept()
			at = append(at, time.Now())
			c.welcome(fmt.Sprint("S", i))
			if !c.left() {
				t.Fatalf("connection %d is still open although nothing is subscribed", i)
			}
		}
		for i := range at[1:] {
			if d := at[i+1].Sub(at[i]); d < 30*time.Second {
				t.Errorf("connection %d came %v after the last, want 30 s at least", i+1, d)
			}
		}
		if len(s.gaps) != 0 {
			t.Errorf("gaps: got %v, want none", s.gaps)
		}
	})
}

func TestTwitchClosesUnusedConnections(t *testing.T) {
	onStage(t, SessionOptions{}, func(t *testing.T, s *stage) {
		s.set(func(f *fake) { f.hang = func(target) bool { return true } })
		s.session.Want(ada(1))
		var at []time.Time
		for i := range 6 {
			c := s.accept()
			at = append(at, time.Now())
			c.welcome(fmt.Sprint("S", i))
			time.Sleep(10 * time.Second)
			c.close(connection.CodeUnused)
		}
		for i := range at[1:] {
			if d := at[i+1].Sub(at[i]); d < 20*time.Second {
				t.Errorf("connection %d came %v after the last, want ten seconds after its end at least", i+1, d)
			}
		}
		if len(s.gaps) != 0 {
			t.Errorf("gaps: got %v, want none", s.gaps)
		}
	})
}

func TestUnreachableServerIsReportedInOneSentence(t *testing.T) {
	onStage(t, SessionOptions{}, func(t *testing.T, s *stage) {
		s.set(func(f *fake) { f.down = true })
		s.session.Want(ada(1))
		synctest.Wait()
		s.mu.Lock()
		got := s.states[len(s.states)-1]
		s.mu.Unlock()
		if !strings.HasPrefix(got, "EventSub is unreachable: dial tcp: connection refused; trying again in ") {
			t.Errorf("state: got %q", got)
		}
		time.Sleep(10 * time.Minute)
		s.set(func(f *fake) { f.down = false })
		s.accept().welcome("A")
		s.wantState("EventSub: connected, 1 of 1 subscriptions")
	})
}

func TestUnknownMessagesAreCountedAndReported(t *testing.T) {
	var unknown []string
	o := SessionOptions{OnUnknown: func(kind string, frame []byte) { unknown = append(unknown, kind+" "+string(frame)) }}
	onStage(t, o, func(t *testing.T, s *stage) {
		s.session.Want(ada(1))
		c := s.accept()
		c.welcome("A")
		c.write([]byte(`{"metadata":{"message_type":"session_party"}}`))
		c.write([]byte(`no json`))
		c.note("1", "still here")
		s.wantNotes("still here")
		want := []string{`session_party {"metadata":{"message_type":"session_party"}}`, ` no json`}
		if diff := cmp.Diff(want, unknown); diff != "" {
			t.Errorf("shown (-want +got):\n%s", diff)
		}
		if got := s.session.Stats().Unknown; got != 2 {
			t.Errorf("counted: got %d, want 2", got)
		}
	})
}

// The session waited for room in the queue. One stuck handler therefore stopped all
// connections, and because keepalives were not read, the connections counted as silent.
func TestStuckHandlerDoesNotBlockTheConnection(t *testing.T) {
	onStage(t, SessionOptions{}, func(t *testing.T, s *stage) {
		s.mux = NewMux(MuxOptions{Workers: 1, LaneQueue: 4})
		s.session.mux = s.mux
		release := make(chan struct{})
		var quiet int
		var gaps []Gap
		On(s.mux, func(_ context.Context, e *note) error {
			if e.Text == "quiet" {
				quiet++
				return nil
			}
			<-release
			return nil
		})
		On(s.mux, func(_ context.Context, g *Gap) error { gaps = append(gaps, *g); return nil })
		s.session.Want(ada(1))
		c := s.accept()
		c.welcome("A")
		for range 20 {
			c.note("busy", "busy")
		}
		c.note("other", "quiet")
		for range 12 {
			time.Sleep(25 * time.Second)
			c.send(KindKeepalive, map[string]any{})
		}
		synctest.Wait()
		if c.left() {
			t.Error("the connection was given up")
		}
		if quiet != 1 {
			t.Errorf("events of another broadcaster: got %d, want 1", quiet)
		}
		if len(gaps) != 1 || gaps[0].Dropped != 15 || gaps[0].BroadcasterUserID != "busy" || len(gaps[0].Lost) != 1 {
			t.Errorf("gaps: got %+v, want one with 15 dropped events", gaps)
		}
		close(release)
		drain(t, s.mux)
	})
}

func TestEachUserHasItsOwnConnection(t *testing.T) {
	onStage(t, SessionOptions{}, func(t *testing.T, s *stage) {
		s.session.Want(ada(1))
		s.accept().welcome("A")
		s.session.mu.Lock()
		s.session.add(&want{target: newTarget(ada(2)), userID: "broadcaster"})
		s.session.announce()
		s.session.mu.Unlock()
		s.accept().welcome("B")
		s.wantCalls("bot creates test.note v1 broadcaster_user_id=1 on A", "broadcaster creates test.note v1 broadcaster_user_id=2 on B")
	})
}

func TestRunTwiceAtOnceIsRefused(t *testing.T) {
	onStage(t, SessionOptions{}, func(t *testing.T, s *stage) {
		if err := s.session.Run(t.Context()); err == nil {
			t.Error("the second Run: got no error")
		}
	})
}

func TestRunRefusesAnAddressThatCannotBeDialled(t *testing.T) {
	for _, address := range []string{"::", "eventsub.test/ws", "irc://eventsub.test"} {
		s := newSession(nil, NewMux(), SessionOptions{URL: address})
		if err := s.Run(t.Context()); err == nil || !strings.Contains(err.Error(), address) {
			t.Errorf("%s: got %v, want an error that names it", address, err)
		}
	}
}

// lockedText is a log that can be read while it is written.
type lockedText struct {
	mu   sync.Mutex
	text strings.Builder // guarded by mu
}

func (l *lockedText) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.Write(p)
}

func (l *lockedText) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.String()
}

func TestClockSkewAndClientErrorsAreLogged(t *testing.T) {
	var log lockedText
	o := SessionOptions{Logger: slog.New(slog.NewTextHandler(&log, nil))}
	onStage(t, o, func(t *testing.T, s *stage) {
		s.session.Want(ada(1))
		c := s.accept()
		c.welcome("A")
		for range 2 { // our clock is an hour ahead
			frame, err := json.Marshal(map[string]any{"metadata": map[string]any{
				"message_type": KindKeepalive, "message_timestamp": time.Now().Add(-time.Hour).UTC().Format(time.RFC3339Nano),
			}})
			if err != nil {
				t.Fatal(err)
			}
			c.write(frame)
			c.note("1", "hello")
		}
		if got := strings.Count(log.String(), "clock differs"); got != 1 {
			t.Errorf("warnings of the clock: got %d, want 1", got)
		}
		c.close(connection.CodeInbound)
		if !strings.Contains(log.String(), "level=ERROR") {
			t.Errorf("got the log %q, want our own mistake at level Error", log.String())
		}
		s.accept().welcome("B")
	})
}
