package chat

import (
	"context"
	"errors"
	"time"
)

const (
	notReadyWait = 250 * time.Millisecond // before a carrier that was not ready is asked again
	slowFor      = 30 * time.Second       // after a message that Twitch dropped because of its limits
	maxVaried    = 3                      // variations of a text that Twitch says it knows
)

// sendPart sends one part of an entry.
func (s *Sender) sendPart(ctx context.Context, e *entry, text string) (id string, err error) {
	expires := time.Now().Add(e.m.TTL)
	for varied := 0; ; {
		if err := s.await(ctx, e, expires); err != nil {
			return "", err
		}
		m, x := s.begin(e, text, varied)
		id, err := e.carry(ctx, m)
		if errors.Is(err, ErrUnknownOutcome) && s.sees(ctx, x) {
			id, err = x.id, nil
		}
		again := errors.Is(err, ErrNotReady)
		if isDropped(err, codeDuplicate) && e.m.Evade && varied < maxVaried {
			varied++
			again = true
		}
		s.end(e, m.Text, id, err, again)
		if !again {
			return id, err
		}
	}
}

// begin returns the message to be sent for an entry that has the turn.
func (s *Sender) begin(e *entry, text string, varied int) (Outgoing, *expectation) {
	s.mu.Lock()
	defer s.mu.Unlock()
	m, r, now := e.m, e.room, time.Now()
	m.Text, m.Split = text, false
	if e.m.Evade && (varied > 0 || !s.moderates(r, now)) {
		m.Text = r.unlike(now, text, varied)
	}
	r.expect = &expectation{text: Trim(m.Text), seen: make(chan struct{})}
	return m, r.expect
}

// end records how an attempt ended. With again the entry stays in the queue for another.
func (s *Sender) end(e *entry, text, id string, err error, again bool) {
	s.mu.Lock()
	now, r := time.Now(), e.room
	r.expect = nil
	s.release(e, now, !errors.Is(err, ErrNotReady))
	switch {
	case errors.Is(err, ErrNotReady):
		r.pause = now.Add(notReadyWait)
	case err == nil || errors.Is(err, ErrUnknownOutcome) || isDropped(err, codeDuplicate):
		r.remember(now, text, id)
	case isDropped(err, codeRateLimit):
		r.slow = now.Add(slowFor)
	}
	switch {
	case again:
	case err != nil:
		s.stats.count(err)
		s.stats.Failed += int64(e.left() - 1) // the parts behind it
		s.remove(e)
	default:
		s.stats.Accepted++
		if e.left() == 1 {
			s.remove(e)
			break
		}
		e.done++
		r.waiting--
		s.waiting--
	}
	s.mu.Unlock()
	s.dispatch()
}
