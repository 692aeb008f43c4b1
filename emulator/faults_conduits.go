package emulator

import (
	"fmt"
	"time"
)

// A Conduit is a conduit as the emulator sees it.
type Conduit struct {
	ID         string  `json:"id"`
	ClientID   string  `json:"client_id"`
	ShardCount int     `json:"shard_count"`
	Shards     []Shard `json:"shards"` // those that were given a transport, in order
}

// A Shard is a shard of a conduit, with the fields that Helix shows.
type Shard struct {
	ID        string         `json:"id"`
	Status    string         `json:"status"`
	Transport ShardTransport `json:"transport"`
}

// A ShardTransport is where a shard's events go.
type ShardTransport struct {
	Method         string    `json:"method"`                   // "websocket" or "webhook"
	SessionID      string    `json:"session_id,omitzero"`      // of a WebSocket
	ConnectedAt    time.Time `json:"connected_at,omitzero"`    // of a WebSocket
	DisconnectedAt time.Time `json:"disconnected_at,omitzero"` // of a WebSocket
	Callback       string    `json:"callback,omitzero"`        // of a webhook
}

// EventSubConduits returns the conduits of all clients, oldest first.
func (s *Server) EventSubConduits() []Conduit {
	all := []Conduit{}
	for _, state := range s.push.AllConduits() {
		c := Conduit{ID: state.ID, ClientID: state.ClientID, ShardCount: state.Count, Shards: []Shard{}}
		for _, sh := range state.Shards {
			c.Shards = append(c.Shards, Shard{ID: sh.ID, Status: sh.Status, Transport: ShardTransport{
				Method: sh.Transport.Method, SessionID: sh.Transport.SessionID, Callback: sh.Transport.Callback,
				ConnectedAt: sh.Transport.ConnectedAt, DisconnectedAt: sh.Transport.DisconnectedAt,
			}})
		}
		all = append(all, c)
	}
	return all
}

// DisableShard disables a shard of a conduit with one of Twitch's statuses, such as
// "websocket_internal_error" or "notification_failures_exceeded". Subscribers of
// conduit.shard.disabled are told. A WebSocket shard is disabled by ending its session, with
// the close code that belongs to the status, or without one for "websocket_disconnected";
// other shards that use the session are disabled too.
//
// An event whose turn it is on a disabled WebSocket shard goes to one other shard, chosen at
// random; if that one is disabled as well, the event is dropped. A webhook shard repeats its
// events as any webhook does, and never passes them on. A conduit whose shards are all
// disabled for 72 hours is deleted.
func (s *Server) DisableShard(conduitID, shardID, status string) error {
	if err := s.push.DisableShard(conduitID, shardID, status); err != nil {
		return fmt.Errorf("emulator: shard %s of conduit %s: %w", shardID, conduitID, err)
	}
	return nil
}

// RefuseShards lets the next n shards in calls of Update Conduit Shards fail: the call is
// answered with 202, and with an error in its list of errors for each of them. An empty
// message stands for one of Twitch's.
func (s *Server) RefuseShards(n int, message string) {
	if message == "" {
		message = "The websocket session does not exist or has already disconnected"
	}
	s.push.RefuseShards(n, message, "invalid_parameter")
}
