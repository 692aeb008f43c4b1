package push

import (
	"bytes"
	"context"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"sync"
	"time"
)

// The states of what a webhook carries.
const (
	verificationPending = "webhook_callback_verification_pending"
	verificationFailed  = "webhook_callback_verification_failed"
	failuresExceeded    = "notification_failures_exceeded"
)

// How stubborn a webhook is.
const (
	maxLetters  = 16384 // that wait for one callback
	hookTimeout = 5 * time.Second
	hookTries   = 5 // of one message
	hookLosses  = 3 // consecutive messages that were not acknowledged
)

// A TransportRequest says where events are to go.
type TransportRequest struct {
	Method    string `json:"method"`
	Callback  string `json:"callback"`
	Secret    string `json:"secret"`
	SessionID string `json:"session_id"`
	ConduitID string `json:"conduit_id"`
}

// checkCallback checks a webhook. Twitch wants https on port 443; the emulator
// takes http and any port as well, because its users' programs are on localhost.
func checkCallback(t TransportRequest) error {
	u, err := url.Parse(t.Callback)
	switch {
	case err != nil || u.Host == "" || (u.Scheme != "https" && u.Scheme != "http"):
		return refuse(http.StatusBadRequest, "invalid transport: callback must be a URL")
	case len(t.Secret) < 10 || len(t.Secret) > 100 || strings.IndexFunc(t.Secret, func(r rune) bool { return r > 127 }) >= 0:
		return refuse(http.StatusBadRequest, "invalid transport: secret must have 10 to 100 ASCII characters")
	}
	return nil
}

// A hook brings messages to one callback, one after the other. A nil hook does
// nothing.
type hook struct {
	server   *Server
	to       TransportRequest
	letters  *letters
	verified func(ok bool) // after the challenge; called with Server.mu held
	failed   func()        // called when messages are not acknowledged, with Server.mu held
	once     sync.Once
	quit     chan struct{}
	ended    chan struct{} // closed when run has returned
	seed     uint64        // tells hooks apart, the same in each run of a program
	posts    uint64        // that there were; of run only
}

// A letter is one message to a callback.
type letter struct {
	id, kind      string
	name, version string // of the type
	challenge     string // that must come back; "" of other messages
	body          []byte
	at            time.Time // when it was sent first
	final         bool      // the hook ends after it
}

// newHook starts a hook. The caller holds mu.
func (s *Server) newHook(to TransportRequest, seed uint64, verified func(bool), failed func()) *hook {
	h := &hook{
		server: s, to: to, letters: newLetters(), verified: verified, failed: failed,
		quit: make(chan struct{}), ended: make(chan struct{}), seed: seed,
	}
	if s.closed {
		h.stop()
		return h
	}
	s.serving.Go(h.run)
	return h
}

func (h *hook) stop() {
	if h != nil {
		h.once.Do(func() { close(h.quit) })
	}
}

// challenge queues the question whether the callback wants this.
func (h *hook) challenge(subscription []byte) {
	challenge := rand.Text()
	h.add(letter{
		kind: "webhook_callback_verification", challenge: challenge,
		body: []byte(`{"challenge":"` + challenge + `","subscription":` + string(subscription) + `}`),
	})
}

// add queues a letter. It is dropped if the queue is full: the receiver is too slow.
func (h *hook) add(l letter) {
	if full := h.letters.add(l.sealed()); full != nil {
		h.server.counts.dropped.Add(1)
	}
}

// addSlowly waits until the queue has room. It reports false if the hook has ended.
func (h *hook) addSlowly(l letter) bool {
	l = l.sealed()
	for {
		full := h.letters.add(l)
		if full == nil {
			return true
		}
		select {
		case <-full:
		case <-h.quit:
			return false
		case <-h.ended:
			return false
		case <-h.server.ctx.Done():
			return false
		}
	}
}

// sealed returns a letter with an id and a time.
func (l letter) sealed() letter {
	if l.id == "" {
		l.id, l.at = string(appendUUID(nil)), time.Now()
	}
	return l
}

// run posts letters until the hook is stopped or its receiver has failed too often.
func (h *hook) run() {
	defer close(h.ended)
	ctx, cancel := context.WithCancel(h.server.ctx)
	defer cancel()
	lost := 0
	for {
		select {
		case <-ctx.Done():
			return
		case <-h.quit:
			return
		case <-h.letters.ready:
		}
		for l, more := h.letters.take(); more; l, more = h.letters.take() {
			if h.stopped() || !h.handle(ctx, l, &lost) {
				return
			}
		}
	}
}

