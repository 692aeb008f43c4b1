package push_test

import (
	"bytes"
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"io"
	"net/http"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/larkspur-dev/larkspur/emulator/internal/auth"
	"github.com/larkspur-dev/larkspur/emulator/internal/push"
	"github.com/larkspur-dev/larkspur/emulator/internal/world"
	"github.com/larkspur-dev/larkspur/eventsub"
)

var app = auth.Grant{ClientID: "client"}

// overConduit subscribes with an app token.
func (s *stage) overConduit(conduitID, name, version string, condition ...string) push.Subscription {
	s.t.Helper()
	r := request(&peer{}, name, version, condition...)
	r.Transport = push.TransportRequest{Method: "conduit", ConduitID: conduitID}
	sub, err := s.server.Create(app, r)
	must(s.t, err)
	return sub
}

func (s *stage) seat(conduitID, shard string, p *peer) {
	s.t.Helper()
	_, failed, err := s.server.UpdateShards(app, conduitID, []push.ShardRequest{{
		ID: shard, Transport: push.TransportRequest{Method: "websocket", SessionID: p.id},
	}})
	must(s.t, err)
	if len(failed) > 0 {
		s.t.Fatalf("got %v", failed)
	}
}

func TestConduitLimits(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newStage(t)
		for _, count := range []int{0, 20_001} {
			_, err := s.server.CreateConduit(app, count)
			refused(t, err, 400, "shard_count")
		}
		var last push.Conduit
		for range 5 {
			made, err := s.server.CreateConduit(app, 3)
			must(t, err)
			last = made
		}
		_, err := s.server.CreateConduit(app, 3)
		refused(t, err, 429, "limit")
		_, err = s.server.ResizeConduit(auth.Grant{ClientID: "other"}, last.ID, 1)
		refused(t, err, 404, "not found")
		must(t, s.server.DeleteConduit(app, last.ID))
		refused(t, s.server.DeleteConduit(app, last.ID), 404, "not found")
		if got := len(s.server.Conduits(app)); got != 4 {
			t.Errorf("got %d conduits, want 4", got)
		}
	})
}

// Two WebSockets share the events of a conduit; when one goes, the other gets
// all, and who watches is told.
func TestConduitOverWebSockets(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newStage(t)
		c, err := s.server.CreateConduit(app, 2)
		must(t, err)
		watched, err := s.server.CreateConduit(app, 1)
		must(t, err)
		a, b, watcher := s.connect("?keepalive_timeout_seconds=600"), s.connect("?keepalive_timeout_seconds=600"), s.connect("?keepalive_timeout_seconds=600")
		s.seat(c.ID, "0", a)
		s.seat(c.ID, "1", b)
		s.seat(watched.ID, "0", watcher)
		sub := s.overConduit(c.ID, "channel.update", "2", "broadcaster_user_id", "1")
		s.overConduit(watched.ID, "conduit.shard.disabled", "1", "client_id", "client", "conduit_id", c.ID)
		if sub.Status != push.Enabled || sub.Transport.ConduitID != c.ID || sub.Transport.Method != "conduit" {
			t.Errorf("got %+v", sub)
		}
		time.Sleep(15 * time.Second) // shards need no subscription of their own to stay
		a.wantOpen()
		for i := range 4 {
			must(t, s.world.ModifyChannel("1", worldTitle(i)))
		}
		got := a.want("notification channel.update", "notification channel.update")
		b.want("notification channel.update", "notification channel.update")
		checkShape(t, got[0])
		if got[0].Payload.Subscription.Transport.ConduitID != c.ID {
			t.Errorf("got transport %+v, want the conduit", got[0].Payload.Subscription.Transport)
		}

		_ = a.conn.CloseNow()
		synctest.Wait()
		lost := watcher.want("notification conduit.shard.disabled")
		checkShape(t, lost[0])
		for i := range 2 {
			must(t, s.world.ModifyChannel("1", worldTitle(i)))
		}
		b.want("notification channel.update", "notification channel.update")
		shards, err := s.server.Shards(app, c.ID, "")
		must(t, err)
		if len(shards) != 2 || shards[0].Status != "websocket_disconnected" || shards[0].Transport.DisconnectedAt.IsZero() || shards[1].Status != push.Enabled {
			t.Errorf("got shards %+v", shards)
		}
		if enabled, _ := s.server.Shards(app, c.ID, push.Enabled); len(enabled) != 1 {
			t.Errorf("got %d enabled shards, want 1", len(enabled))
		}

		_, err = s.server.ResizeConduit(app, c.ID, 1)
		must(t, err)
		must(t, s.world.ModifyChannel("1", worldTitle(1)))
		b.want() // its shard is gone
		must(t, s.server.DeleteConduit(app, c.ID))
		l := s.server.List(app, push.Filter{Status: "conduit_deleted"})
		if len(l.Subscriptions) != 1 || l.MaxTotalCost != 10_000 {
			t.Errorf("got %+v, want the subscription as conduit_deleted", l)
		}
	})
}

