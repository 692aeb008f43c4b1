package chat

import (
	"errors"
	"slices"
	"time"

	"github.com/larkspur-dev/larkspur/internal/retry"
)

// askAgain is how often a carrier that is not ready is asked.
const askAgain = time.Second

// dispatch gives the turn to all entries that may send now, and sets the timer for the
// next.
func (s *Sender) dispatch() {
	s.mu.Lock()
	defer s.mu.Unlock()
	now := time.Now()
	s.survey()
	for {
		r, wait := s.next(now)
		if r == nil {
			s.arm(wait)
			return
		}
		e := r.queue[0]
		s.turns++
		r.served, r.busy, e.granted = s.turns, true, true
		r.started, r.low = now, !s.moderates(r, now)
		s.account.begin()
		r.window.begin()
		e.turn <- nil
	}
}

// arm makes dispatch run again after wait; 0 means not by itself.
func (s *Sender) arm(wait time.Duration) {
	switch {
	case wait <= 0 && s.timer != nil:
		s.timer.Stop()
	case wait <= 0:
	case s.timer == nil:
		s.timer = time.AfterFunc(retry.Positive(wait), s.dispatch)
	default:
		s.timer.Reset(retry.Positive(wait))
	}
}

// survey asks the carrier which channels can be written to, and ends the messages to
// those that never can.
func (s *Sender) survey() {
	if s.ready == nil {
		return
	}
	for _, r := range slices.Clone(s.active) {
		if r.busy {
			continue
		}
		r.unready = s.ready.Ready(r.user)
		if r.unready == nil || errors.Is(r.unready, ErrNotReady) {
			continue
		}
		for _, e := range slices.Clone(r.queue) {
			s.stats.Failed += int64(e.left())
			s.fail(e, r.unready)
		}
	}
}

// next returns the room whose first entry gets the turn now. If there is none, it returns
// how long to wait, 0 if an answer or a change of the carrier must come first.
func (s *Sender) next(now time.Time) (best *room, wait time.Duration) {
	later := func(d time.Duration) {
		if d > 0 && (wait == 0 || d < wait) {
			wait = d
		}
	}
	claims, claim := s.claim(now)
	hold := s.hold(now)
	for _, r := range s.active {
		if r.busy {
			continue
		}
		if r.unready != nil {
			later(askAgain) // also if the carrier forgets to tell
			continue
		}
		moderates := s.moderates(r, now)
		if d, ok := s.due(r, moderates, now); !ok || d > 0 {
			later(d)
			continue
		}
		if d, ok := s.account.due(now, s.o.Limits.Messages); hold > 0 && (!ok || d > 0) {
			later(hold)
			continue
		}
		if claims && moderates && r.first().m.Priority <= claim && r.window.used(now) >= s.share() {
			d, _ := r.window.due(now, s.share())
			later(d)
			continue
		}
		if best == nil || r.before(best) {
			best = r
		}
	}
	return best, wait
}

// due returns when the first entry of a room may be sent, as [window.due] does.
func (s *Sender) due(r *room, moderates bool, now time.Time) (wait time.Duration, ok bool) {
	n := s.o.Limits.Messages
	if moderates {
		n = s.o.Limits.ModMessages
	} else {
		wait = r.last.Add(between).Sub(now)
	}
	wait = max(wait, r.pause.Sub(now), 0)
	all := n
	if s.o.Limits.Account > 0 {
		all = s.o.Limits.Account
		own, ok := r.window.due(now, n)
		if !ok {
			return 0, false
		}
		wait = max(wait, own)
	}
	d, ok := s.account.due(now, all)
	return max(wait, d), ok
}

// holdFor bounds how long a message under the lower limit holds back others.
const holdFor = 2 * time.Second

// hold returns for how long the lower limit of an account that is not verified applies to
// all channels, unless an answer comes first: while a message under that limit is on its
// way, the others may overtake it, and then it would be one too many for Twitch.
func (s *Sender) hold(now time.Time) time.Duration {
	var hold time.Duration
	for _, r := range s.active {
		if r.busy && r.low && s.o.Limits.Account == 0 {
			hold = max(hold, r.started.Add(holdFor).Sub(now))
		}
	}
	return hold
}

// share is how many messages in 30 seconds a channel may have while another waits for the
// lower limit.
func (s *Sender) share() int { return max(1, s.o.Limits.Messages/2) }

// claim reports whether a message waits for the lower limit of an account that is not
// verified, although its channel had less than its share; and the highest priority of
// such messages. Without this rule, messages to a channel that the account moderates could
// keep all others out for good: up to 100 of them count against the limit of 20.
func (s *Sender) claim(now time.Time) (claims bool, p Priority) {
	if s.o.Limits.Account > 0 {
		return false, 0
	}
	if wait, ok := s.account.due(now, s.o.Limits.Messages); ok && wait == 0 {
		return false, 0
	}
	for _, r := range s.active {
		if r.busy || r.unready != nil || s.moderates(r, now) || r.window.used(now) >= s.share() {
			continue
		}
		if first := r.first().m.Priority; !claims || first > p {
			claims, p = true, first
		}
	}
	return claims, p
}

// release takes the turn from an entry. counts is false if nothing was sent.
func (s *Sender) release(e *entry, now time.Time, counts bool) {
	e.granted = false
	r := e.room
	r.busy = false
	s.account.end(now, counts)
	r.window.end(now, counts)
	if counts {
		r.last = now
	}
}