// handle posts a letter. It reports false if that was the last one.
func (h *hook) handle(ctx context.Context, l letter, lost *int) bool {
	ok := h.deliver(ctx, l)
	switch {
	case l.final:
		return false
	case l.challenge != "":
		h.locked(func() { h.verified(ok) })
		return ok
	case ok:
		*lost = 0
		return true
	}
	h.server.counts.givenUp.Add(1)
	if *lost++; *lost < hookLosses {
		return true
	}
	h.locked(h.failed)
	h.finish(ctx)
	return false
}

// finish posts the revocation that follows too many failures. What waits before it is lost.
func (h *hook) finish(ctx context.Context) {
	for l, more := h.letters.take(); more; l, more = h.letters.take() {
		if l.final {
			h.deliver(ctx, l)
			return
		}
	}
}

func (h *hook) stopped() bool {
	select {
	case <-h.quit:
		return true
	default:
		return h.server.ctx.Err() != nil
	}
}

func (h *hook) locked(do func()) {
	h.server.mu.Lock()
	defer h.server.mu.Unlock()
	do()
}

// deliver posts a letter until it is taken; a challenge once.
func (h *hook) deliver(ctx context.Context, l letter) bool {
	at := l.at.UTC().Format(time.RFC3339Nano)
	for try := range hookTries {
		if try > 0 {
			select {
			case <-ctx.Done():
				return false
			case <-h.quit:
				return false
			case <-time.After(time.Second << (try - 1)):
			}
		}
		if h.tryPost(ctx, l, at, try) == nil {
			return true
		}
		if l.challenge != "" {
			return false
		}
	}
	return false
}

// tryPost is post in whatever weather there is.
func (h *hook) tryPost(ctx context.Context, l letter, at string, try int) error {
	w := h.server.weather.Load()
	if w == nil || !w.coversHook(l) {
		return h.post(ctx, l, at, try, 0)
	}
	h.posts++
	draw := w.draw(h.seed, h.posts, forPost)
	if draw < w.Refused {
		return errNotTaken
	}
	err := h.post(ctx, l, at, try, w.Slow)
	if draw < w.Refused+w.Unanswered {
		return errNotTaken
	}
	return err
}

var errNotTaken = errors.New("not taken")

func (h *hook) post(ctx context.Context, l letter, at string, try int, slow time.Duration) error {
	ctx, cancel := context.WithTimeout(ctx, hookTimeout)
	defer cancel()
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, h.to.Callback, bytes.NewReader(l.body))
	if err != nil {
		return err
	}
	if slow > 0 {
		r.Body = &slowBody{ctx: ctx, body: l.body, pause: slow}
	}
	mac := hmac.New(sha256.New, []byte(h.to.Secret))
	mac.Write([]byte(l.id + at))
	mac.Write(l.body)
	for name, value := range map[string]string{
		"Content-Type":                         "application/json",
		"Twitch-Eventsub-Message-Id":           l.id,
		"Twitch-Eventsub-Message-Retry":        strconv.Itoa(try),
		"Twitch-Eventsub-Message-Type":         l.kind,
		"Twitch-Eventsub-Message-Signature":    "sha256=" + hex.EncodeToString(mac.Sum(nil)),
		"Twitch-Eventsub-Message-Timestamp":    at,
		"Twitch-Eventsub-Subscription-Type":    l.name,
		"Twitch-Eventsub-Subscription-Version": l.version,
	} {
		r.Header.Set(name, value)
	}
	answer, err := h.server.client.Do(r)
	if errors.Is(err, errRemote) {
		h.server.log.WarnContext(ctx, "webhook not called", "callback", h.to.Callback, "error", errRemote)
	}
	if err != nil {
		return err
	}
	defer answer.Body.Close()
	said, err := io.ReadAll(io.LimitReader(answer.Body, 1<<10))
	if err != nil {
		return err
	}
	if answer.StatusCode/100 != 2 || (l.challenge != "" && string(said) != l.challenge) {
		return errNotTaken
	}
	return nil
}

// last queues a letter after which the hook stops by itself.
func (h *hook) last(l letter) {
	l.final = true
	h.add(l)
}
