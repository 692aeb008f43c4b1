package wire

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"time"
)

// The kinds of message that EventSub sends.
const (
	Welcome      = "session_welcome"
	Keepalive    = "session_keepalive"
	Reconnect    = "session_reconnect"
	Notification = "notification"
	Revocation   = "revocation"
	Verification = "webhook_callback_verification"
)

// A Message is the envelope of one message, decoded except for the event. The
// event is a part of the text it was read from, which must not be changed.
type Message struct {
	Kind         string // [Welcome] and so on; an unknown kind is not an error
	ID           string
	Timestamp    time.Time
	Session      Session         // of welcome and reconnect
	Subscription Subscription    // of notification, revocation and verification
	Event        json.RawMessage // of notification
	Events       []Batched       // of notification, where the type is batched
	Challenge    string          // of verification
	Unread       []Unread        // values that could not be read; usually none
}

// A Session is the description of a WebSocket connection that Twitch sends.
type Session struct {
	ID           string
	Keepalive    time.Duration // 0 where Twitch sends null
	ReconnectURL string
}

// A Batched event has its own id, which stays the same when Twitch sends the event
// again in another batch.
type Batched struct {
	ID  string
	Raw json.RawMessage
}

// ErrNotMessage is returned for text that is not an EventSub message.
var ErrNotMessage = errors.New("not an EventSub message")

// Own replaces the events by copies, so that the text they were read from can be
// changed.
func (m *Message) Own() {
	m.Event = bytes.Clone(m.Event)
	for i := range m.Events {
		m.Events[i].Raw = bytes.Clone(m.Events[i].Raw)
	}
}

func (m *Message) check() error {
	switch m.Kind {
	case "":
		return fmt.Errorf("%w: it has no message_type", ErrNotMessage)
	case Welcome:
		if m.Session.ID == "" {
			return fmt.Errorf("%w: the %s has no session id", ErrNotMessage, m.Kind)
		}
	case Notification, Revocation:
		if m.Subscription.Type == "" {
			return fmt.Errorf("%w: the %s has no subscription type", ErrNotMessage, m.Kind)
		}
	}
	return nil
}
