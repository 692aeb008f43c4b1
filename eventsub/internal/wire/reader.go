package wire

import (
	"fmt"
	"strings"
	"time"
)

// A reader walks over the text of a message once and fills in m. Each of its
// visit methods takes one member of an object.
type reader struct {
	raw []byte
	m   Message
}

func (r *reader) whole(visit func(key []byte, at int) (int, error)) error {
	next, err := members(r.raw, space(r.raw, 0), visit)
	if err == nil {
		err = end(r.raw, next)
	}
	if err != nil {
		return fmt.Errorf("%w: %w", ErrNotMessage, err)
	}
	return nil
}

func (r *reader) part(key []byte, at int) (int, error) {
	switch string(key) {
	case "metadata":
		return members(r.raw, at, r.metadata)
	case "payload":
		return members(r.raw, at, r.payload)
	}
	return 0, nil
}

// metadata reads the metadata. It contains the type of a notification as well; the type
// of the subscription, which follows in the payload, replaces it.
func (r *reader) metadata(key []byte, at int) (int, error) {
	m := &r.m
	switch string(key) {
	case "message_id":
		return r.text("metadata.message_id", at, &m.ID)
	case "message_type":
		return r.text("metadata.message_type", at, &m.Kind)
	case "message_timestamp":
		return r.time("metadata.message_timestamp", at, &m.Timestamp)
	case "subscription_type":
		if m.Subscription.Type == "" {
			return r.text("metadata.subscription_type", at, &m.Subscription.Type)
		}
	case "subscription_version":
		if m.Subscription.Version == "" {
			return r.text("metadata.subscription_version", at, &m.Subscription.Version)
		}
	}
	return 0, nil
}

func (r *reader) payload(key []byte, at int) (int, error) {
	switch string(key) {
	case "session":
		return r.object("session", at, r.session)
	case "subscription":
		return r.object("subscription", at, r.subscription)
	case "event":
		next, err := skipValue(r.raw, at)
		if err != nil {
			return 0, err
		}
		r.m.Event = r.raw[at:next]
		return next, nil
	case "events":
		return r.batch(at)
	case "challenge":
		return r.text("challenge", at, &r.m.Challenge)
	}
	return 0, nil
}

func (r *reader) batch(at int) (int, error) {
	r.m.Events = nil
	if at == len(r.raw) || r.raw[at] != '[' {
		return r.skip("events", at, "array")
	}
	return elements(r.raw, at, func(at int) (int, error) {
		var b Batched
		next, err := r.object("events[]", at, func(key []byte, at int) (int, error) {
			if string(key) == "id" {
				return r.text("events[].id", at, &b.ID)
			}
			return 0, nil
		})
		if err != nil {
			return 0, err
		}
		b.Raw = r.raw[at:next]
		r.m.Events = append(r.m.Events, b)
		return next, nil
	})
}

func (r *reader) session(key []byte, at int) (int, error) {
	s := &r.m.Session
	switch string(key) {
	case "id":
		return r.text("session.id", at, &s.ID)
	case "keepalive_timeout_seconds":
		next, err := skipValue(r.raw, at)
		if err != nil {
			return 0, err
		}
		seconds, ok := integer(r.raw[at:next])
		if !ok || seconds < 0 || seconds > int64(24*time.Hour/time.Second) {
			return r.skip("session.keepalive_timeout_seconds", at, "seconds") // the requested timeout is kept
		}
		s.Keepalive = time.Duration(seconds) * time.Second
		return next, nil
	case "reconnect_url":
		return r.text("session.reconnect_url", at, &s.ReconnectURL)
	}
	return 0, nil
}

func (r *reader) subscription(key []byte, at int) (int, error) {
	s := &r.m.Subscription
	switch string(key) {
	case "id":
		return r.text("subscription.id", at, &s.ID)
	case "status":
		return r.text("subscription.status", at, &s.Status)
	case "type":
		return r.filled("subscription.type", at, &s.Type)
	case "version":
		return r.filled("subscription.version", at, &s.Version)
	case "cost":
		next, err := skipValue(r.raw, at)
		if err != nil {
			return 0, err
		}
		cost, ok := integer(r.raw[at:next])
		if !ok {
			return r.skip("subscription.cost", at, "number")
		}
		s.Cost = int(cost)
		return next, nil
	case "condition":
		s.Condition = make(map[string]string, 2)
		return r.object("subscription.condition", at, r.condition)
	case "transport":
		return r.object("subscription.transport", at, r.transport)
	case "created_at":
		return r.time("subscription.created_at", at, &s.CreatedAt)
	}
	return 0, nil
}

func (r *reader) condition(key []byte, at int) (next int, err error) {
	if next, err = skipValue(r.raw, at); err != nil {
		return 0, err
	}
	value, ok := text(r.raw[at:next])
	if !ok {
		_, err = r.skip("subscription.condition."+strings.ToValidUTF8(string(key), "\uFFFD"), at, "string")
	}
	r.m.Subscription.Condition[unescape(key)] = value
	return next, err
}

func (r *reader) transport(key []byte, at int) (int, error) {
	t := &r.m.Subscription.Transport
	switch string(key) {
	case "method":
		return r.text("subscription.transport.method", at, &t.Method)
	case "callback":
		return r.text("subscription.transport.callback", at, &t.Callback)
	case "session_id":
		return r.text("subscription.transport.session_id", at, &t.SessionID)
	case "conduit_id":
		return r.text("subscription.transport.conduit_id", at, &t.ConduitID)
	}
	return 0, nil
}

// object visits the members of the value at i, or records that it is not an object.
func (r *reader) object(path string, i int, visit func(key []byte, at int) (int, error)) (next int, err error) {
	if next, ok := null(r.raw, i); ok {
		return next, nil
	}
	if i == len(r.raw) || r.raw[i] != '{' {
		return r.skip(path, i, "object")
	}
	return members(r.raw, i, visit)
}

func (r *reader) text(path string, i int, into *string) (next int, err error) {
	if next, err = skipValue(r.raw, i); err != nil {
		return 0, err
	}
	s, ok := text(r.raw[i:next])
	*into = s
	if !ok {
		return r.skip(path, i, "string")
	}
	return next, nil
}

// filled is like text, but keeps an earlier value if the new one is empty.
func (r *reader) filled(path string, i int, into *string) (next int, err error) {
	before := *into
	next, err = r.text(path, i, into)
	if *into == "" {
		*into = before
	}
	return next, err
}

func (r *reader) time(path string, i int, into *time.Time) (next int, err error) {
	if next, err = skipValue(r.raw, i); err != nil {
		return 0, err
	}
	at, ok := moment(r.raw[i:next])
	*into = at
	if !ok {
		return r.skip(path, i, "time")
	}
	return next, nil
}

// skip skips a value that cannot be read, and records it.
func (r *reader) skip(path string, i int, want string) (next int, err error) {
	if next, err = skipValue(r.raw, i); err != nil {
		return 0, err
	}
	r.m.Unread = append(r.m.Unread, Unread{Path: path, Got: jsonType(r.raw[i:next]), Want: want})
	return next, nil
}