// inbox is a program that takes webhooks.
type inbox struct {
	t      *testing.T
	refuse bool // whatever comes
	mute   bool // answers challenges with nonsense

	mu  sync.Mutex
	got []letter // guarded by mu
}

type letter struct {
	kind, id, retry string
	body            []byte
}

const secret = "a secret of ours"

// RoundTrip is the whole network.
func (in *inbox) RoundTrip(r *http.Request) (*http.Response, error) {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		return nil, err
	}
	h := r.Header
	l := letter{h.Get("Twitch-Eventsub-Message-Type"), h.Get("Twitch-Eventsub-Message-Id"), h.Get("Twitch-Eventsub-Message-Retry"), body}
	mac := hmac.New(sha256.New, []byte(secret))
	mac.Write([]byte(l.id + h.Get("Twitch-Eventsub-Message-Timestamp") + string(body)))
	if want := "sha256=" + hex.EncodeToString(mac.Sum(nil)); h.Get("Twitch-Eventsub-Message-Signature") != want {
		in.t.Errorf("got signature %s, want %s", h.Get("Twitch-Eventsub-Message-Signature"), want)
	}
	in.mu.Lock()
	in.got = append(in.got, l)
	refuse, mute := in.refuse, in.mute
	in.mu.Unlock()
	answer := &http.Response{StatusCode: http.StatusOK, Header: http.Header{}, Body: http.NoBody, Request: r}
	var asked struct{ Challenge string }
	_ = json.Unmarshal(body, &asked)
	switch {
	case l.kind == "webhook_callback_verification" && !mute:
		answer.Body = io.NopCloser(strings.NewReader(asked.Challenge))
	case refuse:
		answer.StatusCode = http.StatusInternalServerError
	}
	return answer, nil
}

// take waits until nothing moves any more and returns the letters since the last take.
func (in *inbox) take() []letter {
	synctest.Wait()
	in.mu.Lock()
	defer in.mu.Unlock()
	got := in.got
	in.got = nil
	return got
}

func newHooks(t *testing.T, in *inbox) (*push.Server, *world.World) {
	t.Helper()
	w := world.New(world.Options{})
	for _, login := range []string{"ada", "grace"} {
		_, err := w.AddUser(world.User{ID: map[string]string{"ada": "1", "grace": "3"}[login], Login: login})
		must(t, err)
	}
	s := push.New(push.Config{World: w, Client: &http.Client{Transport: in}})
	t.Cleanup(s.Close)
	return s, w
}

func hookRequest(name, version string, condition ...string) push.Request {
	r := request(&peer{}, name, version, condition...)
	r.Transport = push.TransportRequest{Method: "webhook", Callback: "https://example.com/hook", Secret: secret}
	return r
}

func TestWebhook(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		in := &inbox{t: t}
		s, w := newHooks(t, in)
		sub, err := s.Create(app, hookRequest("stream.online", "1", "broadcaster_user_id", "1"))
		must(t, err)
		if sub.Status != "webhook_callback_verification_pending" || sub.Transport.Callback != "https://example.com/hook" {
			t.Errorf("got %+v, want it pending", sub)
		}
		if got := in.take(); len(got) != 1 || !bytes.Contains(got[0].body, []byte(`"status":"webhook_callback_verification_pending"`)) || bytes.Contains(got[0].body, []byte(secret)) {
			t.Errorf("got %+v, want a challenge", got)
		}
		if got := s.List(app, push.Filter{}).Subscriptions[0].Status; got != push.Enabled {
			t.Errorf("got status %s, want enabled", got)
		}
		_, err = s.Create(app, hookRequest("stream.online", "1", "broadcaster_user_id", "1"))
		refused(t, err, 409, "already exists")

		_, err = w.GoLive("1")
		must(t, err)
		got := in.take()
		if len(got) != 1 || got[0].kind != "notification" || got[0].retry != "0" || !bytes.Contains(got[0].body, []byte(`"event":{"id":"`)) {
			t.Fatalf("got %+v, want stream.online", got)
		}

		in.mu.Lock()
		in.refuse = true
		in.mu.Unlock()
		for range 3 {
			must(t, w.GoOffline("1"))
			_, err = w.GoLive("1")
			must(t, err)
		}
		time.Sleep(2 * time.Minute)
		var tries, revocations []letter
		for _, l := range in.take() {
			if l.kind == "revocation" {
				revocations = append(revocations, l)
			} else {
				tries = append(tries, l)
			}
		}
		if len(revocations) != 5 || !bytes.Contains(revocations[0].body, []byte(`"status":"notification_failures_exceeded"`)) {
			t.Errorf("got %d revocations, want one with five tries", len(revocations))
		}
		if len(tries) != 15 || tries[0].id != tries[4].id || tries[4].retry != "4" || tries[5].id == tries[0].id {
			t.Fatalf("got %d letters, want three with five tries each", len(tries))
		}
		if got := s.List(app, push.Filter{}).Subscriptions[0].Status; got != "notification_failures_exceeded" {
			t.Errorf("got status %s, want notification_failures_exceeded", got)
		}
	})
}

