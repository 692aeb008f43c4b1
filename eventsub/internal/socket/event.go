package socket

import (
	"github.com/larkspur-dev/larkspur/eventsub/internal/connection"
	"github.com/larkspur-dev/larkspur/eventsub/internal/wire"
)

// An Event is something that happened on a WebSocket.
type Event struct {
	Socket *Socket // has to take it

	input   connection.Input // nil for a frame that is not understood
	message *wire.Message    // nil without a frame
	frame   []byte           // that is not understood
}

// inputOf is what the machine is fed with for m; nil if m's kind is not known.
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
