package push

import (
	"errors"
	"slices"
	"time"

	"github.com/larkspur-dev/larkspur/emulator/internal/outbox"
	"github.com/larkspur-dev/larkspur/emulator/internal/world"
	"github.com/larkspur-dev/larkspur/eventsub"
)

// fact turns a fact of the world into events. It runs while the world waits,
// and must not change the world.
func (s *Server) fact(f world.Fact) {
	if s.idle() {
		return
	}
	for _, e := range s.events(f) {
		s.publish(e)
		s.publishOlder(e)
		if e.copied == nil {
			continue
		}
		for _, u := range s.world.SharedWith(world.HeadOf(f).Broadcaster.ID) {
			s.publish(e.copied(asBroadcaster(u)))
		}
	}
	s.revocations(f)
}

// idle reports whether there are no subscriptions.
func (s *Server) idle() bool {
	s.mu.RLock()
	defer s.mu.RUnlock()
	return len(s.order) == 0
}

// wanted reports whether there is a subscription to a type.
func (s *Server) wanted(t eventsub.Type) bool {
	s.mu.RLock()
	defer s.mu.RUnlock()
	return len(s.byType[t]) > 0
}

// publish sends an event to the subscriptions it belongs to. Its JSON is not
// made if there is no subscription to it.
func (s *Server) publish(e event) {
	if !s.wanted(e.kind) {
		return
	}
	body := mustJSON(e.payload())
	s.mu.RLock()
	slow := s.deliver(e, body)
	s.mu.RUnlock()
	s.endSlow(slow...)
}

// endSlow ends sessions whose clients do not read; nil ones are ignored.
func (s *Server) endSlow(slow ...*session) {
	for _, ss := range slow {
		if ss == nil {
			continue
		}
		s.mu.Lock()
		ss.end(closeTimeout)
		s.mu.Unlock()
	}
}

// publishLocked is publish for a caller who holds mu.
func (s *Server) publishLocked(e event) {
	for _, ss := range s.deliver(e, mustJSON(e.payload())) {
		ss.end(closeTimeout)
	}
}

// deliver queues an event wherever it belongs, and returns the sessions that
// are too slow for it. The caller holds mu for reading at least.
func (s *Server) deliver(e event, body []byte) (slow []*session) {
	for _, sub := range s.byType[e.kind] {
		if !e.matches(sub.Condition) {
			continue
		}
		if ss := sub.deliver(body); ss != nil {
			slow = append(slow, ss)
		}
	}
	return slow
}

// deliver hands an event to whatever carries the subscription.
func (sub *subscription) deliver(body []byte) (slow *session) {
	if w := sub.server.weather.Load(); w != nil && w.covers(sub) {
		return w.deliver(sub, body)
	}
	return sub.hand(parcel{event: body})
}

// hand hands an event on, now. The caller holds Server.mu for reading at least.
func (sub *subscription) hand(p parcel) (slow *session) {
	switch {
	case sub.session != nil:
		if err := sub.session.out.Add(sub.notification(p)); errors.Is(err, outbox.ErrOverflow) {
			return sub.session
		}
	case sub.hook != nil:
		sub.hook.add(sub.letter(p))
	case sub.conduit != nil:
		return sub.conduit.deliver(sub, p)
	}
	return nil
}

// A parcel is an event on its way to a subscription. Without an id it is a new message.
type parcel struct {
	id    string
	at    time.Time // when Twitch sent it first
	event []byte
}

// dropGrant is the one type whose events come in batches.
const dropGrant = "drop.entitlement.grant"

// around returns what stands before and after an event's JSON.
func (sub *subscription) around() (before, after string) {
	if sub.Type == dropGrant {
		return `,"events":[`, `]}`
	}
	return `,"event":`, `}`
}

// notification is the message that brings an event over a WebSocket.
func (sub *subscription) notification(p parcel) []byte {
	b := make([]byte, 0, 320+len(sub.head)+len(p.event))
	before, after := sub.around()
	if p.id == "" {
		return appendFrame(b, kindNotification, sub.metadata, sub.head, []byte(before), p.event, []byte(after))
	}
	b = append(append(b, `{"metadata":{"message_id":"`...), p.id...)
	return appendRest(b, p.at, kindNotification, sub.metadata, sub.head, []byte(before), p.event, []byte(after))
}

// letter is the message that brings an event to a webhook.
func (sub *subscription) letter(p parcel) letter {
	before, after := sub.around()
	return letter{
		id: p.id, at: p.at, kind: kindNotification, name: sub.Type, version: sub.Version,
		body: slices.Concat(sub.head, []byte(before), p.event, []byte(after)),
	}
}

// revocations ends subscriptions whose reason a fact took away.
func (s *Server) revocations(f world.Fact) {
	b := world.HeadOf(f).Broadcaster
	switch f := f.(type) {
	case world.UserAuthorizationRevoked:
		s.revokeAll("authorization_revoked", func(sub *subscription) bool {
			return sub.clientID == f.ClientID && sub.reader == f.User.ID
		})
	case world.ModeratorRemoved:
		s.revokeAll("moderator_removed", func(sub *subscription) bool {
			return sub.reader == f.User.ID && broadcasterOf(sub.Condition) == b.ID && len(sub.info.Roles) > 0 &&
				!s.hasRole(b.ID, f.User.ID, sub.info.Roles)
		})
	case world.UserBanned:
		if f.Duration > 0 { // a user who is timed out can still read
			return
		}
		s.revokeAll("chat_user_banned", func(sub *subscription) bool {
			return sub.reader == f.User.ID && broadcasterOf(sub.Condition) == b.ID && readsChat(sub.kind)
		})
	}
}

// Revoke ends subscriptions with a status that no fact leads to, such as
// version_removed or user_removed: those whose type is t, or all if t is zero.
func (s *Server) Revoke(t eventsub.Type, status string) {
	s.revokeAll(status, func(sub *subscription) bool { return t == eventsub.Type{} || sub.kind == t })
}

func (s *Server) revokeAll(status string, which func(*subscription) bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, sub := range slices.Clone(s.order) {
		if sub.alive() && which(sub) {
			s.revoke(sub, status)
		}
	}
}
