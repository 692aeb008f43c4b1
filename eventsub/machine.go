package eventsub

import (
	"slices"
	"time"

	"github.com/larkspur-dev/larkspur/internal/retry"
)

// Times of the connection's life cycle.
const (
	welcomeWait   = 10 * time.Second // for the dial, and again for Twitch's welcome
	reconnectWait = 30 * time.Second // from a reconnect message to the end of the old connection
	unusedFloor   = 10 * time.Second // before dialling again after 4003, which Twitch sends after ten idle seconds
	inboundFloor  = 30 * time.Second // before dialling again after 4001, which is our mistake
	healthyAfter  = time.Minute      // a connection that stood this long was a good one
	lateAfter     = 10 * time.Minute
	redialWait    = time.Second     // between attempts at a reconnect address
	lingerWait    = 2 * time.Second // for what is still under way on the old side of a hand-over
)

// A machine is the life of one user's EventSub connection as a function: it is
// fed with what happened and when, and answers what to do. It does no I/O, reads
// no clock and starts nothing. It is not safe for concurrent use.
type machine struct {
	base      string        // address of fresh connections
	keepalive time.Duration // asked for; Twitch's answer counts
	backoff   retry.Backoff

	wanted  bool // somebody wants subscriptions: without any, Twitch closes with 4003
	links   int  // connections dialled so far; the last one's number
	current *link
	next    *link // the other side of a hand-over
	retired *link // the old side, read to its end for a moment

	again       time.Time // when to dial; zero while not waiting
	handoverURL string    // where next came from; "" outside a hand-over
	handoverEnd time.Time // when Twitch gives up on the hand-over
	ours        []string  // session ids that hold the current subscriptions

	lost   loss
	missed bool // lost is set: there was a session and it is gone

	skew time.Duration // how far our clock is ahead of Twitch's
}

// A link is one WebSocket connection.
type link struct {
	id        int
	handover  bool // subscriptions move here by themselves
	welcomed  bool
	retired   bool
	deadline  time.Time // dead when nothing comes before this
	silence   time.Duration
	session   string
	lastFrame time.Time
}

func newMachine(base string, keepalive time.Duration, random func() float64) *machine {
	return &machine{
		base:      base,
		keepalive: keepalive,
		backoff:   retry.Backoff{Min: time.Second, Max: time.Minute, Healthy: healthyAfter, Rand: random},
	}
}

// step feeds the machine.
func (m *machine) step(in input, now time.Time) []output {
	switch in := in.(type) {
	case inWanted:
		return m.onWanted(in.wanted, now)
	case inTick:
		return m.onTick(now)
	case inDialed:
		if l := m.link(in.link); l != nil {
			l.deadline = now.Add(welcomeWait)
		}
	case inRestored:
		return m.onRestored(now)
	case inSign:
		if l := m.link(in.link); l != nil {
			l.alive(now)
		}
	case inFrame:
		if l := m.link(in.link); l != nil {
			l.alive(now)
			return m.onMessage(l, in.msg, now)
		}
	case inClosed:
		if l := m.link(in.link); l != nil {
			return m.onClosed(l, in.err, now)
		}
	}
	return nil
}

// deadline is when to feed inTick at the latest; zero: never.
func (m *machine) deadline() time.Time {
	var first time.Time
	consider := func(t time.Time) {
		if !t.IsZero() && (first.IsZero() || t.Before(first)) {
			first = t
		}
	}
	consider(m.again)
	for _, l := range []*link{m.current, m.next, m.retired} {
		if l != nil {
			consider(l.deadline)
		}
	}
	return first
}

func (m *machine) link(id int) *link {
	for _, l := range []*link{m.current, m.next, m.retired} {
		if l != nil && l.id == id {
			return l
		}
	}
	return nil
}

func (l *link) alive(now time.Time) {
	l.lastFrame = now
	if l.welcomed && !l.retired {
		l.deadline = now.Add(l.silence)
	}
}

