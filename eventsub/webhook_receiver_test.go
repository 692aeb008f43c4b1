package eventsub_test

import (
	"context"
	"errors"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/larkspur-dev/larkspur/eventsub"
)

func TestWebhookNotificationIsAccepted(t *testing.T) {
	var kept keptEvents
	r := newReceiver(&kept, eventsub.ReceiverOptions{})
	p := newPost("m1", time.Now())
	p.header.Set("Twitch-Eventsub-Message-Retry", "2")
	p.wantStatus(t, r, http.StatusNoContent)
	got := kept.all()
	if len(got) != 1 {
		t.Fatalf("got %d notifications, want 1", len(got))
	}
	n := got[0]
	if n.Meta.MessageID != "m1" || n.Meta.Retry != 2 || n.Meta.Late || n.Type.Name != "channel.follow" || n.Meta.Subscription.ID != "s1" {
		t.Errorf("got %+v, want m1, retry 2, not late, channel.follow of s1", n)
	}
	if e, err := n.Payload(); err != nil || e.(*eventsub.ChannelFollow).UserLogin != "grace" {
		t.Errorf("event: got %v, %v; want a follow by grace", e, err)
	}
	if s := r.Stats(); s.Accepted != 1 || s.Refused.Total() != 0 {
		t.Errorf("stats: got %+v, want one accepted", s)
	}
}

func TestWebhookRefuses(t *testing.T) {
	type edit = func(p *post)
	double := func(name string) edit {
		return func(p *post) { p.header.Add(name, p.header.Get(name)) }
	}
	without := func(name string) edit {
		return func(p *post) { p.header.Del(name) }
	}
	for _, tt := range []struct {
		name   string
		edit   edit
		status int
		want   eventsub.Refusals
	}{
		{"GET", func(p *post) { p.method = "GET" }, 405, eventsub.Refusals{Method: 1}},
		{"HEAD", func(p *post) { p.method = "HEAD" }, 405, eventsub.Refusals{Method: 1}},
		{"no id", without("Twitch-Eventsub-Message-Id"), 403, eventsub.Refusals{Header: 1}},
		{"no timestamp", without("Twitch-Eventsub-Message-Timestamp"), 403, eventsub.Refusals{Header: 1}},
		{"no type", without("Twitch-Eventsub-Message-Type"), 403, eventsub.Refusals{Header: 1}},
		{"no signature", without("Twitch-Eventsub-Message-Signature"), 403, eventsub.Refusals{Header: 1}},
		{"two ids", double("Twitch-Eventsub-Message-Id"), 403, eventsub.Refusals{Header: 1}},
		{"two timestamps", double("Twitch-Eventsub-Message-Timestamp"), 403, eventsub.Refusals{Header: 1}},
		{"two types", double("Twitch-Eventsub-Message-Type"), 403, eventsub.Refusals{Header: 1}},
		{"two signatures", double("Twitch-Eventsub-Message-Signature"), 403, eventsub.Refusals{Header: 1}},
		{"two retry counts", double("Twitch-Eventsub-Message-Retry"), 403, eventsub.Refusals{Header: 1}},
		{"a long id", func(p *post) {
			p.header.Set("Twitch-Eventsub-Message-Id", strings.Repeat("m", 300))
			p.sign(hookSecret)
		}, 403, eventsub.Refusals{Header: 1}},
		{"another path", func(p *post) { p.path = "/eventsub/abd" }, 403, eventsub.Refusals{Path: 1}},
		{"a large body", func(p *post) {
			p.body = append(p.body, make([]byte, 1<<20)...)
			p.sign(hookSecret)
		}, 413, eventsub.Refusals{Size: 1}},
		{"another secret", func(p *post) { p.sign("another secret") }, 403, eventsub.Refusals{Signature: 1}},
		{"an empty secret", func(p *post) { p.sign("") }, 403, eventsub.Refusals{Signature: 1}},
		{"a changed body", func(p *post) { p.body[len(p.body)-3]++ }, 403, eventsub.Refusals{Signature: 1}},
		{"a changed id", func(p *post) { p.header.Set("Twitch-Eventsub-Message-Id", "m2") }, 403, eventsub.Refusals{Signature: 1}},
		{"a changed timestamp", func(p *post) { p.header.Set("Twitch-Eventsub-Message-Timestamp", "2026-01-01T00:00:00Z") }, 403, eventsub.Refusals{Signature: 1}},
		{"a digit moved from the time to the id", func(p *post) { // what is signed stays the same
			at := p.header.Get("Twitch-Eventsub-Message-Timestamp")
			p.header.Set("Twitch-Eventsub-Message-Id", p.header.Get("Twitch-Eventsub-Message-Id")+at[:1])
			p.header.Set("Twitch-Eventsub-Message-Timestamp", at[1:])
		}, 403, eventsub.Refusals{Header: 1}},
		{"a digit moved from the id to the time", func(p *post) {
			id := p.header.Get("Twitch-Eventsub-Message-Id")
			p.header.Set("Twitch-Eventsub-Message-Id", id[:1])
			p.header.Set("Twitch-Eventsub-Message-Timestamp", id[1:]+p.header.Get("Twitch-Eventsub-Message-Timestamp"))
		}, 403, eventsub.Refusals{Header: 1}},
		{"half a signature", func(p *post) {
			p.header.Set("Twitch-Eventsub-Message-Signature", p.header.Get("Twitch-Eventsub-Message-Signature")[:39])
		}, 403, eventsub.Refusals{Signature: 1}},
		{"no algorithm", func(p *post) {
			p.header.Set("Twitch-Eventsub-Message-Signature", strings.TrimPrefix(p.header.Get("Twitch-Eventsub-Message-Signature"), "sha256="))
		}, 403, eventsub.Refusals{Signature: 1}},
		{"not hexadecimal", func(p *post) {
			p.header.Set("Twitch-Eventsub-Message-Signature", "sha256="+strings.Repeat("zz", 32))
		}, 403, eventsub.Refusals{Signature: 1}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			var kept keptEvents
			r := newReceiver(&kept, eventsub.ReceiverOptions{})
			p := newPost("m1", time.Now())
			tt.edit(&p)
			p.wantStatus(t, r, tt.status)
			if diff := cmp.Diff(tt.want, r.Stats().Refused); diff != "" {
				t.Errorf("refused (-want +got):\n%s", diff)
			}
			if len(kept.all()) > 0 {
				t.Error("the event was passed on")
			}
		})
	}
}

