package chat

import (
	"context"
	"time"
)

// observeFor is how long a lost answer is looked for among the account's own messages.
const observeFor = 5 * time.Second

// An expectation is a message that is being sent.
type expectation struct {
	text string
	id   string        // set before seen is closed
	seen chan struct{} // closed when the account's own message was observed
}

// sees reports whether a message whose answer was lost appears in chat. It waits for that
// if the account's own messages are observed.
func (s *Sender) sees(ctx context.Context, x *expectation) bool {
	s.mu.Lock()
	observed := s.observed
	s.mu.Unlock()
	if !observed || x.wasSeen() {
		return observed
	}
	timer := time.NewTimer(observeFor)
	defer timer.Stop()
	select {
	case <-x.seen:
		return true
	case <-timer.C:
	case <-ctx.Done():
	}
	return x.wasSeen()
}

// wasSeen reports whether the message was observed.
func (x *expectation) wasSeen() bool {
	select {
	case <-x.seen:
		return true
	default:
		return false
	}
}

// Observe tells the Sender of a message that was received, from whatever source. From the
// account's own messages the Sender learns its badges in a channel, and that a message
// whose answer was lost was shown. Messages of other accounts are ignored. Observe returns
// at once.
func (s *Sender) Observe(m *Message) {
	if m.FromOtherChannel() {
		return
	}
	s.mu.Lock()
	s.observed = true
	own := isSame(s.self(), m.Chatter.User)
	if own {
		r := s.room(m.Broadcaster)
		r.roles = m.Chatter.Roles
		if x := r.expect; x != nil && x.id == "" && m.ID != "" && x.text == Trim(m.Text) && !r.knows(m.ID) {
			x.id = m.ID
			close(x.seen)
		}
	}
	s.mu.Unlock()
	if own {
		s.dispatch()
	}
}

// knows reports whether the message with the id was accepted before.
func (r *room) knows(id string) bool {
	for _, t := range r.recent {
		if t.id == id {
			return true
		}
	}
	return false
}
