package chat

import (
	"math/rand/v2"
	"slices"
	"sync"
	"time"

	"github.com/larkspur-dev/larkspur/internal/retry"
)

// A Disturbance is what goes wrong with the lines of channels while connections live. Its
// choices depend on Seed, the connection's number and how many lines that one had: the same
// program gets the same choices each time.
type Disturbance struct {
	Connection    string // id or login; default: all
	BroadcasterID string // only lines of this channel; default: all
	Seed          uint64

	Duplicate float64       // share of lines that are sent twice
	Lost      float64       // share of lines that are not sent
	Delay     time.Duration // of each line
	Jitter    time.Duration // random, in addition; lines overtake each other
}

// maxDelayed is how many lines are delayed at a time; others are sent at once.
const maxDelayed = 1 << 16

// What random draws are for.
const (
	forDuplicate = iota
	forLoss
	forDelay
	forCopy
)

// weather applies a disturbance.
type weather struct {
	Disturbance

	mu      sync.Mutex
	order   uint64        // guarded by mu; of delayed lines that there were
	delayed []delayedLine // guarded by mu; the next one first
	timer   *time.Timer   // guarded by mu; for the first of delayed
}

type delayedLine struct {
	at    time.Time
	order uint64
	to    *client
	line  []byte
}

// Disturb replaces the disturbance; a zero one ends it. What is delayed is still sent.
func (s *Server) Disturb(d Disturbance) {
	if d == (Disturbance{}) {
		s.weather.Store(nil)
		return
	}
	s.weather.Store(&weather{Disturbance: d})
}

// sendInRoom is send for lines about a channel, which a disturbance may reach.
func (c *client) sendInRoom(broadcasterID string, m *message, need capability) {
	w := c.server.weather.Load()
	if w == nil || !w.covers(c, broadcasterID) {
		c.send(m, need)
		return
	}
	if c.has(need) {
		w.deliver(c, m.bytes(c.has(capTags)))
	}
}

func (w *weather) covers(c *client, broadcasterID string) bool {
	return (w.Connection == "" || w.Connection == c.id() || w.Connection == c.user.Login) && (w.BroadcasterID == "" || w.BroadcasterID == broadcasterID)
}

// draw returns a number from 0 to 1, without 1.
func (w *weather) draw(connection, n, purpose uint64) float64 {
	return rand.New(rand.NewPCG(w.Seed^connection<<32, n<<2|purpose)).Float64() //nolint:gosec // the same seed must give the same choices
}

func (w *weather) deliver(c *client, line []byte) {
	n := c.lines.Add(1)
	if w.draw(c.number, n, forLoss) < w.Lost {
		return
	}
	waits := []time.Duration{w.wait(c.number, n, forDelay)}
	if w.draw(c.number, n, forDuplicate) < w.Duplicate {
		waits = append(waits, w.wait(c.number, n, forCopy))
	}
	for _, wait := range waits {
		if wait <= 0 || !w.later(c, line, wait) {
			c.check(c.out.Add(line))
		}
	}
}

// wait returns how long a line is delayed.
func (w *weather) wait(connection, n, purpose uint64) time.Duration {
	return w.Delay + time.Duration(w.draw(connection, n, purpose)*float64(w.Jitter))
}

// later sends a line once wait is over. It reports false if too many wait already.
func (w *weather) later(c *client, line []byte, wait time.Duration) bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	if len(w.delayed) >= maxDelayed {
		return false
	}
	w.order++
	d := delayedLine{time.Now().Add(wait), w.order, c, line}
	at, _ := slices.BinarySearchFunc(w.delayed, d, func(a, b delayedLine) int {
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

// send sends the lines whose time has come. Connections that ended take none.
func (w *weather) send() {
	w.mu.Lock()
	defer w.mu.Unlock()
	now, due := time.Now(), 0
	for ; due < len(w.delayed) && !w.delayed[due].at.After(now); due++ {
		d := w.delayed[due]
		d.to.check(d.to.out.Add(d.line))
	}
	w.delayed = slices.Delete(w.delayed, 0, due)
	if len(w.delayed) > 0 {
		w.wake(w.delayed[0].at.Sub(now))
	}
}
