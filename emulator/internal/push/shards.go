package push

import (
	"encoding/json"
	"errors"
	"time"

	"github.com/larkspur-dev/larkspur/emulator/internal/outbox"
)

// answers reports whether a conduit chooses a shard. A WebSocket shard that is disabled is
// still chosen: its events go to another shard, once.
func (sh *shard) answers() bool {
	return sh != nil && (sh.Status == Enabled || sh.Transport.Method == "websocket")
}

// next returns the shard whose turn it is, nil if there is none. The caller holds mu for
// reading at least.
func (c *conduit) next() *shard { return c.from(int(c.turn.Add(1)-1), nil) } //nolint:gosec // wraps after 2^63 events

// from returns the first shard from a place on, other than one.
func (c *conduit) from(place int, other *shard) *shard {
	for i := range c.shards {
		if sh := c.shards[(place+i)%len(c.shards)]; sh.answers() && sh != other {
			return sh
		}
	}
	return nil
}

// other returns the shard that gets what the first one did not take: one at random, the same
// in each run of a program.
func (c *conduit) other(first *shard) *shard {
	random := mix(c.seed + c.retries.Add(1))
	return c.from(int(random%uint64(len(c.shards))), first) //nolint:gosec // small
}

// deliver hands a notification to the shard whose turn it is, and to one other if that one
// cannot take it. The caller holds mu for reading at least.
func (c *conduit) deliver(sub *subscription, p parcel) (slow *session) {
	return c.give(c.next(), sub, p)
}

// give hands a notification to the first shard, nil if there is none, or to one other.
func (c *conduit) give(first *shard, sub *subscription, p parcel) (slow *session) {
	if first == nil {
		c.server.counts.dropped.Add(1)
		return nil
	}
	err := first.take(sub, p)
	if err == nil {
		return nil
	}
	if errors.Is(err, outbox.ErrOverflow) {
		slow = first.session
	}
	if second := c.other(first); second != nil {
		if err = second.take(sub, p); err == nil {
			c.server.counts.retried.Add(1)
			return slow
		}
	}
	c.server.counts.dropped.Add(1)
	return slow
}

var errDisabled = errors.New("the shard is disabled")

// take queues a notification for a shard.
func (sh *shard) take(sub *subscription, p parcel) error {
	switch {
	case sh.hook != nil:
		sh.hook.add(sub.letter(p))
		return nil
	case sh.session != nil:
		return sh.session.out.Add(sub.notification(p))
	}
	return errDisabled
}

// retryElsewhere sends the notifications of conduits that a session could not write to
// another shard of each. What else was to be written is lost.
func (s *Server) retryElsewhere(ss *session, frames [][]byte) {
	for _, b := range frames {
		if notifications([][]byte{b}) == 0 {
			continue
		}
		var m struct {
			Metadata struct {
				ID   string    `json:"message_id"`
				At   time.Time `json:"message_timestamp"`
				Type string    `json:"subscription_type"`
				Of   string    `json:"subscription_version"`
			} `json:"metadata"`
			Payload json.RawMessage `json:"payload"`
		}
		var of struct {
			Subscription struct{ Transport Transport } `json:"subscription"`
		}
		if json.Unmarshal(b, &m) != nil || json.Unmarshal(m.Payload, &of) != nil {
			continue
		}
		l := letter{id: m.Metadata.ID, at: m.Metadata.At, kind: kindNotification, name: m.Metadata.Type, version: m.Metadata.Of, body: m.Payload}
		if id := of.Subscription.Transport.ConduitID; id != "" {
			s.endSlow(s.retry(ss, id, b, l))
		}
	}
}

// retry sends a message to a shard of a conduit that does not use the session.
func (s *Server) retry(ss *session, conduitID string, frame []byte, l letter) (slow *session) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	for _, c := range s.conduits {
		if c.id != conduitID {
			continue
		}
		var mine *shard
		for _, sh := range c.shards {
			if sh != nil && (sh.session == ss || (sh.session == nil && sh.Transport.SessionID == ss.id)) {
				mine = sh
				break
			}
		}
		sh, err := c.other(mine), errDisabled
		switch {
		case sh == nil:
		case sh.hook != nil:
			sh.hook.add(l)
			err = nil
		case sh.session != nil && sh.session != ss:
			err = sh.session.out.Add(frame)
			if errors.Is(err, outbox.ErrOverflow) {
				slow = sh.session
			}
		}
		if err == nil {
			s.counts.retried.Add(1)
			return slow
		}
	}
	s.counts.dropped.Add(1)
	return slow
}

// tell sends a revocation to the first enabled shard. The caller holds mu.
func (c *conduit) tell(sub *subscription, body []byte) {
	for _, sh := range c.shards {
		if sh == nil || sh.Status != Enabled {
			continue
		}
		if sh.hook != nil {
			sh.hook.add(letter{kind: kindRevocation, name: sub.Type, version: sub.Version, body: body})
		} else {
			sh.session.send(appendFrame(nil, kindRevocation, sub.metadata, body))
		}
		return
	}
}