func TestWebhookThatDoesNotAnswer(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s, _ := newHooks(t, &inbox{t: t, mute: true})
		_, err := s.Create(app, hookRequest("stream.online", "1", "broadcaster_user_id", "1"))
		must(t, err)
		synctest.Wait()
		if got := s.List(app, push.Filter{}).Subscriptions[0].Status; got != "webhook_callback_verification_failed" {
			t.Errorf("got status %s, want webhook_callback_verification_failed", got)
		}
	})
}

func TestWebhookIsToldOfRevocation(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		in := &inbox{t: t}
		s, w := newHooks(t, in)
		_, err := s.Create(app, hookRequest("user.authorization.revoke", "1", "client_id", "client"))
		must(t, err)
		_, err = s.Create(app, hookRequest("stream.online", "1", "broadcaster_user_id", "1"))
		must(t, err)
		in.take()
		w.Deauthorized("client", "3")
		if got := in.take(); len(got) != 1 || !bytes.Contains(got[0].body, []byte(`"client_id":"client","user_id":"3"`)) {
			t.Errorf("got %+v, want user.authorization.revoke", got)
		}
		s.Revoke(eventsub.Type{Name: "stream.online", Version: "1"}, "version_removed")
		got := in.take()
		if len(got) != 1 || got[0].kind != "revocation" || !bytes.Contains(got[0].body, []byte(`"status":"version_removed"`)) {
			t.Errorf("got %+v, want a revocation", got)
		}
	})
}

func TestDropsComeInBatches(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		in := &inbox{t: t}
		s, w := newHooks(t, in)
		e, err := w.GrantDrop("3", "743", "hat")
		must(t, err)
		r := hookRequest("drop.entitlement.grant", "1", "organization_id", e.OrganizationID)
		_, err = s.Create(app, r)
		refused(t, err, 400, "is_batching_enabled")
		r.Batching = true
		_, err = s.Create(app, r)
		must(t, err)
		in.take()
		_, err = w.GrantDrop("3", "743", "cap")
		must(t, err)
		if got := in.take(); len(got) != 1 || !bytes.Contains(got[0].body, []byte(`"events":[{"id":"`)) || !json.Valid(got[0].body) {
			t.Errorf("got %+v, want a batch", got)
		}
	})
}

func TestWebhookAsShard(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		in := &inbox{t: t}
		s, w := newHooks(t, in)
		c, err := s.CreateConduit(app, 1)
		must(t, err)
		updated, _, err := s.UpdateShards(app, c.ID, []push.ShardRequest{{ID: "0", Transport: hookRequest("", "").Transport}})
		must(t, err)
		if len(updated) != 1 || updated[0].Status != "webhook_callback_verification_pending" {
			t.Errorf("got %+v, want it pending", updated)
		}
		in.take()
		r := request(&peer{}, "stream.online", "1", "broadcaster_user_id", "1")
		r.Transport = push.TransportRequest{Method: "conduit", ConduitID: c.ID}
		_, err = s.Create(app, r)
		must(t, err)
		_, err = w.GoLive("1")
		must(t, err)
		if got := in.take(); len(got) != 1 || got[0].kind != "notification" {
			t.Errorf("got %+v, want stream.online", got)
		}
	})
}

// A closed server waits for no callback.
func TestCloseEndsWebhooks(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s, w := newHooks(t, &inbox{t: t, refuse: true})
		_, err := s.Create(app, hookRequest("stream.online", "1", "broadcaster_user_id", "1"))
		must(t, err)
		synctest.Wait()
		_, err = w.GoLive("1")
		must(t, err)
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		done := make(chan struct{})
		go func() { s.Close(); close(done) }()
		select {
		case <-done:
		case <-ctx.Done():
			t.Error("got no end of Close")
		}
	})
}
