package connection

import "time"

// A breach is the end of a connection whose session may continue, because a hand-over
// is under way.
type breach struct {
	Loss

	at      time.Time // when the connection ended
	orderly bool      // with a close frame, while the new side was being dialled
}

// harmless reports whether no event was missed although the old side of a hand-over
// ended before the new side was welcomed. Twitch ends the old side once it has sent the
// welcome on the new one, and the close frame may be read before that welcome.
func (b *breach) harmless(now time.Time) bool {
	return b.orderly && now.Sub(b.at) <= lingerTimeout
}

// closed handles the end of a link: it ends or keeps the session.
func (m *Machine) closed(l *link, code int, reason error, now time.Time) {
	switch l {
	case m.retired:
		m.retired = nil
		if code == CodeNone { // cut, perhaps with messages under way that the new side does not repeat
			m.emit(Gap{Loss: Loss{From: l.lastMessage, Session: l.session, Reason: reason}, To: now})
		}
		return
	case m.next:
		m.next = nil
		m.retryHandover(code, now)
		return
	}

	// The current link is gone.
	if l.welcomed {
		m.backoff.Down(now)
		m.broken = &breach{
			Loss: Loss{From: l.lastMessage, Session: l.session, Reason: reason},
			at:   now, orderly: m.next != nil && code != CodeNone,
		}
	}
	m.current = nil
	if m.continueHandover(l, code, now) {
		return
	}
	if m.next != nil {
		m.emit(Drop{Link: m.next.id})
	}
	m.endHandover()
	if m.broken != nil {
		m.emit(Lost{Loss: m.broken.Loss})
		m.broken = nil
	}
	m.dialAt = now.Add(m.pause(l, code))
	m.emit(Waiting{Reason: reason, RetryIn: m.dialAt.Sub(now), Welcomed: l.welcomed})
}

// continueHandover reports whether a hand-over continues although the current link
// has ended.
func (m *Machine) continueHandover(l *link, code int, now time.Time) bool {
	if m.handoverURL == "" || code == CodeGraceExpired {
		return false
	}
	if m.next != nil { // it is being dialled and takes over the subscriptions
		m.current, m.next = m.next, nil
		return true
	}
	if l.handover {
		if m.broken != nil {
			m.broken.orderly = false
		}
		m.retryHandover(code, now)
	}
	return m.handoverURL != "" // dialled again soon
}

// pause returns how long to wait before a fresh connection, depending on how the last
// one ended.
func (m *Machine) pause(l *link, code int) time.Duration {
	switch code {
	case CodePingPong, CodeGraceExpired:
		// The server works: the first attempt is made at once.
		if l.welcomed && m.backoff.Failures() == 0 {
			m.backoff.Next()
			return 0
		}
	case CodeUnused:
		return max(unusedFloor, m.backoff.Next())
	case CodeInbound:
		return max(inboundFloor, m.backoff.Next())
	}
	return m.backoff.Next()
}
