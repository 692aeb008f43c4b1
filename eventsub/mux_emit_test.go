package eventsub

import (
	"context"
	"errors"
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

// A goal is an event of a program's own, with a field that JSON does not have.
type goal struct {
	Meta Meta `json:"-"`

	Channel string
	done    chan<- string
}

func (goal) Type() Type              { return Type{Name: "mybot.goal", Version: "1"} }
func (goal) SemanticKey() string     { return "" }
func (g goal) BroadcasterID() string { return g.Channel }

// named is an event with any type.
type named struct{ t Type }

func (n named) Type() Type        { return n.t }
func (named) SemanticKey() string { return "" }

func TestEmittedEventReachesAllListenersAsTheSameValue(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m := NewMux()
		m.Use(Dedup(time.Minute))
		done := make(chan string, 1)
		sent := &goal{Channel: "ada", done: done}
		var seen, any *goal
		On(m, func(_ context.Context, e *goal) error { seen = e; e.done <- e.Meta.MessageID; return nil })
		m.OnAny(func(_ context.Context, n Notification) error {
			p, err := n.Payload()
			any, _ = p.(*goal)
			if n.Event != nil || n.lane() != "ada" || n.Type != sent.Type() || n.Meta.Subscription.Type != "mybot.goal" {
				t.Errorf("got %+v, want no JSON, ada's lane and the type", n)
			}
			return err
		})
		waited := make(chan *goal, 1)
		go func() {
			e, _ := WaitFor(t.Context(), m, func(e *goal) bool { return e.Channel == "ada" })
			waited <- e
		}()
		synctest.Wait()
		before := time.Now()
		if err := m.Emit(t.Context(), sent); err != nil {
			t.Fatalf("got %v, want none", err)
		}
		drain(t, m)
		if seen != sent || any != sent || <-waited != sent {
			t.Error("a listener got another value")
		}
		if id := <-done; id == "" || id != sent.Meta.MessageID || !sent.Meta.Timestamp.Equal(before) {
			t.Errorf("got id %q and %+v, want the value's id and time", id, sent.Meta)
		}
		if s := m.Stats(); s.Errors != 0 || s.Dispatched != 1 {
			t.Errorf("got %+v, want one without error", s)
		}
	})
}

func TestEmitTakesAValueToo(t *testing.T) {
	m := NewMux()
	done := make(chan string, 2)
	On(m, func(_ context.Context, e *goal) error { e.done <- e.Channel; return nil })
	for range 2 { // with ids of their own
		if err := m.Emit(t.Context(), goal{Channel: "ada", done: done}); err != nil {
			t.Fatalf("got %v, want none", err)
		}
	}
	drain(t, m)
	if a, b := <-done, <-done; a != "ada" || b != "ada" {
		t.Errorf("got %q and %q, want ada twice", a, b)
	}
}

// impostor has the type of goal but is another Go type.
type impostor struct{ goal }

func TestEmitToAHandlerOfAnotherGoType(t *testing.T) {
	m := NewMux()
	On(m, func(context.Context, *impostor) error { t.Error("called with another type"); return nil })
	if err := m.Emit(t.Context(), &goal{}); err != nil {
		t.Fatalf("got %v, want none", err)
	}
	drain(t, m)
	if s := m.Stats(); s.Errors != 1 {
		t.Errorf("got %+v, want an error", s)
	}
}

func TestEmitRefusesNamesOfOthers(t *testing.T) {
	m := NewMux()
	m.OnAny(func(_ context.Context, n Notification) error { t.Errorf("handled %s", n.Type); return nil })
	for _, tt := range []struct {
		name    string
		payload Payload
		err     string
	}{
		{"of Twitch", &ChannelFollow{}, "Twitch has events of this name"},
		{"of Twitch, another version", named{Type{Name: "channel.follow", Version: "99"}}, "Twitch has events of this name"},
		{"of Larkspur", &Gap{}, "reserved"},
		{"of Larkspur, new", named{Type{Name: "larkspur.tea", Version: "1"}}, "reserved"},
		{"no name", named{}, "no name"},
		{"nil", nil, "nil"},
		{"nil pointer", (*goal)(nil), "nil"},
	} {
		if err := m.Emit(t.Context(), tt.payload); err == nil || !strings.Contains(err.Error(), tt.err) {
			t.Errorf("%s: got %v, want %s", tt.name, err, tt.err)
		}
	}
	drain(t, m)
}

func TestEmitDoesNotWait(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m := NewMux(MuxOptions{LaneQueue: 1})
		result := make(chan error, 1)
		On(m, func(ctx context.Context, e *goal) error {
			if e.Channel == "ada" {
				_ = m.Emit(ctx, &goal{})
			}
			return nil
		})
		On(m, func(ctx context.Context, _ *note) error {
			_ = m.Emit(ctx, &goal{Channel: "ada"})
			result <- m.Emit(ctx, &goal{Channel: "ada"})
			return nil
		})
		events := Chan[goal](t.Context(), m, 8)
		dispatch(t, m, aNote("1", "ada", ""))
		if err := <-result; !errors.Is(err, ErrQueueFull) {
			t.Errorf("got %v, want %v", err, ErrQueueFull)
		}
		drain(t, m)
		synctest.Wait()
		<-events
		<-events
		select {
		case e := <-events:
			t.Errorf("got %+v, want nothing of the event that was refused", e)
		default:
		}
	})
}
