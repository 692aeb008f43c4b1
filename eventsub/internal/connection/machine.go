// Package connection is the life cycle of one EventSub WebSocket connection:
// dialling, the welcome, keepalives, hand-overs to another address, losses and the
// waits between attempts.
//
// A [Machine] is fed with what happened and when, and answers what to do. It does
// no I/O, reads no clock and starts nothing, so tests run through hours in
// microseconds. Package socket puts the I/O around it.
package connection

import (
	"errors"
	"slices"
	"time"

	"github.com/larkspur-dev/larkspur/internal/retry"
)

// Times of the life cycle.
const (
	WelcomeTimeout = 10 * time.Second // for the dial, and again for Twitch's welcome

	lateAfter     = 10 * time.Minute // age of a notification that is called late
	healthyAfter  = time.Minute      // a connection that lasted this long was a good one
	unusedFloor   = 10 * time.Second // before dialling again after 4003, which Twitch sends after ten seconds without a subscription
	inboundFloor  = 30 * time.Second // before dialling again after 4001, which is our mistake
	handoverGrace = 30 * time.Second // from a reconnect message to the end of the old connection
	handoverRetry = time.Second      // between attempts at a reconnect address
	lingerTimeout = 2 * time.Second  // for what is still under way on the old side of a hand-over
)

var (
	// ErrNoWelcome says that no welcome came in time.
	ErrNoWelcome = errors.New("no welcome message in time")
	// ErrSilent says that no message came for longer than the session's keepalive allows.
	ErrSilent = errors.New("connection went silent")
)

// A Machine is the life of one connection. It is not safe for concurrent use.
type Machine struct {
	url       string        // of fresh connections
	keepalive time.Duration // requested; what Twitch's welcome says takes precedence
	backoff   retry.Backoff

	needed  bool
	links   int   // dialled so far; the number of the newest
	current *link // serves, or will once it is welcomed
	next    *link // the new side of a hand-over
	retired *link // the old side, read for a moment longer

	dialAt      time.Time // when to dial; zero while not waiting
	handoverURL string    // "" outside a hand-over
	handoverEnd time.Time // when Twitch gives up on the hand-over
	sessions    []string  // ids that hold the current subscriptions, the newest last

	broken *breach // the session has lost its connection and not got a new one

	skew time.Duration // how far the local clock is ahead of Twitch's
	out  []Output
}

// A link is one WebSocket.
type link struct {
	id          int
	handover    bool // subscriptions move here by themselves
	welcomed    bool
	leaving     bool          // is to be replaced: its silence decides nothing any more
	deadline    time.Time     // dead when no message comes before this
	silence     time.Duration // that is tolerated
	session     string
	lastMessage time.Time
}

// New returns a machine that dials url and expects a message at least every
// keepalive unless Twitch's welcome says otherwise. Random yields the jitter of
// waits, in [0, 1); nil stands for math/rand/v2.
func New(url string, keepalive time.Duration, random func() float64) *Machine {
	return &Machine{
		url:       url,
		keepalive: keepalive,
		backoff:   retry.Backoff{Min: time.Second, Max: time.Minute, Healthy: healthyAfter, Rand: random},
	}
}

// Step feeds one input. The outputs have to be carried out in order; they are valid
// until the next call.
func (m *Machine) Step(in Input, now time.Time) []Output {
	m.out = m.out[:0]
	switch in := in.(type) {
	case Want:
		m.want(in.Needed, now)
	case Tick:
		m.tick(now)
	case Opened:
		if l := m.link(in.Link); l != nil {
			l.deadline = now.Add(WelcomeTimeout)
		}
	case Welcome:
		if l := m.link(in.Link); l != nil {
			m.welcome(l, in, now)
		}
	case Keepalive:
		if l := m.link(in.Link); l != nil {
			l.heard(now)
			m.measure(in.Sent, now)
		}
	case Notification:
		if l := m.link(in.Link); l != nil {
			l.heard(now)
			age := now.Add(-m.skew).Sub(in.Sent)
			m.emit(Deliver{Late: !in.Sent.IsZero() && age > lateAfter})
		}
	case Revocation:
		if m.link(in.Link) != nil {
			m.emit(Revoke{})
		}
	case Reconnect:
		if l := m.link(in.Link); l != nil {
			m.reconnect(l, in.URL, now)
		}
	case Closed:
		if l := m.link(in.Link); l != nil {
			m.closed(l, in.Code, in.Reason, now)
		}
	}
	return m.out
}

