package emulator

import (
	"encoding/json"
	"fmt"

	"github.com/larkspur-dev/larkspur/eventsub"
)

// RevokeEventSub ends all subscriptions of a type with a status like "user_removed", all
// subscriptions if t is zero. Their owners get a revocation message.
func (s *Server) RevokeEventSub(t eventsub.Type, status string) { s.push.Revoke(t, status) }

// RevokeSubscription is [Server.RevokeEventSub] for the subscription with an id. It reports
// whether there was one that had not ended.
func (s *Server) RevokeSubscription(id, status string) bool { return s.push.RevokeOne(id, status) }

// SendEvent sends an event of any type, as it is, to all subscriptions to it in a channel; to
// all subscriptions to it if channel is "". It changes nothing in the world. Event is
// marshalled to JSON. It returns the number of subscriptions. It waits for clients that are
// behind. [Server.Trigger] makes the event as well.
func (s *Server) SendEvent(t eventsub.Type, channel string, event any) (int, error) {
	body, err := json.Marshal(event)
	if err != nil {
		return 0, fmt.Errorf("emulator: event %v: %w", t, err)
	}
	if channel == "" {
		return s.push.Raw(t, "", body), nil
	}
	b, err := s.person(channel)
	if err != nil {
		return 0, fmt.Errorf("emulator: event %v: %w", t, err)
	}
	return s.push.Raw(t, b.ID, body), nil
}
