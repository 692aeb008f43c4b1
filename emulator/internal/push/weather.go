package push

import (
	"slices"
	"sync"
	"time"

	"github.com/larkspur-dev/larkspur/eventsub"
	"github.com/larkspur-dev/larkspur/internal/retry"
)

// A Disturbance is what goes wrong between Twitch and its clients while connections live. Its
// choices depend on Seed, the subscription and how many notifications that one had: the
// same program gets the same choices each time.
type Disturbance struct {
	Type    eventsub.Type // only this type; default: all
	Session string        // only this session; default: every transport
	Seed    uint64

	Duplicate float64       // share of notifications that are sent twice
	Delay     time.Duration // of each notification
	Jitter    time.Duration // random, in addition; events overtake each other

	// Of webhooks.
	Refused    float64       // share of posts that do not reach the callback
	Unanswered float64       // share of posts whose response is lost
	Slow       time.Duration // pause in the middle of each body
}

// maxDelayed is how many notifications are delayed at a time; others are sent at once.
const maxDelayed = 1 << 16

// What random draws are for.
const (
	forDuplicate = iota
	forDelay
	forCopy
	forPost
)

// weather applies a disturbance.
type weather struct {
	Disturbance
	server *Server

	mu      sync.Mutex
	order   uint64      // guarded by mu; of delayed notifications that there were
	delayed []delayed   // guarded by mu; the next one first
	timer   *time.Timer // guarded by mu; for the first of delayed
}

// delayed is a notification that waits.
type delayed struct {
	at    time.Time
	order uint64
	sub   *subscription
	parcel
}

// Disturb replaces the disturbance; a zero one ends it. What is delayed is still sent.
func (s *Server) Disturb(d Disturbance) {
	if d == (Disturbance{}) {
		s.weather.Store(nil)
		return
	}
	s.weather.Store(&weather{Disturbance: d, server: s})
}

func (w *weather) covers(sub *subscription) bool {
	return (w.Type == eventsub.Type{} || w.Type == sub.kind) && (w.Session == "" || sub.session != nil && w.Session == sub.session.id)
}

func (w *weather) coversHook(l letter) bool {
	return (w.Type == eventsub.Type{} || w.Type == eventsub.Type{Name: l.name, Version: l.version}) && w.Session == "" && l.challenge == ""
}

// draw returns a number from 0 to 1, without 1.
func (w *weather) draw(key, n uint64, purpose uint64) float64 {
	return float64(mix(w.Seed^mix(key^mix(n<<3|purpose)))>>11) / (1 << 53)
}

// wait returns how long a notification is delayed.
func (w *weather) wait(key, n uint64, purpose uint64) time.Duration {
	return w.Delay + time.Duration(w.draw(key, n, purpose)*float64(w.Jitter))
}

// deliver sends an event as the disturbance has it. The caller holds Server.mu for reading
// at least.
func (w *weather) deliver(sub *subscription, body []byte) (slow *session) {
	n := sub.sends.Add(1)
	p := parcel{id: string(appendUUID(nil)), at: time.Now(), event: body}
	waits := []time.Duration{w.wait(sub.seed, n, forDelay)}
	if w.draw(sub.seed, n, forDuplicate) < w.Duplicate {
		waits = append(waits, w.wait(sub.seed, n, forCopy))
	}
	for _, wait := range waits {
		if wait > 0 && w.later(sub, p, wait) {
			continue
		}
		if ss := sub.hand(p); ss != nil {
			slow = ss
		}
	}
	return slow
}

// later sends a notification once wait is over. It reports false if too many wait already.
func (w *weather) later(sub *subscription, p parcel, wait time.Duration) bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	if len(w.delayed) >= maxDelayed {
		return false
	}
	w.order++
	d := delayed{time.Now().Add(wait), w.order, sub, p}
	at, _ := slices.BinarySearchFunc(w.delayed, d, func(a, b delayed) int {
		if c := a.at.Compare(b.at); c != 0 {
			return c
		}
		return -1 // after those of the same time
	})
	w.delayed = slices.Insert(w.delayed, at, d)
	if at == 0 {
		w.wake(wait)
	}
	return true
}

// wake makes send run. The caller holds w.mu.
func (w *weather) wake(in time.Duration) {
	in = retry.Positive(in)
	if w.timer == nil {
		w.timer = time.AfterFunc(in, w.send)
		return
	}
	w.timer.Reset(in)
}

// send sends the notifications whose time has come.
func (w *weather) send() {
	w.server.endSlow(w.sendDue()...)
}

func (w *weather) sendDue() (slow []*session) {
	w.server.mu.RLock()
	defer w.server.mu.RUnlock()
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.server.closed {
		w.delayed = nil
		return nil
	}
	now, due := time.Now(), 0
	for ; due < len(w.delayed) && !w.delayed[due].at.After(now); due++ {
		slow = append(slow, w.delayed[due].sub.hand(w.delayed[due].parcel))
	}
	w.delayed = slices.Delete(w.delayed, 0, due)
	if len(w.delayed) > 0 {
		w.wake(w.delayed[0].at.Sub(now))
	}
	return slow
}
