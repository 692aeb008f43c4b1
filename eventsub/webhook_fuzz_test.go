package eventsub_test

import (
	"context"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/larkspur-dev/larkspur/eventsub"
)

// A request without a valid signature is never accepted, and a signed one is never
// answered with anything but 2xx or, for a challenge, 403. Neither panics.
func FuzzWebhook(f *testing.F) {
	for _, body := range []string{string(followBody("7")), challengeBody, revokedBody, "{}", "null", "", `{"subscription":{"type":"drop.entitlement.grant"},"events":[{}]}`} {
		for _, kind := range []string{"notification", "revocation", "webhook_callback_verification"} {
			f.Add("POST", hookPath, kind, "m1", "2026-01-01T00:00:00.123456789Z", "", body)
		}
	}
	f.Add("POST", hookPath, "notification", "m1", "2026-01-01T00:00:00Z", "sha256=", "")
	f.Add("GET", "/", "", "", "", strings.Repeat("0", 71), "")
	f.Fuzz(func(t *testing.T, method, path, kind, id, at, signature, body string) {
		stored := 0
		r := eventsub.NewReceiver(secretsAt(map[string][]eventsub.Secret{hookPath: {"another secret", hookSecret}}),
			func(_ context.Context, ns ...eventsub.Notification) error {
				stored += len(ns)
				for _, n := range ns {
					_, _ = n.Payload()
				}
				return nil
			}, eventsub.ReceiverOptions{Confirm: confirmAll})
		p := post{method: method, path: hookPath, body: []byte(body), header: http.Header{
			prefix + "Id": {id}, prefix + "Timestamp": {at}, prefix + "Type": {kind}, prefix + "Signature": {signature},
		}}
		valid := false
		if signature == "" { // sign it
			p.sign(hookSecret)
			valid = method == "POST" && id != "" && at != "" && kind != "" && max(len(id), len(at), len(kind)) <= 256 && len(body) <= 1<<20
		} else if want := p.clone(); true {
			want.sign(hookSecret)
			valid = strings.EqualFold(want.header.Get(prefix+"Signature"), signature) && strings.HasPrefix(signature, "sha256=") && method == "POST"
		}
		w := httptest.NewRecorder()
		q := httptest.NewRequest("POST", "http://bot.example.org/", strings.NewReader(body))
		q.Method, q.URL.Path, q.Header = method, path, p.header
		if _, err := time.Parse(time.RFC3339, at); err != nil || path != hookPath {
			valid = false
		}
		r.ServeHTTP(w, q)
		switch {
		case !valid && (w.Code/100 == 2 || stored > 0 || w.Body.Len() > 0):
			t.Errorf("got %d %q and %d events, want a refusal", w.Code, w.Body, stored)
		case valid && w.Code/100 != 2:
			t.Errorf("got %d for a signed request", w.Code)
		case w.Body.Len() > len(body):
			t.Errorf("the response is longer than the request")
		}
		if s := r.Stats(); time.Duration(s.Late) > 1 {
			t.Errorf("got %+v for one request", s)
		}
	})
}
