package heat

import (
	"context"
	"testing"
)

// A client that does not read must not make the server keep its messages.
func TestSlowClientIsDisconnected(t *testing.T) {
	s := New(t.Context(), func(string) bool { return true })
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	c := &client{out: make(chan []byte, queued), slow: cancel}
	s.add("1", c)
	for range queued {
		s.Click("1", "2", 0.5, 0.5)
	}
	if ctx.Err() != nil {
		t.Errorf("disconnected after %d messages, want not before the queue is full", queued)
	}
	s.Click("1", "2", 0.5, 0.5)
	if ctx.Err() == nil || len(c.out) != queued {
		t.Errorf("got %d messages waiting, connected %t, want %d and disconnected", len(c.out), ctx.Err() == nil, queued)
	}
	s.remove("1", c)
	if n := s.Click("1", "2", 0.5, 0.5); n != 0 {
		t.Errorf("got %d connections after the client left, want 0", n)
	}
}