// While a secret is replaced, requests may be signed with either.
func TestWebhookTriesAllSecrets(t *testing.T) {
	var kept keptEvents
	r := eventsub.NewReceiver(secretsAt(map[string][]eventsub.Secret{hookPath: {"the old secret", "", "the new secret"}}), kept.accept, eventsub.ReceiverOptions{})
	for i, secret := range []string{"the old secret", "the new secret"} {
		signedPost("notification", "m"+secret, time.Now(), followBody("7"), secret).wantStatus(t, r, http.StatusNoContent)
		if len(kept.all()) != i+1 {
			t.Errorf("%s: the event was not passed on", secret)
		}
	}
	signedPost("notification", "m3", time.Now(), followBody("7"), "").wantStatus(t, r, http.StatusForbidden)
}

func TestWebhookAcknowledgesOnlyWhatIsStored(t *testing.T) {
	var kept keptEvents
	r := newReceiver(&kept, eventsub.ReceiverOptions{})
	p := newPost("m1", time.Now())
	kept.fail(errDisk)
	p.wantStatus(t, r, http.StatusServiceUnavailable)
	p.wantStatus(t, r, http.StatusServiceUnavailable)
	kept.fail(nil)
	p.wantStatus(t, r, http.StatusNoContent)
	p.wantStatus(t, r, http.StatusNoContent)
	if got := kept.all(); len(got) != 1 {
		t.Errorf("stored %d times, want once", len(got))
	}
	if s := r.Stats(); s.Failed != 2 || s.Accepted != 1 || s.Duplicates != 1 {
		t.Errorf("got %+v, want 2 failed, 1 accepted, 1 duplicate", s)
	}
}

func TestWebhookSecretsCannotBeLoaded(t *testing.T) {
	r := eventsub.NewReceiver(func(context.Context, string) ([]eventsub.Secret, error) { return nil, errors.New("locked") },
		new(keptEvents).accept, eventsub.ReceiverOptions{})
	newPost("m1", time.Now()).wantStatus(t, r, http.StatusServiceUnavailable)
}

const challengeBody = `{"challenge":"pogchamp-kappa-360noscope-vohiyo","subscription":{"id":"s1","status":"webhook_callback_verification_pending",` +
	`"type":"channel.follow","version":"2","cost":0,"condition":{"broadcaster_user_id":"1"},"transport":{"method":"webhook","callback":"https://bot.example.org/eventsub/abc"}}}`

