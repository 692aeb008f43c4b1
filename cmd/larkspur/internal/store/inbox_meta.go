package store

import (
	"encoding/json"
	"slices"
	"strconv"
	"time"

	"github.com/larkspur-dev/larkspur/eventsub"
)

// A storedMeta is everything of a notification but its event. Programs of other versions
// read it too.
type storedMeta struct {
	ID           string                `json:"id"`
	Type         string                `json:"type"`
	Version      string                `json:"version"`
	At           time.Time             `json:"at,omitzero"`
	Retry        int                   `json:"retry,omitempty"`
	Late         bool                  `json:"late,omitempty"`
	Recovered    bool                  `json:"recovered,omitempty"`
	Source       string                `json:"source,omitempty"`
	Subscription eventsub.Subscription `json:"subscription"`
}

// A putting is a notification on its way into the inbox.
type putting struct {
	hash        []byte
	meta, event []byte
}

func (p putting) size() int64 { return int64(len(p.meta) + len(p.event)) }

func newPutting(n eventsub.Notification) (putting, error) {
	meta, err := appendMeta(make([]byte, 0, 768), n)
	if err != nil {
		return putting{}, err
	}
	event := []byte(n.Event)
	if event == nil {
		event = []byte{}
	}
	return putting{hash: hashOf("inbox", n.Meta.MessageID), meta: meta, event: event}, nil
}

// notification returns the notification of a row.
func notification(meta, event []byte) (eventsub.Notification, error) {
	var m storedMeta
	if err := json.Unmarshal(meta, &m); err != nil {
		return eventsub.Notification{}, err
	}
	return eventsub.Notification{
		Type:  eventsub.Type{Name: m.Type, Version: m.Version},
		Event: event,
		Meta: eventsub.Meta{
			MessageID: m.ID, Timestamp: m.At, Retry: m.Retry, Late: m.Late, Recovered: m.Recovered, Source: m.Source,
			Subscription: m.Subscription,
		},
	}, nil
}

// appendMeta appends the storedMeta of n. It writes what encoding/json would write, in a
// tenth of the time: each event is written once and hardly ever read.
func appendMeta(b []byte, n eventsub.Notification) (_ []byte, err error) {
	b = appendString(append(b, `{"id":`...), n.Meta.MessageID)
	b = appendString(append(b, `,"type":`...), n.Type.Name)
	b = appendString(append(b, `,"version":`...), n.Type.Version)
	if !n.Meta.Timestamp.IsZero() {
		if b, err = appendTime(append(b, `,"at":`...), n.Meta.Timestamp); err != nil {
			return nil, err
		}
	}
	if n.Meta.Retry != 0 {
		b = strconv.AppendInt(append(b, `,"retry":`...), int64(n.Meta.Retry), 10)
	}
	if n.Meta.Late {
		b = append(b, `,"late":true`...)
	}
	if n.Meta.Recovered {
		b = append(b, `,"recovered":true`...)
	}
	if n.Meta.Source != "" {
		b = appendString(append(b, `,"source":`...), n.Meta.Source)
	}
	if b, err = appendSubscription(append(b, `,"subscription":`...), &n.Meta.Subscription); err != nil {
		return nil, err
	}
	return append(b, '}'), nil
}

func appendSubscription(b []byte, s *eventsub.Subscription) ([]byte, error) {
	b = appendString(append(b, `{"id":`...), s.ID)
	b = appendString(append(b, `,"status":`...), s.Status)
	b = appendString(append(b, `,"type":`...), s.Type)
	b = appendString(append(b, `,"version":`...), s.Version)
	b = strconv.AppendInt(append(b, `,"cost":`...), int64(s.Cost), 10)
	b = appendCondition(append(b, `,"condition":`...), s.Condition)
	b = appendString(append(b, `,"transport":{"method":`...), s.Transport.Method)
	for _, field := range [...]struct{ name, value string }{
		{`,"callback":`, s.Transport.Callback}, {`,"session_id":`, s.Transport.SessionID}, {`,"conduit_id":`, s.Transport.ConduitID},
	} {
		if field.value != "" {
			b = appendString(append(b, field.name...), field.value)
		}
	}
	b, err := appendTime(append(b, `},"created_at":`...), s.CreatedAt)
	return append(b, '}'), err
}

func appendCondition(b []byte, fields map[string]string) []byte {
	if fields == nil {
		return append(b, "null"...)
	}
	names := make([]string, 0, 8) // not on the heap
	for name := range fields {
		names = append(names, name)
	}
	slices.Sort(names)
	b = append(b, '{')
	for i, name := range names {
		if i > 0 {
			b = append(b, ',')
		}
		b = appendString(append(appendString(b, name), ':'), fields[name])
	}
	return append(b, '}')
}

// appendTime appends a time as [time.Time.MarshalJSON] returns it.
func appendTime(b []byte, at time.Time) ([]byte, error) {
	b, err := at.AppendText(append(b, '"'))
	return append(b, '"'), err
}

// appendString appends a JSON string.
func appendString(b []byte, s string) []byte {
	for i := range len(s) {
		switch c := s[i]; {
		case c < ' ', c > '~', c == '"', c == '\\', c == '<', c == '>', c == '&': // encoding/json escapes it, or has to look
			text, _ := json.Marshal(s) //nolint:errchkjson // a string has no error
			return append(b, text...)
		}
	}
	b = append(append(b, '"'), s...)
	return append(b, '"')
}
