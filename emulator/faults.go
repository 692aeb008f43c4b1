package emulator

import (
	"encoding/json"
	"fmt"
	"time"

	"github.com/larkspur-dev/larkspur/eventsub"
)

// ReconnectChat tells all IRC connections to reconnect, as Twitch does before
// it takes a server away, and closes after grace those that are still there.
func (s *Server) ReconnectChat(grace time.Duration) { s.chat.Reconnect(grace) }

// DropChat cuts all IRC connections without a word.
func (s *Server) DropChat() { s.chat.Drop() }

// ReconnectEventSub tells all EventSub sessions to move to a new connection.
// The old ones are closed after grace; Twitch gives 30 seconds, which 0 stands for.
func (s *Server) ReconnectEventSub(grace time.Duration) { s.push.Reconnect(grace) }

// DropEventSub cuts all EventSub connections without a word.
func (s *Server) DropEventSub() { s.push.Drop() }

// CloseEventSub closes all EventSub connections with one of Twitch's codes: 4000 to 4007.
func (s *Server) CloseEventSub(code int) { s.push.Disconnect(code) }

// EventSubSessions returns the ids of the connected EventSub sessions.
func (s *Server) EventSubSessions() []string { return s.push.Sessions() }

// RevokeEventSub ends all subscriptions of a type with a status like "user_removed".
func (s *Server) RevokeEventSub(t eventsub.Type, status string) { s.push.Revoke(t, status) }

// SendEvent sends an event of any type to those who subscribed to it in a
// channel, whether the world knows of such things or not. Event is marshalled
// to JSON. It returns how many subscriptions it went to.
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
