package eventsub

import (
	"context"
	"testing"

	"github.com/larkspur-dev/larkspur/helix"
)

// Otherwise a nil would panic later in a goroutine of the session or of the mux, and
// the stack would not show the caller.
func TestNilArgumentPanicsAtTheCall(t *testing.T) {
	mux := NewMux()
	tw := helix.New("id", helix.StaticToken("1", "token"), helix.Options{})
	session := NewSession(tw, mux, SessionOptions{})
	for _, row := range []struct {
		want    string
		mistake func()
	}{
		{"eventsub: On: the handler is nil", func() { On[ChannelFollow](mux, nil) }},
		{"eventsub: OnAny: the handler is nil", func() { mux.OnAny(nil) }},
		{"eventsub: Use: the middleware is nil", func() { mux.Use(Log(nil), nil) }},
		{"eventsub: NewSession: the client or the mux is nil", func() { NewSession(nil, mux, SessionOptions{}) }},
		{"eventsub: NewSession: the client or the mux is nil", func() { NewSession(tw, nil, SessionOptions{}) }},
		{"eventsub: use NewMux", func() { NewSession(tw, new(Mux), SessionOptions{}) }},
		{"eventsub: Want: condition 1 is nil", func() { session.Want(StreamOnlineCondition{BroadcasterUserID: "1"}, nil) }},
		{"eventsub: Unwant: condition 0 is nil", func() { session.Unwant(nil) }},
	} {
		if got := panicOf(row.mistake); got != row.want {
			t.Errorf("got %v, want the panic %q", got, row.want)
		}
	}
	if wanted := session.Wanted(); len(wanted) != 0 {
		t.Errorf("got %v wanted after a refused call, want nothing", wanted)
	}
	session.Want() // an empty list is valid
	mux.Use()
}

// Dispatch of a zero Mux waited for ever, and On panicked with "assignment to entry in nil
// map".
func TestMuxWithoutNewMuxPanicsWithAHint(t *testing.T) {
	ctx := t.Context()
	for name, mux := range map[string]*Mux{"zero": new(Mux), "nil": nil} {
		for call, f := range map[string]func(){
			"Dispatch":    func() { _ = mux.Dispatch(ctx, aNote("1", "1", "")) },
			"Offer":       func() { _ = mux.Offer(ctx, aNote("1", "1", "")) },
			"On":          func() { On(mux, failing) },
			"OnAny":       func() { mux.OnAny(func(context.Context, Notification) error { return nil }) },
			"Use":         func() { mux.Use(Dedup(0)) },
			"Use of none": func() { mux.Use() },
		} {
			if got := panicOf(f); got != "eventsub: use NewMux" {
				t.Errorf("%s of a %s Mux: got the panic %v", call, name, got)
			}
		}
	}
}

// Each notification caused a nil call in a goroutine of the mux.
func TestMiddlewareThatReturnsNilPanicsInUse(t *testing.T) {
	mux := NewMux()
	got := panicOf(func() { mux.Use(func(Handler) Handler { return nil }) })
	if got != "eventsub: Use: the middleware returned nil" {
		t.Errorf("got the panic %v", got)
	}
	calls := 0
	On(mux, func(context.Context, *note) error { calls++; return nil })
	dispatch(t, mux, aNote("1", "1", ""))
	drain(t, mux)
	if calls != 1 {
		t.Errorf("after that the mux made %d calls, want 1", calls)
	}
}

func panicOf(f func()) (p any) {
	defer func() { p = recover() }()
	f()
	return nil
}
