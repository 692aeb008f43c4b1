package chat

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/larkspur-dev/larkspur/internal/retry"
)

// An entry is a call that waits in the queue of its channel, with one message or the
// parts of one.
type entry struct {
	m     Outgoing
	parts []string
	carry func(ctx context.Context, m Outgoing) (string, error)
	turn  chan error // receives nil when the next part may be sent, or why it never will; holds one

	room *room // set by enter

	seq     uint64 // guarded by Sender.mu
	done    int    // guarded by Sender.mu; parts that were sent
	granted bool   // guarded by Sender.mu; has the turn
	queued  bool   // guarded by Sender.mu; is in the queue of its room
}

func (e *entry) left() int { return len(e.parts) - e.done }

// enter puts an entry into the queue. If there is no room, it makes room or returns
// ErrQueueFull.
func (s *Sender) enter(e *entry) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if e.left() > s.o.Queue {
		s.stats.Crowded += int64(e.left())
		return ErrQueueFull
	}
	e.room = s.room(e.m.Channel)
	for s.waiting+e.left() > s.o.Queue {
		victim := s.victim(e)
		s.stats.Crowded += int64(victim.left())
		if victim == e {
			return ErrQueueFull
		}
		s.fail(victim, ErrQueueFull)
	}
	s.seq++
	e.seq, e.queued = s.seq, true
	r := e.room
	i := len(r.queue)
	for i > 0 && r.queue[i-1].m.Priority < e.m.Priority {
		i--
	}
	if len(r.queue) == 0 {
		s.active = append(s.active, r)
	}
	r.queue = slices.Insert(r.queue, i, e)
	r.waiting += e.left()
	s.waiting += e.left()
	return nil
}

// victim returns the entry to give up for a new one: see [Sender].
func (s *Sender) victim(e *entry) *entry {
	worst, longest := e, e.room.waiting+e.left()
	for _, r := range s.active {
		length := r.waiting
		if r == e.room {
			length += e.left()
		}
		for _, other := range slices.Backward(r.queue) {
			if other.granted || other.done > 0 {
				continue
			}
			p, than := other.m.Priority, worst.m.Priority
			if p < than || p == than && length > longest {
				worst, longest = other, length
			}
			break // those before it have the same priority or a higher one, and are older
		}
	}
	return worst
}

// fail ends the wait of an entry that has not the turn.
func (s *Sender) fail(e *entry, err error) {
	s.remove(e)
	e.turn <- err
}

// remove takes an entry out of the queue.
func (s *Sender) remove(e *entry) {
	if !e.queued {
		return
	}
	e.queued = false
	r := e.room
	r.queue = slices.DeleteFunc(r.queue, func(other *entry) bool { return other == e })
	r.waiting -= e.left()
	s.waiting -= e.left()
	if len(r.queue) == 0 {
		s.active = slices.DeleteFunc(s.active, func(other *room) bool { return other == r })
	}
}

// leave removes an entry whose call ends. If the entry has the turn, another gets it.
func (s *Sender) leave(e *entry) {
	s.mu.Lock()
	again := e.queued
	if e.granted {
		s.release(e, time.Now(), false)
	}
	s.remove(e)
	s.mu.Unlock()
	if again {
		s.dispatch()
	}
}

// await returns nil when e has the turn.
func (s *Sender) await(ctx context.Context, e *entry, expires time.Time) error {
	timer := retry.NewTimer()
	defer timer.Stop()
	timer.Set(expires)
	for {
		var changed <-chan struct{}
		if s.ready != nil {
			changed = s.ready.Changed()
		}
		s.dispatch()
		select {
		case err := <-e.turn:
			return err
		case <-changed:
		case <-timer.C:
			return s.giveUp(e, ErrExpired)
		case <-ctx.Done():
			return s.giveUp(e, interrupted(ctx))
		}
	}
}

// giveUp counts a message that was not sent, and returns err with the reason for the wait
// if it is not a limit.
func (s *Sender) giveUp(e *entry, err error) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if !e.queued {
		return err // the queue gave it up at the same moment, and counted it
	}
	if !errors.Is(err, ErrExpired) {
		s.stats.Failed += int64(e.left())
		return err
	}
	s.stats.Expired += int64(e.left())
	if why := e.room.unready; why != nil {
		return fmt.Errorf("%w: %w", err, why)
	}
	return err
}
