// Package connection implements the life cycle of one EventSub WebSocket connection:
// dialling, the welcome, keepalives, hand-overs to another address, losses and the
// waits between attempts.
//
// A [Machine] takes inputs with their times and returns outputs that the caller has to
// carry out. It does no I/O, reads no clock and starts no goroutine, so a test of hours
// takes microseconds. Package socket does the I/O.
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

	lateAfter     = 10 * time.Minute // age from which a notification counts as late
	healthyAfter  = time.Minute      // a connection that lasted this long counts as healthy
	unusedFloor   = 10 * time.Second // before dialling again after 4003, which Twitch sends after ten seconds without a subscription
	inboundFloor  = 30 * time.Second // before dialling again after 4001, which is caused by an error in the client
	handoverGrace = 30 * time.Second // from a reconnect message to the end of the old connection
	handoverRetry = time.Second      // between attempts at a reconnect address
	lingerTimeout = 2 * time.Second  // for messages still under way on the old side of a hand-over
)

var (
	// ErrNoWelcome is the reason of a link on which no welcome came in time.
	ErrNoWelcome = errors.New("no welcome message in time")
	// ErrSilent is the reason of a link that received no message for longer than the
	// session's keepalive time allows.
	ErrSilent = errors.New("connection went silent")
)

// A Machine holds the state of one connection. It is not safe for concurrent use.
type Machine struct {
	url       string        // of fresh connections
	keepalive time.Duration // requested; the time in Twitch's welcome takes precedence
	backoff   retry.Backoff

	needed  bool
	links   int   // dialled so far; the number of the newest
	current *link // in use, or will be once it is welcomed
	next    *link // the new side of a hand-over
	retired *link // the old side, read for a moment longer

	dialAt      time.Time // when to dial; zero while not waiting
	handoverURL string    // "" outside a hand-over
	handoverEnd time.Time // when Twitch gives up on the hand-over
	sessions    []string  // ids that hold the current subscriptions, the newest last

	broken *breach // set while the session has lost its connection and has no new one

	heard time.Time     // when the last keepalive, notification or welcome came
	skew  time.Duration // how far the local clock is ahead of Twitch's
	out   []Output
}

// A link is one WebSocket.
type link struct {
	id          int
	handover    bool // Twitch moves the subscriptions to this link
	welcomed    bool
	leaving     bool          // will be replaced: its keepalive timeout is ignored
	deadline    time.Time     // the link counts as lost if no message comes before
	silence     time.Duration // longest time without a message
	session     string
	lastMessage time.Time
}

// New returns a machine that dials url and expects a message at least every
// keepalive unless Twitch's welcome sets another time. Random returns the jitter of
// waits, in [0, 1); nil means math/rand/v2.
func New(url string, keepalive time.Duration, random func() float64) *Machine {
	return &Machine{
		url:       url,
		keepalive: keepalive,
		backoff:   retry.Backoff{Min: time.Second, Max: time.Minute, Healthy: healthyAfter, Rand: random},
	}
}

// Step handles one input. The caller must carry out the outputs in order; they are
// valid until the next call.
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
			m.heard = now
			l.messageReceived(now)
			m.measure(in.Sent, now)
		}
	case Notification:
		if l := m.link(in.Link); l != nil {
			m.heard = now
			l.messageReceived(now)
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

// Deadline returns the latest time for the next [Tick]; zero means never.
func (m *Machine) Deadline() time.Time {
	first := m.dialAt
	for _, l := range m.open() {
		if first.IsZero() || l.deadline.Before(first) {
			first = l.deadline
		}
	}
	return first
}

// Skew returns how far the local clock is ahead of Twitch's.
func (m *Machine) Skew() time.Duration { return m.skew }

// Heard returns when the last keepalive, notification or welcome was sent, by Twitch's
// clock. It is zero before the first.
func (m *Machine) Heard() time.Time {
	if m.heard.IsZero() {
		return time.Time{}
	}
	return m.heard.Add(-m.skew)
}

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

// messageReceived restarts the keepalive timer. Only messages do that: pings show that the
// network path works, not that the session still delivers.
func (l *link) messageReceived(now time.Time) {
	l.lastMessage = now
	if l.welcomed && !l.leaving {
		l.deadline = now.Add(l.silence)
	}
}

// measure updates the clock skew from a message that was just sent.
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
	// dialAt is kept: a new Want must not shorten a wait.
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
		if l == m.retired {
			m.retired = nil
			continue
		}
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
	m.heard = now
	l.messageReceived(now)
	m.backoff.Up(now)
	if l.handover {
		m.completeHandover(l, now)
		return
	}
	m.sessions = []string{l.session}
	m.emit(Session{IDs: slices.Clone(m.sessions), Fresh: true})
}
