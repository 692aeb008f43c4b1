package socket

import (
	"time"

	"github.com/larkspur-dev/larkspur/eventsub/internal/connection"
)

// A Message is one frame, decoded as far as the connection needs it.
type Message struct {
	Kind         string // Twitch's message_type
	Sent         time.Time
	Session      string        // of a welcome
	Keepalive    time.Duration // of a welcome; 0 if it names none
	ReconnectURL string        // of a reconnect
	Body         any           // all of the message, for the Handler
}

// The kinds of message.
const (
	Welcome      = "session_welcome"
	Keepalive    = "session_keepalive"
	Reconnect    = "session_reconnect"
	Notification = "notification"
	Revocation   = "revocation"
)

// An Event is something that happened on a WebSocket.
type Event struct {
	Socket *Socket // has to take it

	input   connection.Input // nil for a frame that is not understood
	message Message
	frame   []byte // that is not understood
}

// input is what the machine is fed with for m; nil if m's kind is not known.
func (m *Message) input(link int) connection.Input {
	switch m.Kind {
	case Welcome:
		return connection.Welcome{Link: link, Session: m.Session, Keepalive: m.Keepalive, Sent: m.Sent}
	case Keepalive:
		return connection.Keepalive{Link: link, Sent: m.Sent}
	case Reconnect:
		return connection.Reconnect{Link: link, URL: m.ReconnectURL}
	case Notification:
		return connection.Notification{Link: link, Sent: m.Sent}
	case Revocation:
		return connection.Revocation{Link: link}
	default:
		return nil
	}
}
