package eventsub

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"time"

	"github.com/larkspur-dev/larkspur/eventsub/internal/webhook"
	"github.com/larkspur-dev/larkspur/eventsub/internal/wire"
)

// ServeHTTP verifies a request and answers it. See [Receiver].
func (r *Receiver) ServeHTTP(w http.ResponseWriter, q *http.Request) {
	start := time.Now()
	// The deadline also ends a wait of net/http for the rest of a refused body. A
	// ResponseWriter without deadlines is left to the timeouts of its server.
	control := http.NewResponseController(w)
	_ = control.SetReadDeadline(start.Add(answerWithin))
	ctx, cancel := context.WithDeadline(q.Context(), start.Add(answerWithin))
	defer cancel()

	if q.Method != http.MethodPost {
		w.Header().Set("Allow", http.MethodPost)
		r.refuse(ctx, w, refusedMethod, http.StatusMethodNotAllowed)
		return
	}
	head, ok := webhook.ReadHead(q.Header)
	if !ok {
		r.refuse(ctx, w, refusedHeader, http.StatusForbidden)
		return
	}
	secrets, err := r.secrets(ctx, q.URL.Path)
	switch {
	case err != nil:
		r.fail(ctx, w, fmt.Errorf("secrets: %w", err))
		return
	case len(secrets) == 0:
		r.refuse(ctx, w, refusedPath, http.StatusForbidden)
		return
	}
	body, err := r.readBody(q)
	switch {
	case errors.Is(err, errBodySize):
		r.refuse(ctx, w, refusedSize, http.StatusRequestEntityTooLarge)
		return
	case errors.Is(err, errBodyLoad):
		w.Header().Set("Connection", "close")
		r.fail(ctx, w, err)
		return
	case err != nil:
		r.refuse(ctx, w, refusedBody, http.StatusRequestTimeout)
		return
	}
	if !signed(head, body, secrets) {
		if r.forged != nil {
			r.forged(q.URL.Path)
		}
		r.refuse(ctx, w, refusedSignature, http.StatusForbidden)
		return
	}
	_ = control.SetReadDeadline(time.Time{}) // otherwise it would end q's context

	m := &hookMessage{Message: wire.Message{Kind: head.Kind}}
	decoder := r.decoders.Get().(*wire.Decoder) //nolint:forcetypeassert // nothing else is put
	err = decoder.Body(body, &m.Message)
	r.decoders.Put(decoder)
	if err != nil {
		r.unknown(w, head.Kind, body)
		return
	}
	m.ID, m.Timestamp = head.ID, head.Sent
	m.retry, _ = strconv.Atoi(q.Header.Get("Twitch-Eventsub-Message-Retry"))
	r.clock.Observe(head.Sent, start)
	m.late = r.clock.Age(head.Sent, start) > lateAfter
	r.answer(ctx, w, m, body)
}

// A hookMessage is a verified message.
type hookMessage struct {
	wire.Message

	retry int
	late  bool
}

// notifications returns the events of m.
func (m *hookMessage) notifications() []Notification {
	all := notifications(&m.Message, m.late)
	for i := range all {
		all[i].Meta.Retry = m.retry
	}
	return all
}

func signed(head webhook.Head, body []byte, secrets []Secret) bool {
	if len(secrets) == 1 {
		return head.Signed(body, string(secrets[0]))
	}
	all := make([]string, len(secrets))
	for i, s := range secrets {
		all[i] = string(s)
	}
	return head.Signed(body, all...)
}

// answer handles a verified message.
func (r *Receiver) answer(ctx context.Context, w http.ResponseWriter, m *hookMessage, body []byte) {
	switch {
	case m.Kind == KindVerification && m.Challenge != "" && len(m.Challenge) <= maxChallenge:
		r.challenge(ctx, w, m)
	case m.Kind == KindRevocation && !carriesEvents(m) && hasEnded(m):
		r.once(ctx, w, m, func() error {
			if r.o.Revoked != nil {
				if err := r.o.Revoked(ctx, Subscription(m.Subscription)); err != nil {
					return err
				}
			}
			r.stats.revocations.Add(1)
			return nil
		})
	case m.Kind == KindNotification && carriesEvents(m):
		r.once(ctx, w, m, func() error {
			if err := r.accept(ctx, m.notifications()...); err != nil {
				return err
			}
			r.stats.accepted.Add(1)
			if m.late {
				r.stats.late.Add(1)
			}
			return nil
		})
	default:
		r.unknown(w, m.Kind, body)
	}
}

// carriesEvents reports whether a message has what a notification must have and the
// other kinds have not. The kind is in a header, which is not signed: a notification that
// is sent again as a revocation must not end a subscription.
func carriesEvents(m *hookMessage) bool { return len(m.Event) > 0 || len(m.Events) > 0 }

// hasEnded reports whether the subscription of a message is neither enabled nor about to
// be: a challenge that is sent again as a revocation must not end a subscription either.
func hasEnded(m *hookMessage) bool {
	return m.Challenge == "" && m.Subscription.Status != statusEnabled && !isPending(m.Subscription.Status)
}

// once handles a message unless one with the same id was handled before, and then
// acknowledges it.
func (r *Receiver) once(ctx context.Context, w http.ResponseWriter, m *hookMessage, handle func() error) {
	turn, err := r.seen.Begin(ctx, m.ID)
	if err != nil {
		r.fail(ctx, w, err)
		return
	}
	if turn == nil {
		r.stats.duplicates.Add(1)
		w.WriteHeader(http.StatusNoContent)
		return
	}
	done := false
	defer func() { turn.End(done) }() // also if handle panics
	if err := handle(); err != nil {
		r.fail(ctx, w, err)
		return
	}
	done = true
	w.WriteHeader(http.StatusNoContent)
}

// challenge confirms a subscription that is wanted.
func (r *Receiver) challenge(ctx context.Context, w http.ResponseWriter, m *hookMessage) {
	if r.o.Confirm == nil || !r.o.Confirm(ctx, Subscription(m.Subscription)) {
		r.refuse(ctx, w, refusedUnwanted, http.StatusForbidden)
		return
	}
	if turn, err := r.seen.Begin(ctx, m.ID); err == nil && turn != nil { // a repeated one says nothing about the clock
		r.clock.ObservePrompt(m.Timestamp, time.Now())
		turn.End(true)
	}
	r.stats.challenges.Add(1)
	h := w.Header()
	h.Set("Content-Type", "text/plain")
	h.Set("Content-Length", strconv.Itoa(len(m.Challenge)))
	h.Set("X-Content-Type-Options", "nosniff")
	_, _ = w.Write([]byte(m.Challenge)) // if it fails, Twitch reports that the verification failed
}

// unknown acknowledges a message that cannot be handled: a repetition would not help,
// and Twitch ends subscriptions whose messages are refused.
func (r *Receiver) unknown(w http.ResponseWriter, kind string, body []byte) {
	r.stats.unknown.Add(1)
	if r.o.OnUnknown != nil {
		r.o.OnUnknown(kind, body)
	}
	w.WriteHeader(http.StatusNoContent)
}
