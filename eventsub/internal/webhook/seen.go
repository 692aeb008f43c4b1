package webhook

import (
	"context"
	"sync"
)

// Seen remembers the ids of the messages that were accepted last. Twitch sends a
// message again if it missed the response, with the same id.
type Seen struct {
	most int

	mu    sync.Mutex
	ids   map[string]*Turn // guarded by mu; nil for an accepted message
	order []string         // guarded by mu; a ring of the accepted ids
	next  int              // guarded by mu; the oldest of a full ring
}

// NewSeen returns a Seen that remembers at most the given number of accepted ids.
func NewSeen(most int) *Seen { return &Seen{most: most, ids: map[string]*Turn{}} }

// A Turn is the right to accept a message. Each must be ended.
type Turn struct {
	seen  *Seen
	id    string
	ended chan struct{} // guarded by seen.mu; made by the first that waits
}

// Begin returns a turn for the message with an id, or nil if the message was accepted
// before. While another turn for the same message lasts, it waits for the outcome. It
// returns the error of ctx if that ends first.
func (s *Seen) Begin(ctx context.Context, id string) (*Turn, error) {
	for {
		s.mu.Lock()
		other, known := s.ids[id]
		if !known {
			turn := &Turn{seen: s, id: id}
			s.ids[id] = turn
			s.mu.Unlock()
			return turn, nil
		}
		if other == nil {
			s.mu.Unlock()
			return nil, nil
		}
		if other.ended == nil {
			other.ended = make(chan struct{})
		}
		ended := other.ended
		s.mu.Unlock()
		select {
		case <-ended:
		case <-ctx.Done():
			return nil, context.Cause(ctx)
		}
	}
}

// End ends the turn. Unless the message was accepted, the next one with its id gets a
// turn.
func (t *Turn) End(accepted bool) {
	s := t.seen
	s.mu.Lock()
	defer s.mu.Unlock()
	if t.ended != nil {
		close(t.ended)
	}
	if !accepted {
		delete(s.ids, t.id)
		return
	}
	s.ids[t.id] = nil
	if len(s.order) < s.most {
		s.order = append(s.order, t.id)
		return
	}
	delete(s.ids, s.order[s.next])
	s.order[s.next] = t.id
	s.next = (s.next + 1) % s.most
}
