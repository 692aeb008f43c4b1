package wire

import (
	"strings"
	"time"
)

// A parser reads one message into m.
type parser struct {
	d             *Decoder // nil: nothing is remembered
	m             *Message
	kind, version []byte // of the notification, from the metadata
}

// readFrame reads the text of a frame.
func (p *parser) readFrame(r *Reader) {
	for more := r.Object(); more; more = r.Next() {
		switch string(r.key()) {
		case "metadata":
			p.readMetadata(r)
		case "payload":
			p.readPayload(r)
		default:
			r.Skip()
		}
	}
	// The metadata of a notification has its type as well.
	s := &p.m.Subscription
	if s.Type == "" {
		s.Type = string(p.kind)
	}
	if s.Version == "" {
		s.Version = string(p.version)
	}
}

func (p *parser) readMetadata(r *Reader) {
	m := p.m
	for more := r.Object(); more; more = r.Next() {
		switch string(r.key()) {
		case "message_id":
			m.ID = r.String()
		case "message_type":
			m.Kind = r.kind()
		case "message_timestamp":
			m.Timestamp = r.Time()
		case "subscription_type":
			p.kind = r.bytes()
		case "subscription_version":
			p.version = r.bytes()
		default:
			r.Skip()
		}
	}
}

// readPayload reads the payload of a frame, or the body of a webhook request.
func (p *parser) readPayload(r *Reader) {
	m := p.m
	for more := r.Object(); more; more = r.Next() {
		switch string(r.key()) {
		case "session":
			m.Session.read(r)
		case "subscription":
			p.readSubscription(r)
		case "event":
			m.Event = r.value()
		case "events":
			m.Events = nil
			for more := r.Array(); more; more = r.Element() {
				m.Events = append(m.Events, readBatched(r))
			}
		case "challenge":
			m.Challenge = r.String()
		default:
			r.Skip()
		}
	}
}

func readBatched(r *Reader) (b Batched) {
	start := r.at
	for more := r.Object(); more; more = r.Next() {
		switch string(r.key()) {
		case "id":
			b.ID = r.String()
		default:
			r.Skip()
		}
	}
	if r.err == nil {
		b.Raw = r.raw[start:r.at]
	}
	return b
}

func (s *Session) read(r *Reader) {
	for more := r.Object(); more; more = r.Next() {
		switch string(r.key()) {
		case "id":
			s.ID = r.String()
		case "keepalive_timeout_seconds":
			s.Keepalive = r.seconds()
		case "reconnect_url":
			s.ReconnectURL = r.String()
		default:
			r.Skip()
		}
	}
}

// seconds reads a time of up to a day. If it cannot be read, the requested time is kept.
func (r *Reader) seconds() time.Duration {
	start := r.at
	n, ok := integer(r.value())
	if !ok || n < 0 || n > int64(24*time.Hour/time.Second) {
		r.record(start, "seconds")
		return 0
	}
	return time.Duration(n) * time.Second
}

func (s *Subscription) read(r *Reader) {
	for more := r.Object(); more; more = r.Next() {
		switch string(r.key()) {
		case "id":
			s.ID = r.String()
		case "status":
			s.Status = r.String()
		case "type":
			s.Type = r.String()
		case "version":
			s.Version = r.String()
		case "cost":
			s.Cost = r.Int()
		case "condition":
			s.Condition = make(map[string]string, 2)
			for more := r.Object(); more; more = r.Next() {
				s.Condition[r.name()] = r.String()
			}
		case "transport":
			s.readTransport(r)
		case "created_at":
			s.CreatedAt = r.Time()
		default:
			r.Skip()
		}
	}
}

func (s *Subscription) readTransport(r *Reader) {
	t := &s.Transport
	for more := r.Object(); more; more = r.Next() {
		switch string(r.key()) {
		case "method":
			t.Method = r.String()
		case "callback":
			t.Callback = r.String()
		case "session_id":
			t.SessionID = r.String()
		case "conduit_id":
			t.ConduitID = r.String()
		default:
			r.Skip()
		}
	}
}

// key is like Key, but does not copy the key.
func (r *Reader) key() []byte {
	if r.folded != "" {
		return []byte(r.folded)
	}
	return r.raw[r.keyAt:r.keyEnd]
}

// name returns the current key as it is meant, for keys that are data.
func (r *Reader) name() string {
	if key := r.raw[r.keyAt:r.keyEnd]; unusual(key) {
		return unescape(key)
	}
	return r.cut(r.keyAt, r.keyEnd)
}

// bytes reads a string without a copy, unless it has to be converted.
func (r *Reader) bytes() []byte {
	i := r.at
	if i < len(r.raw) && r.raw[i] == '"' {
		if end, plain := endOfString(r.raw, i+1); plain {
			r.at = end + 1
			return r.raw[i+1 : end]
		}
	}
	return []byte(r.otherString())
}

// kind reads the kind of a message. A known kind needs no copy.
func (r *Reader) kind() string {
	b := r.bytes()
	switch string(b) {
	case Welcome:
		return Welcome
	case Keepalive:
		return Keepalive
	case Reconnect:
		return Reconnect
	case Notification:
		return Notification
	case Revocation:
		return Revocation
	}
	return string(b)
}

// unreadParts returns what could not be read of an envelope. A frame's paths begin where
// those of a webhook's body do.
func (r *Reader) unreadParts() []Unread {
	if r.places == nil {
		return nil
	}
	list := r.unread()
	for i := range list {
		list[i].Path = strings.ToValidUTF8(strings.TrimPrefix(list[i].Path, "payload."), "\uFFFD")
	}
	return list
}
