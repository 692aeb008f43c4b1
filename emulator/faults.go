package emulator

import (
	"encoding/json"
	"fmt"
	"time"

	"github.com/larkspur-dev/larkspur/eventsub"
)

// ReconnectChat tells all IRC connections to reconnect, as Twitch does before
// it shuts a server down, and closes the connections that are left after grace.
func (s *Server) ReconnectChat(grace time.Duration) { s.chat.Reconnect(grace) }

// DropChat closes all IRC connections without a message.
func (s *Server) DropChat() { s.chat.Drop() }

// ReconnectEventSub tells all EventSub sessions to move to a new connection.
// The old ones are closed after grace; Twitch gives 30 seconds, which 0 stands for.
func (s *Server) ReconnectEventSub(grace time.Duration) { s.push.Reconnect(grace) }

// DropEventSub closes all EventSub connections without a close code.
func (s *Server) DropEventSub() { s.push.Drop() }

// CloseEventSub closes all EventSub connections with one of Twitch's codes: 4000 to 4007.
func (s *Server) CloseEventSub(code int) { s.push.Disconnect(code) }

// EventSubSessions returns the ids of the connected EventSub sessions.
func (s *Server) EventSubSessions() []string { return s.push.Sessions() }

// RevokeEventSub ends all subscriptions of a type with a status like "user_removed".
func (s *Server) RevokeEventSub(t eventsub.Type, status string) { s.push.Revoke(t, status) }

// SendEvent sends an event of any type to all subscriptions to it in a channel.
// It changes nothing in the world. Event is marshalled to JSON. It returns the
// number of subscriptions.
func (s *Server) SendEvent(t eventsub.Type, channel string, event any) (int, error) {
	body, err := json.Marshal(event)
	if err != nil {
		return 0, fmt.Errorf("emulator: event %v: %w", t, err)
	}
	b, err := s.person(channel)
	if err != nil {
		return 0, fmt.Errorf("emulator: event %v: %w", t, err)
	}
	return s.push.Raw(t, b.ID, body), nil
}
