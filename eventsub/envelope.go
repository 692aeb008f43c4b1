package eventsub

import (
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
	"time"
)

// The kinds of message on an EventSub WebSocket.
const (
	kindWelcome      = "session_welcome"
	kindKeepalive    = "session_keepalive"
	kindReconnect    = "session_reconnect"
	kindNotification = "notification"
	kindRevocation   = "revocation"
)

// A message is one frame of an EventSub WebSocket, decoded but for the event. The
// event is a part of the frame, which must not be used for anything else.
type message struct {
	kind         string
	id           string
	timestamp    time.Time
	session      sessionInfo     // of welcome and reconnect
	subscription Subscription    // of notification and revocation
	event        json.RawMessage // of notification
	events       []batched       // of notification, where the type is batched
}

// A sessionInfo is what Twitch says of a connection.
type sessionInfo struct {
	id           string
	keepalive    time.Duration // 0 where Twitch says null
	reconnectURL string
}

// A batched event has its own id, which stays the same when Twitch sends it in
// another batch.
type batched struct {
	id  string
	raw json.RawMessage
}

var errNotEnvelope = errors.New("not an EventSub message")

// decodeMessage reads one frame. Kinds that are not known are no error: the
// caller counts them. Missing parts are an error where nothing could be done
// without them.
func decodeMessage(frame []byte) (message, error) {
	var m message
	if err := members(frame, m.part); err != nil {
		return message{}, fmt.Errorf("%w: %w", errNotEnvelope, err)
	}
	switch m.kind {
	case "":
		return message{}, fmt.Errorf("%w: no message_type", errNotEnvelope)
	case kindWelcome:
		if m.session.id == "" {
			return message{}, fmt.Errorf("%w: welcome without session id", errNotEnvelope)
		}
	case kindNotification, kindRevocation:
		if m.subscription.Type == "" {
			return message{}, fmt.Errorf("%w: %s without subscription type", errNotEnvelope, m.kind)
		}
	}
	return m, nil
}

func (m *message) part(key, value []byte) error {
	switch string(key) {
	case "metadata":
		return members(value, m.metadata)
	case "payload":
		return members(value, m.payload)
	}
	return nil
}

func (m *message) metadata(key, value []byte) (err error) {
	switch string(key) {
	case "message_id":
		m.id, err = text(value)
	case "message_type":
		m.kind, err = text(value)
	case "message_timestamp":
		m.timestamp = moment(value)
	}
	return err
}

func (m *message) payload(key, value []byte) error {
	switch string(key) {
	case "session":
		return members(value, m.session.member)
	case "subscription":
		return members(value, m.subscription.member)
	case "event":
		m.event = value
	case "events":
		m.events = nil
		return elements(value, m.batch)
	}
	return nil
}

func (m *message) batch(value []byte) error {
	b := batched{raw: value}
	err := members(value, func(key, value []byte) (err error) {
		if string(key) == "id" {
			b.id, err = text(value)
		}
		return err
	})
	m.events = append(m.events, b)
	return err
}

func (s *sessionInfo) member(key, value []byte) (err error) {
	switch string(key) {
	case "id":
		s.id, err = text(value)
	case "keepalive_timeout_seconds":
		seconds, err := strconv.Atoi(string(value))
		if err != nil || seconds < 0 || seconds > int(24*time.Hour/time.Second) {
			seconds = 0 // null, or nonsense: what was asked for counts
		}
		s.keepalive = time.Duration(seconds) * time.Second
	case "reconnect_url":
		s.reconnectURL, err = text(value)
	}
	return err
}

func (s *Subscription) member(key, value []byte) (err error) {
	switch string(key) {
	case "id":
		s.ID, err = text(value)
	case "status":
		s.Status, err = text(value)
	case "type":
		s.Type, err = text(value)
	case "version":
		s.Version, err = text(value)
	case "cost":
		s.Cost, _ = strconv.Atoi(string(value)) // a nicety
	case "condition":
		s.Condition = map[string]string{}
		return members(value, func(key, value []byte) error {
			field, err := text(value)
			s.Condition[string(key)] = field
			return err
		})
	case "transport":
		return members(value, s.transport)
	case "created_at":
		s.CreatedAt = moment(value)
	}
	return err
}

func (s *Subscription) transport(key, value []byte) (err error) {
	switch string(key) {
	case "method":
		s.Transport.Method, err = text(value)
	case "callback":
		s.Transport.Callback, err = text(value)
	case "session_id":
		s.Transport.SessionID, err = text(value)
	case "conduit_id":
		s.Transport.ConduitID, err = text(value)
	}
	return err
}

// notifications are the events of m as a Mux takes them: one, or one for each
// event of a batch.
func (m *message) notifications(late bool) []Notification {
	meta := Meta{MessageID: m.id, Timestamp: m.timestamp, Late: late, Subscription: m.subscription}
	t := Type{Name: m.subscription.Type, Version: m.subscription.Version}
	if len(m.events) == 0 {
		return []Notification{{Meta: meta, Type: t, Event: m.event}}
	}
	all := make([]Notification, 0, len(m.events))
	for i, e := range m.events {
		inner := meta
		if inner.MessageID = e.id; e.id == "" {
			inner.MessageID = m.id + "#" + strconv.Itoa(i)
		}
		all = append(all, Notification{Meta: inner, Type: t, Event: e.raw})
	}
	return all
}
