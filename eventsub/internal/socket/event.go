package socket

import (
	"github.com/larkspur-dev/larkspur/eventsub/internal/connection"
	"github.com/larkspur-dev/larkspur/eventsub/internal/wire"
)

// Ahead is the capacity that the channel of events should have: frames that are read
// while the owner handles an earlier one. Without it, the goroutines of both would wait
// for each other at every frame.
const Ahead = 8

// An Event is a frame of a WebSocket, or its opening or end.
type Event struct {
	Socket *Socket // the Socket whose Take must be called with it

	input   connection.Input // nil for a frame that cannot be decoded
	message *wire.Message    // nil without a frame; its Event is the frame if that cannot be decoded
}

// inputOf returns the machine's input for m, or nil if m's kind is unknown.
func inputOf(m *wire.Message, link int) connection.Input {
	switch m.Kind {
	case wire.Welcome:
		return connection.Welcome{Link: link, Session: m.Session.ID, Keepalive: m.Session.Keepalive, Sent: m.Timestamp}
	case wire.Keepalive:
		return connection.Keepalive{Link: link, Sent: m.Timestamp}
	case wire.Reconnect:
		return connection.Reconnect{Link: link, URL: m.Session.ReconnectURL}
	case wire.Notification:
		return connection.Notification{Link: link, Sent: m.Timestamp}
	case wire.Revocation:
		return connection.Revocation{Link: link}
	default:
		return nil
	}
}
