package irc

import "context"

// maxHeld bounds what a connection keeps back while another one is moved from.
const maxHeld = 10_000

// A hold keeps the messages of a new connection back while the one before it still
// brings the same ones: what is read first on the new one may be later in chat than
// what is about to be read on the old one.
type hold struct {
	before <-chan struct{} // closed when the connection before has ended; nil: nothing is held
	held   []Message
}

// hand passes a message of the link on to the handlers, with the next flush of its
// feed at the latest, or keeps it for later.
func (l *link) hand(ctx context.Context, m *Message) {
	if l.hold.before != nil {
		select {
		case <-l.hold.before:
		default:
			if len(l.hold.held) < maxHeld {
				l.hold.held = append(l.hold.held, *m)
				return
			}
			// A move that takes so long costs the order of a moment, but no message.
		}
		l.release(ctx)
	}
	if l.c.isHeard(m) {
		l.feed.add(ctx, m)
	}
}

// release passes on what was kept back. What the connection before has brought
// already is dropped on the way.
func (l *link) release(ctx context.Context) {
	held := l.hold.held
	l.hold = hold{}
	for i := range held {
		if l.c.isHeard(&held[i]) {
			l.feed.add(ctx, &held[i])
		}
	}
	l.feed.flush(ctx)
}
