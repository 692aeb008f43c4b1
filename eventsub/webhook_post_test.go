package eventsub_test

import (
	"bytes"
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/larkspur-dev/larkspur/eventsub"
)

// A post is a request as Twitch sends it to a webhook, or as somebody forges it. Its
// signature is made here without the code that is tested.
type post struct {
	method, path string
	header       http.Header
	body         []byte
}

const (
	hookPath   = "/eventsub/abc"
	hookSecret = "a secret of the test, 32 letters"
)

// newPost returns a signed request with a notification of a follow.
func newPost(id string, at time.Time) post {
	return signedPost("notification", id, at, followBody("7"), hookSecret)
}

func followBody(user string) []byte {
	return fmt.Appendf(nil, `{"subscription":{"id":"s1","status":"enabled","type":"channel.follow","version":"2","cost":0,`+
		`"condition":{"broadcaster_user_id":"1","moderator_user_id":"1"},"transport":{"method":"webhook","callback":"https://bot.example.org%s"},`+
		`"created_at":"2026-01-01T00:00:00Z"},"event":{"user_id":%q,"user_login":"grace","user_name":"Grace","broadcaster_user_id":"1",`+
		`"broadcaster_user_login":"ada","broadcaster_user_name":"Ada","followed_at":"2026-01-02T00:00:00Z"}}`, hookPath, user)
}

func signedPost(kind, id string, at time.Time, body []byte, secret string) post {
	p := post{method: "POST", path: hookPath, body: body, header: http.Header{}}
	p.header.Set("Content-Type", "application/json")
	p.header.Set("Twitch-Eventsub-Message-Id", id)
	p.header.Set("Twitch-Eventsub-Message-Retry", "0")
	p.header.Set("Twitch-Eventsub-Message-Type", kind)
	p.header.Set("Twitch-Eventsub-Message-Timestamp", at.UTC().Format(time.RFC3339Nano))
	p.header.Set("Twitch-Eventsub-Subscription-Type", "channel.follow")
	p.header.Set("Twitch-Eventsub-Subscription-Version", "2")
	p.sign(secret)
	return p
}

func (p post) sign(secret string) {
	p.header.Set("Twitch-Eventsub-Message-Signature", "sha256="+hex.EncodeToString(p.mac(secret)))
}

func (p post) mac(secret string) []byte {
	mac := hmac.New(sha256.New, []byte(secret))
	mac.Write(slices.Concat([]byte(p.header.Get("Twitch-Eventsub-Message-Id")+p.header.Get("Twitch-Eventsub-Message-Timestamp")), p.body))
	return mac.Sum(nil)
}

// clone returns a copy that can be changed.
func (p post) clone() post {
	p.header, p.body = p.header.Clone(), bytes.Clone(p.body)
	return p
}

// to sends the request to a handler and returns its response.
func (p post) to(h http.Handler) *httptest.ResponseRecorder {
	q := httptest.NewRequest(p.method, "http://bot.example.org"+p.path, bytes.NewReader(p.body))
	q.Header = p.header.Clone()
	w := httptest.NewRecorder()
	h.ServeHTTP(w, q)
	return w
}

// A keptEvents is an accept that stores events by their message id.
type keptEvents struct {
	mu   sync.Mutex
	err  error                            // guarded by mu; what accept returns
	kept map[string]eventsub.Notification // guarded by mu
	list []eventsub.Notification          // guarded by mu
}

func (k *keptEvents) accept(_ context.Context, ns ...eventsub.Notification) error {
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.err != nil {
		return k.err
	}
	if k.kept == nil {
		k.kept = map[string]eventsub.Notification{}
	}
	for _, n := range ns {
		k.kept[n.Meta.MessageID] = n
		k.list = append(k.list, n)
	}
	return nil
}

func (k *keptEvents) fail(err error) {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.err = err
}

func (k *keptEvents) all() []eventsub.Notification {
	k.mu.Lock()
	defer k.mu.Unlock()
	return slices.Clone(k.list)
}

// secretsAt returns a function for NewReceiver that knows the secrets of paths.
func secretsAt(secrets map[string][]eventsub.Secret) func(context.Context, string) ([]eventsub.Secret, error) {
	return func(_ context.Context, path string) ([]eventsub.Secret, error) { return secrets[path], nil }
}

func newReceiver(k *keptEvents, o eventsub.ReceiverOptions) *eventsub.Receiver {
	return eventsub.NewReceiver(secretsAt(map[string][]eventsub.Secret{hookPath: {hookSecret}}), k.accept, o)
}

// wantStatus sends a request and compares the status. Only a challenge has a response
// with a body.
func (p post) wantStatus(t *testing.T, h http.Handler, want int) {
	t.Helper()
	w := p.to(h)
	if w.Code != want {
		t.Errorf("status: got %d, want %d", w.Code, want)
	}
	if w.Body.Len() > 0 {
		t.Errorf("body: got %q, want none", w.Body)
	}
}

var errDisk = errors.New("the disk is full")

func confirmAll(context.Context, eventsub.Subscription) bool { return true }