// Deadline is when to feed [Tick] at the latest; zero: never.
func (m *Machine) Deadline() time.Time {
	first := m.dialAt
	for _, l := range m.open() {
		if first.IsZero() || l.deadline.Before(first) {
			first = l.deadline
		}
	}
	return first
}

// Skew is how far the local clock is ahead of Twitch's.
func (m *Machine) Skew() time.Duration { return m.skew }

func (m *Machine) emit(out Output) { m.out = append(m.out, out) }

// open returns the links that are dialled or connected.
func (m *Machine) open() []*link {
	links := make([]*link, 0, 3)
	for _, l := range [...]*link{m.retired, m.next, m.current} {
		if l != nil {
			links = append(links, l)
		}
	}
	return links
}

func (m *Machine) link(id int) *link {
	for _, l := range [...]*link{m.current, m.next, m.retired} {
		if l != nil && l.id == id {
			return l
		}
	}
	return nil
}

// heard restarts the keepalive timer. Only messages do that: pings show that the
// network path works, not that the session still delivers.
func (l *link) heard(now time.Time) {
	l.lastMessage = now
	if l.welcomed && !l.leaving {
		l.deadline = now.Add(l.silence)
	}
}

// measure learns from a message that was just sent how far the clock is off.
func (m *Machine) measure(sent, now time.Time) {
	if !sent.IsZero() {
		m.skew = now.Sub(sent)
	}
}

func (m *Machine) want(needed bool, now time.Time) {
	if needed == m.needed {
		return
	}
	m.needed = needed
	if needed {
		if m.current == nil && m.dialAt.IsZero() {
			m.dial(now)
		}
		return
	}
	for _, l := range m.open() {
		m.emit(Drop{Link: l.id})
	}
	m.current, m.retired, m.broken = nil, nil, nil
	m.endHandover()
	// dialAt stays: wanting again does not get around a wait.
}

func (m *Machine) tick(now time.Time) {
	if !m.dialAt.IsZero() && !now.Before(m.dialAt) {
		m.dialAt = time.Time{}
		switch {
		case !m.needed:
		case m.handoverURL != "" && m.next == nil:
			m.dialHandover(now)
		case m.current == nil:
			m.dial(now)
		}
	}
	for _, l := range m.open() {
		if now.Before(l.deadline) || m.link(l.id) == nil {
			continue
		}
		m.emit(Drop{Link: l.id})
		reason := ErrNoWelcome
		if l.welcomed {
			reason = ErrSilent
		}
		m.closed(l, CodeNone, reason, now)
	}
}

// dial opens a fresh connection.
func (m *Machine) dial(now time.Time) {
	m.links++
	m.dialAt = time.Time{}
	m.current = &link{id: m.links, deadline: now.Add(WelcomeTimeout)}
	m.emit(Dial{Link: m.links, URL: m.url})
}

func (m *Machine) welcome(l *link, in Welcome, now time.Time) {
	if l.welcomed || l.leaving {
		return
	}
	m.measure(in.Sent, now)
	l.welcomed, l.session = true, in.Session
	keepalive := m.keepalive
	if in.Keepalive > 0 {
		keepalive = in.Keepalive
	}
	l.silence = keepalive + keepalive/5
	l.heard(now)
	m.backoff.Up(now)
	if l.handover {
		m.completeHandover(l, now)
		return
	}
	m.sessions = []string{l.session}
	m.emit(Session{IDs: slices.Clone(m.sessions), Fresh: true})
}
