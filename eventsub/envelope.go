package eventsub

import (
	"fmt"
	"net/http"
	"strconv"
	"time"

	"github.com/larkspur-dev/larkspur/eventsub/internal/wire"
)

// The kinds of message that EventSub sends. Twitch may add others.
const (
	KindNotification = wire.Notification // an event, or a batch of them
	KindRevocation   = wire.Revocation   // Twitch ended the subscription; its Status is the reason
	KindVerification = wire.Verification // webhook only: Twitch expects Challenge as the response
	KindWelcome      = wire.Welcome      // WebSocket only: the connection's SessionID
	KindKeepalive    = wire.Keepalive    // WebSocket only
	KindReconnect    = wire.Reconnect    // WebSocket only: ReconnectURL replaces the connection
)

// An Envelope is one EventSub message, as received by a WebSocket or a webhook. It is
// for programs that do not use a [Session] but receive messages from a webhook, a queue
// or a recording, and pass the events to a [Mux]:
//
//	envelope, err := eventsub.ParseWebhook(r.Header, body)
//	if err != nil {
//		return err
//	}
//	for _, n := range envelope.Notifications() {
//		err = mux.Dispatch(ctx, n)
//	}
//
// Fields that the message's kind does not have are zero.
type Envelope struct {
	Kind         string        // [KindNotification] and so on
	ID           string        // unchanged when Twitch sends the message again
	Timestamp    time.Time     // when Twitch sent it
	Retry        int           // how often it was sent before; webhook only
	Subscription Subscription  // of a notification, revocation or verification
	Challenge    string        // of a verification
	SessionID    string        // of a welcome or reconnect
	Keepalive    time.Duration // of a welcome: the longest time without a message
	ReconnectURL string        // of a reconnect

	content wire.Message
	late    bool
}

// ParseFrame decodes a text message of an EventSub WebSocket. It returns [ErrMessage]
// if frame is not an EventSub message; an unknown kind is not an error. The Envelope
// refers to frame, which must not be changed afterwards.
func ParseFrame(frame []byte) (*Envelope, error) {
	content, err := wire.DecodeFrame(frame)
	if err != nil {
		return nil, fmt.Errorf("eventsub: %w", err)
	}
	return newEnvelope(content), nil
}

// ParseWebhook decodes a request that Twitch sent to a webhook from its headers, which
// hold the message id, and its body. It returns [ErrMessage] if these are not an
// EventSub message; an unknown type is not an error. The Envelope refers to body,
// which must not be changed afterwards.
//
// ParseWebhook does not verify the signature. Do that first, over the bytes of the
// body as they arrived: https://dev.twitch.tv/docs/eventsub/handling-webhook-events/#verifying-the-event-message
func ParseWebhook(header http.Header, body []byte) (*Envelope, error) {
	kind := header.Get("Twitch-Eventsub-Message-Type")
	if kind == "" {
		return nil, fmt.Errorf("eventsub: %w: it has no header Twitch-Eventsub-Message-Type", ErrMessage)
	}
	content, err := wire.DecodeBody(kind, body)
	if err != nil {
		return nil, fmt.Errorf("eventsub: %w", err)
	}
	content.ID = header.Get("Twitch-Eventsub-Message-Id")
	content.Timestamp, _ = time.Parse(time.RFC3339Nano, header.Get("Twitch-Eventsub-Message-Timestamp"))
	e := newEnvelope(content)
	e.Retry, _ = strconv.Atoi(header.Get("Twitch-Eventsub-Message-Retry"))
	return e, nil
}

// lateAfter is the age from which a message counts as late. Twitch advises to refuse
// older webhook requests because they may be replayed.
const lateAfter = 10 * time.Minute

func newEnvelope(content wire.Message) *Envelope {
	return &Envelope{
		Kind: content.Kind, ID: content.ID, Timestamp: content.Timestamp,
		Subscription: Subscription(content.Subscription), Challenge: content.Challenge,
		SessionID: content.Session.ID, Keepalive: content.Session.Keepalive, ReconnectURL: content.Session.ReconnectURL,
		content: content,
		late:    !content.Timestamp.IsZero() && time.Since(content.Timestamp) > lateAfter,
	}
}

// Notifications returns the events of a notification for [Mux.Dispatch]: one, or one
// for each event of a batch. It returns none for messages of other kinds.
func (e *Envelope) Notifications() []Notification {
	if e.Kind != KindNotification {
		return nil
	}
	all := notifications(&e.content, e.late)
	for i := range all {
		all[i].Meta.Retry = e.Retry
	}
	return all
}

// notifications returns the events of m for a Mux.
func notifications(m *wire.Message, late bool) []Notification {
	all := make([]Notification, max(len(m.Events), 1))
	for i := range all {
		all[i] = notification(m, i, late)
	}
	return all
}

// notification returns one event of m: of a batch the one with the index i, otherwise
// the only one.
func notification(m *wire.Message, i int, late bool) Notification {
	n := Notification{
		Meta:  Meta{MessageID: m.ID, Timestamp: m.Timestamp, Late: late, Subscription: Subscription(m.Subscription)},
		Type:  Type{Name: m.Subscription.Type, Version: m.Subscription.Version},
		Event: m.Event,
	}
	if len(m.Events) > 0 {
		if n.Meta.MessageID = m.Events[i].ID; n.Meta.MessageID == "" {
			n.Meta.MessageID = m.ID + "#" + strconv.Itoa(i)
		}
		n.Event = m.Events[i].Raw
	}
	if i == 0 {
		n.unread = m.Unread
	}
	return n
}
