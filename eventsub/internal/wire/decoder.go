package wire

import (
	"bytes"
	"fmt"
)

// A Decoder decodes messages. The zero value is usable. It remembers the subscriptions
// of earlier messages: Twitch repeats a subscription in each of its notifications, so
// most messages have one that is known. A Decoder must not be used by several goroutines
// at the same time.
type Decoder struct {
	last  *known
	known map[string]*known // by their text
}

// known is a subscription that was decoded before.
type known struct {
	text string
	Subscription
}

// mostKnown bounds the subscriptions that are remembered. A connection has at most 300.
const mostKnown = 512

// Frame decodes a text frame of a WebSocket into m, which must be zero. It returns
// [ErrNotMessage] if the text is not a JSON object or lacks what its kind requires: the
// session id of a welcome, the type of a notification or revocation. The subscription's
// condition is shared with other messages and must not be changed.
func (d *Decoder) Frame(frame []byte, m *Message) error {
	return parseFrame(parser{d: d, m: m}, frame)
}

// DecodeFrame is like [Decoder.Frame], but remembers nothing.
func DecodeFrame(frame []byte) (m Message, err error) {
	err = parseFrame(parser{m: &m}, frame)
	return m, err
}

// DecodeBody decodes the body of a webhook request. Its kind, message id and time are in
// headers; the caller fills in the latter two.
func DecodeBody(kind string, body []byte) (m Message, err error) {
	m.Kind = kind
	err = parseBody(parser{m: &m}, body)
	return m, err
}

// Body is like [DecodeBody], but shares the subscription's condition with other messages,
// as [Decoder.Frame] does. Of m, which must be zero, the caller has set Kind.
func (d *Decoder) Body(body []byte, m *Message) error {
	return parseBody(parser{d: d, m: m}, body)
}

func parseBody(p parser, body []byte) error {
	r := Reader{raw: body}
	r.start()
	p.readPayload(&r)
	return p.finish(&r)
}

func parseFrame(p parser, frame []byte) error {
	r := Reader{raw: frame}
	r.start()
	p.readFrame(&r)
	return p.finish(&r)
}

func (p *parser) finish(r *Reader) error {
	if r.err == nil {
		r.err = end(r.raw, r.at)
	}
	if r.err != nil {
		*p.m = Message{}
		return fmt.Errorf("%w: %w", ErrNotMessage, r.err)
	}
	p.m.Unread = r.unreadParts()
	return p.m.check()
}

// readSubscription reads a subscription, or takes a known one with the same text.
func (p *parser) readSubscription(r *Reader) {
	d, start := p.d, r.at
	if d != nil && d.last != nil && bytes.HasPrefix(r.raw[start:], []byte(d.last.text)) {
		r.at += len(d.last.text)
		p.m.Subscription = d.last.Subscription
		return
	}
	raw := r.value()
	if d != nil {
		if k := d.known[string(raw)]; k != nil {
			d.last, p.m.Subscription = k, k.Subscription
			return
		}
	}
	if len(raw) == 0 || raw[0] != '{' {
		r.at = start
		r.other("object")
		return
	}
	recorded := len(r.places)
	r.at, r.text, r.base = start, string(raw), start // its strings share one copy
	var s Subscription
	s.read(r)
	if d != nil && r.err == nil && len(r.places) == recorded {
		d.remember(&known{text: r.text, Subscription: s})
	}
	r.text, r.base, p.m.Subscription = "", 0, s
}

func (d *Decoder) remember(k *known) {
	if len(d.known) >= mostKnown {
		clear(d.known)
	}
	if d.known == nil {
		d.known = map[string]*known{}
	}
	d.known[k.text], d.last = k, k
}
