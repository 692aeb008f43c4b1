package irc

import "context"

// maxHeld limits how many messages a new connection holds back during a hand-over.
const maxHeld = 10_000

// A hold keeps back the messages of a new connection until the old one has ended. Both
// deliver the same messages meanwhile, and the new one may be ahead of the old one.
type hold struct {
	before <-chan struct{} // closed when the old connection has ended; nil: nothing is held back
	held   []Message
}

// hand adds a message to the feed of the link, or holds it back.
func (l *link) hand(ctx context.Context, m *Message) {
	if l.hold.before != nil {
		select {
		case <-l.hold.before:
		default:
			if len(l.hold.held) < maxHeld {
				l.hold.held = append(l.hold.held, *m)
				return
			}
			// Releasing early may reorder a few messages, but loses none.
		}
		l.release(ctx)
	}
	if l.c.isHeard(m) {
		l.feed.add(ctx, m)
	}
}

// release passes on the messages that were held back, except those that the old
// connection delivered.
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
