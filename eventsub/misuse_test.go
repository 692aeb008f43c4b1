package eventsub

import (
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

func panicOf(f func()) (p any) {
	defer func() { p = recover() }()
	f()
	return nil
}