func TestWebhookConfirmsWhatIsWanted(t *testing.T) {
	wanted := true
	r := newReceiver(new(keptEvents), eventsub.ReceiverOptions{Confirm: func(_ context.Context, sub eventsub.Subscription) bool {
		return wanted && sub.ID == "s1" && sub.Transport.Callback == "https://bot.example.org/eventsub/abc"
	}})
	p := signedPost("webhook_callback_verification", "c1", time.Now(), []byte(challengeBody), hookSecret)
	w := p.to(r)
	if w.Code != http.StatusOK || w.Body.String() != "pogchamp-kappa-360noscope-vohiyo" || w.Header().Get("Content-Type") != "text/plain" {
		t.Errorf("got %d %q as %q, want the challenge as text/plain", w.Code, w.Body, w.Header().Get("Content-Type"))
	}
	wanted = false
	p.wantStatus(t, r, http.StatusForbidden)
	p.sign("another secret")
	p.wantStatus(t, r, http.StatusForbidden)
	if s := r.Stats(); s.Challenges != 1 || s.Refused.Unwanted != 1 || s.Refused.Signature != 1 {
		t.Errorf("got %+v, want one confirmed, one unwanted and one forged", s)
	}
	signedPost("webhook_callback_verification", "c1", time.Now(), []byte(challengeBody), hookSecret).
		wantStatus(t, newReceiver(new(keptEvents), eventsub.ReceiverOptions{}), http.StatusForbidden) // nothing is confirmed by default
}

const revokedBody = `{"subscription":{"id":"s1","status":"authorization_revoked","type":"channel.follow","version":"2","condition":{}}}`

func TestWebhookReportsRevocations(t *testing.T) {
	var got []string
	fail := errors.New("locked")
	r := newReceiver(new(keptEvents), eventsub.ReceiverOptions{Revoked: func(_ context.Context, sub eventsub.Subscription) error {
		got = append(got, sub.ID+" "+sub.Status)
		return fail
	}})
	p := signedPost("revocation", "r1", time.Now(), []byte(revokedBody), hookSecret)
	p.wantStatus(t, r, http.StatusServiceUnavailable)
	fail = nil
	p.wantStatus(t, r, http.StatusNoContent)
	p.wantStatus(t, r, http.StatusNoContent)
	if diff := cmp.Diff([]string{"s1 authorization_revoked", "s1 authorization_revoked"}, got); diff != "" {
		t.Errorf("revoked (-want +got):\n%s", diff)
	}
}

// The kind is in a header that is not signed. A message that is sent again as one of
// another kind must have no effect.
func TestWebhookKindMustFitTheBody(t *testing.T) {
	var kept keptEvents
	revoked := 0
	r := newReceiver(&kept, eventsub.ReceiverOptions{
		Revoked: func(context.Context, eventsub.Subscription) error { revoked++; return nil },
		Confirm: confirmAll,
	})
	for _, tt := range []struct{ kind, body string }{
		{"revocation", string(followBody("7"))},
		{"webhook_callback_verification", string(followBody("7"))},
		{"notification", revokedBody},
		{"webhook_callback_verification", revokedBody},
		{"notification", challengeBody},
		{"revocation", challengeBody},
		{"session_welcome", string(followBody("7"))},
		{"something.new", string(followBody("7"))},
		{"notification", "not JSON"},
		{"notification", "{}"},
		{"notification", `{"subscription":{"type":"channel.follow"},"events":[]}`},
	} {
		signedPost(tt.kind, "m1", time.Now(), []byte(tt.body), hookSecret).wantStatus(t, r, http.StatusNoContent)
	}
	if len(kept.all()) > 0 || revoked > 0 || r.Stats().Unknown != 11 {
		t.Errorf("got %d events, %d revocations, %+v; want 11 unknown messages", len(kept.all()), revoked, r.Stats())
	}
}

func TestWebhookUnknownMessagesAreReported(t *testing.T) {
	var got []string
	r := newReceiver(new(keptEvents), eventsub.ReceiverOptions{OnUnknown: func(kind string, body []byte) {
		got = append(got, kind+" "+string(body))
	}})
	signedPost("something.new", "m1", time.Now(), []byte("text"), hookSecret).wantStatus(t, r, http.StatusNoContent)
	if diff := cmp.Diff([]string{"something.new text"}, got); diff != "" {
		t.Errorf("unknown (-want +got):\n%s", diff)
	}
}

// A batch is stored as a whole or not at all.
func TestWebhookBatchIsOneCall(t *testing.T) {
	var got [][]string
	r := eventsub.NewReceiver(secretsAt(map[string][]eventsub.Secret{hookPath: {hookSecret}}), func(_ context.Context, ns ...eventsub.Notification) error {
		var ids []string
		for _, n := range ns {
			ids = append(ids, n.Meta.MessageID)
		}
		got = append(got, ids)
		return nil
	}, eventsub.ReceiverOptions{})
	body := `{"subscription":{"id":"s1","type":"drop.entitlement.grant","version":"1"},"events":[{"id":"e1","data":{}},{"id":"e2","data":{}}]}`
	signedPost("notification", "m1", time.Now(), []byte(body), hookSecret).wantStatus(t, r, http.StatusNoContent)
	if diff := cmp.Diff([][]string{{"e1", "e2"}}, got); diff != "" {
		t.Errorf("accepted (-want +got):\n%s", diff)
	}
}
