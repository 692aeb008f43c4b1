package eventsub

import (
	"errors"
	"time"
)

// A loss is the end of a session whose subscriptions are gone.
type loss struct {
	from    time.Time
	session string
	reason  error

	at      time.Time // when it ended
	orderly bool      // it ended with a close frame while the other side of a hand-over was under way
}

// onRestored tells the gap, if there was one. Twitch ends the old side of a
// hand-over once it has greeted the new one, and its goodbye may be read before
// that greeting: nothing is missing then.
func (m *machine) onRestored(now time.Time) []output {
	if !m.missed || m.current == nil || !m.current.welcomed {
		return nil
	}
	m.missed = false
	if m.lost.orderly && m.current.handover && now.Sub(m.lost.at) <= lingerWait {
		return nil
	}
	return []output{outGap{loss: m.lost, to: now}}
}

// onClosed decides what becomes of the session when a connection ended.
func (m *machine) onClosed(l *link, reason error, now time.Time) []output {
	code := closeNotWebSocket
	if closed, ok := errors.AsType[*CloseError](reason); ok {
		code = closed.Code
	}
	if l == m.retired {
		m.retired = nil
		return nil
	}
	if l == m.next {
		m.next = nil
		m.retryHandover(code, now)
		return nil
	}

	// The current connection is gone.
	if l.welcomed {
		m.backoff.Down(now)
		if !m.missed {
			m.missed, m.lost = true, loss{
				from: l.lastFrame, session: l.session, reason: reason,
				at: now, orderly: m.next != nil && code != closeNotWebSocket,
			}
		}
	}
	m.current = nil
	if m.handoverURL != "" && code != closeGraceExpired {
		if m.next != nil { // the new connection is under way and will have the subscriptions
			m.current, m.next = m.next, nil
			return nil
		}
		if l.handover {
			m.lost.orderly = false
			m.retryHandover(code, now)
		}
		if m.handoverURL != "" {
			return nil // dialled again soon
		}
	}
	var out []output
	if m.next != nil {
		out = append(out, outClose{link: m.next.id})
	}
	m.endHandover()
	m.ours = nil
	m.again = now.Add(m.wait(l, code))
	return append(out, outLost{}, outState{State{Phase: Waiting, Err: reason, RetryIn: m.again.Sub(now), opened: l.welcomed}})
}

// wait is how long to wait before a fresh connection, by the end of the last one.
func (m *machine) wait(l *link, code int) time.Duration {
	m.backoff.Floor = 0
	switch code {
	case closePingPong, closeGraceExpired:
		if l.welcomed && m.backoff.Failures() == 0 {
			m.backoff.Next()
			return 0
		}
	case closeUnused:
		return max(unusedFloor, m.backoff.Next())
	case closeInbound:
		return max(inboundFloor, m.backoff.Next())
	}
	return m.backoff.Next()
}