func (m *machine) onWanted(wanted bool, now time.Time) []output {
	if wanted == m.wanted {
		return nil
	}
	m.wanted = wanted
	if wanted {
		if m.current != nil || !m.again.IsZero() {
			return nil
		}
		return m.dial(now)
	}
	var out []output
	for _, l := range []*link{m.next, m.current, m.retired} {
		if l != nil {
			out = append(out, outClose{link: l.id})
		}
	}
	m.current, m.retired, m.ours, m.missed = nil, nil, nil, false
	m.endHandover()
	// m.again stays: who stops wanting and wants again does not get around a wait.
	return append(out, outLost{}, outState{State{Phase: Idle}})
}

func (m *machine) onTick(now time.Time) []output {
	var out []output
	if !m.again.IsZero() && !now.Before(m.again) {
		m.again = time.Time{}
		switch {
		case !m.wanted:
		case m.handoverURL != "" && m.next == nil:
			out = append(out, m.dialHandover(now)...)
		case m.current == nil:
			out = append(out, m.dial(now)...)
		}
	}
	for _, l := range []*link{m.retired, m.next, m.current} {
		if l != nil && !l.deadline.IsZero() && !now.Before(l.deadline) {
			out = append(out, outClose{link: l.id})
			reason := ErrNoWelcome
			if l.welcomed {
				reason = ErrSilent
			}
			out = append(out, m.onClosed(l, reason, now)...)
		}
	}
	return out
}

// dial opens a fresh connection.
func (m *machine) dial(now time.Time) []output {
	m.links++
	m.again = time.Time{}
	m.current = &link{id: m.links, deadline: now.Add(welcomeWait)}
	return []output{outState{State{Phase: Connecting}}, outDial{link: m.links, url: m.base}}
}

func (m *machine) onMessage(l *link, msg message, now time.Time) []output {
	switch msg.kind {
	case kindWelcome:
		return m.onWelcome(l, msg, now)
	case kindKeepalive:
		m.measure(msg.timestamp, now)
	case kindNotification:
		age := now.Add(-m.skew).Sub(msg.timestamp)
		return []output{outNotify{msg: msg, late: !msg.timestamp.IsZero() && age > lateAfter}}
	case kindRevocation:
		return []output{outRevoked{subscription: msg.subscription}}
	case kindReconnect:
		return m.onReconnect(l, msg.session.reconnectURL, now)
	}
	return nil
}

// measure learns how far our clock is off from messages that were just made.
func (m *machine) measure(sent, now time.Time) {
	if !sent.IsZero() {
		m.skew = now.Sub(sent)
	}
}

func (m *machine) onWelcome(l *link, msg message, now time.Time) []output {
	if l.welcomed || l.retired {
		return nil
	}
	m.measure(msg.timestamp, now)
	l.welcomed, l.session = true, msg.session.id
	keepalive := m.keepalive
	if msg.session.keepalive > 0 {
		keepalive = msg.session.keepalive
	}
	l.silence = keepalive + keepalive/5
	l.alive(now)
	m.backoff.Up(now)

	var out []output
	if l.handover {
		if m.current != l {
			if m.retired != nil {
				out = append(out, outClose{link: m.retired.id})
			}
			m.retired = m.current
			m.retired.retired, m.retired.deadline = true, now.Add(lingerWait)
			m.current = l
		}
		m.endHandover()
		m.again = time.Time{}
		if !slices.Contains(m.ours, l.session) {
			m.ours = append(m.ours, l.session)
		}
	} else {
		m.ours = []string{l.session}
	}
	out = append(out, outState{State{Phase: Connected, Session: l.session}},
		outSession{ids: slices.Clone(m.ours), fresh: !l.handover})
	if l.handover { // the subscriptions are here already
		out = append(out, m.onRestored(now)...)
	}
	return out
}
