package catchup_test

import (
	"context"
	"net/http"
	"net/http/httptest"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/larkspur-dev/larkspur/emulator"
	"github.com/larkspur-dev/larkspur/eventsub"
	"github.com/larkspur-dev/larkspur/eventsub/catchup"
	"github.com/larkspur-dev/larkspur/helix"
)

// Tokens of the app and of ada.
func (w *world) tokens() helix.TokenSource {
	ada, app := w.tw.UserToken("ada", scopes...), w.tw.AppToken()
	return tokenFunc(func(userID string) string {
		if userID == "" {
			return app
		}
		return ada
	})
}

type tokenFunc func(userID string) string

func (f tokenFunc) Token(_ context.Context, userID string) (string, error) { return f(userID), nil }

// A conduit that one process serves recovers what Twitch could not deliver while no
// process served it.
func TestConduitRecoversAfterARestart(t *testing.T) {
	inWorld(t, func(w *world) {
		t := w.t
		w.client = helix.New(w.tw.ClientID(), w.tokens(), helix.Options{HTTPClient: w.tw.HTTPClient(), BaseURL: w.tw.HelixURL()})
		run := func() (stop func()) {
			mux := eventsub.NewMux()
			mux.Use(eventsub.Dedup(10 * time.Minute))
			mux.OnAny(w.note)
			conduit := eventsub.NewConduit(w.client, mux, eventsub.ConduitOptions{
				URL: w.tw.EventSubURL(), HTTPClient: w.tw.HTTPClient(), CatchUp: catchup.New(w.client, catchup.Options{}), Watermarks: w.store,
			})
			conduit.Want(roleConditions(w.ada)[0], eventsub.ChannelFollowCondition{BroadcasterUserID: w.ada, ModeratorUserID: w.ada})
			ctx, cancel := context.WithCancel(t.Context())
			done := make(chan error, 1)
			go func() { done <- conduit.Run(ctx) }()
			if err := conduit.Ready(ctx); err != nil {
				t.Fatal(err)
			}
			time.Sleep(5 * time.Second)
			synctest.Wait()
			return func() {
				cancel()
				if err := <-done; err != nil {
					t.Errorf("run: got %v, want none", err)
				}
				if err := mux.Drain(context.Background()); err != nil {
					t.Errorf("drain: got %v, want none", err)
				}
			}
		}
		stop := run()
		w.tw.Mod("ada", "alan")
		time.Sleep(time.Minute)
		stop()
		if seen, gaps := w.take(); len(seen) != 1 || len(gaps) != 0 {
			t.Errorf("first run: got %v and %v, want the moderator and no gap", told(t, seen), gaps)
		}
		time.Sleep(time.Minute)
		w.tw.Mod("ada", "grace")
		w.tw.Follow("ada", "grace")
		time.Sleep(time.Minute)
		stop = run()
		seen, gaps := w.take()
		want := []string{
			"channel.follow " + w.ada + "|" + w.tw.UserID("grace") + "|2000-01-01T00:02:05Z (Get Channel Followers)",
			"channel.moderator.add " + w.ada + "|" + w.tw.UserID("grace") + " (Get Moderators)",
		}
		if diff := cmp.Diff(want, told(t, seen)); diff != "" {
			t.Errorf("events (-want +got):\n%s", diff)
		}
		if len(gaps) != 1 || gaps[0].RecoveredCount != 2 || len(gaps[0].Lost) != 1 { // conduit.shard.disabled is lost
			t.Errorf("gaps: got %+v, want one with two recovered events", gaps)
		}
		stop()
	})
}

// A webhook recovers what Twitch gave up to deliver while the program was not running.
func TestWebhookRecoversAfterARestart(t *testing.T) {
	network := &handlers{}
	inWorld(t, func(w *world) {
		t := w.t
		w.client = helix.New(w.tw.ClientID(), w.tokens(), helix.Options{HTTPClient: w.tw.HTTPClient(), BaseURL: w.tw.HelixURL()})
		seen := eventsub.NewMemorySeenStore(0)
		run := func() (stop func()) {
			mux := eventsub.NewMux()
			mux.Use(eventsub.DedupStore(seen, 24*time.Hour))
			mux.OnAny(w.note)
			hook := eventsub.NewWebhook(w.client, mux, eventsub.WebhookOptions{
				Callback: "https://bot.example.org/eventsub", CatchUp: catchup.New(w.client, catchup.Options{}), Watermarks: w.store,
			})
			network.set(hook)
			hook.Want(roleConditions(w.ada)[0], eventsub.ChannelFollowCondition{BroadcasterUserID: w.ada, ModeratorUserID: w.ada})
			ctx, cancel := context.WithCancel(t.Context())
			done := make(chan error, 1)
			go func() { done <- hook.Run(ctx) }()
			if err := hook.Ready(ctx); err != nil {
				t.Fatal(err)
			}
			time.Sleep(5 * time.Second)
			synctest.Wait()
			return func() {
				network.set(nil)
				cancel()
				if err := <-done; err != nil {
					t.Errorf("run: got %v, want none", err)
				}
				if err := mux.Drain(context.Background()); err != nil {
					t.Errorf("drain: got %v, want none", err)
				}
			}
		}
		stop := run()
		w.tw.Mod("ada", "alan")
		time.Sleep(time.Minute)
		stop()
		if seen, gaps := w.take(); len(seen) != 1 || len(gaps) != 0 {
			t.Errorf("first run: got %v and %v, want the moderator and no gap", told(t, seen), gaps)
		}
		w.tw.Mod("ada", "grace")
		w.tw.Follow("ada", "grace")
		time.Sleep(2 * time.Hour)
		stop = run()
		got, gaps := w.take()
		want := []string{
			"channel.follow " + w.ada + "|" + w.tw.UserID("grace") + "|2000-01-01T00:01:07Z (Get Channel Followers)",
			"channel.moderator.add " + w.ada + "|" + w.tw.UserID("grace") + " (Get Moderators)",
		}
		if diff := cmp.Diff(want, told(t, got)); diff != "" {
			t.Errorf("events (-want +got):\n%s", diff)
		}
		wantGap(t, gaps, "the program was not running", "channel.follow: 1", "channel.moderator.add: 1")
		stop()
	}, emulator.WebhookClient(&http.Client{Transport: network}))
}

// handlers is a network with one server, or none.
type handlers struct {
	mu sync.Mutex
	to http.Handler // guarded by mu
}

func (h *handlers) set(to *eventsub.Webhook) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.to = nil; to != nil {
		h.to = to
	}
}

func (h *handlers) RoundTrip(q *http.Request) (*http.Response, error) {
	h.mu.Lock()
	to := h.to
	h.mu.Unlock()
	if to == nil {
		return nil, errOffline
	}
	w := httptest.NewRecorder()
	to.ServeHTTP(w, q)
	return w.Result(), nil
}
