package eventsub_test

import (
	"context"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/larkspur-dev/larkspur/emulator"
	"github.com/larkspur-dev/larkspur/eventsub"
	"github.com/larkspur-dev/larkspur/helix"
)

// A watcher is a Session connected to the emulator, in a synctest bubble.
type watcher struct {
	tw      *emulator.Server
	session *eventsub.Session
	seen    chan string
	revoked chan string
	states  chan string
}

// watch runs story while a session is subscribed to ada's follows, raids and streams.
func watch(t *testing.T, story func(t *testing.T, w *watcher)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		tw := emulator.Start(t, emulator.InMemory(), emulator.Channel("ada"), emulator.User("grace"))
		w := &watcher{tw: tw, seen: make(chan string, 100), revoked: make(chan string, 100), states: make(chan string, 1000)}
		ada := tw.UserID("ada")
		token := tw.UserToken("ada", "moderator:read:followers")
		client := helix.New(tw.ClientID(), helix.StaticToken(ada, token), helix.Options{
			HTTPClient: tw.HTTPClient(), BaseURL: tw.HelixURL(),
		})
		mux := eventsub.NewMux()
		mux.Use(eventsub.Dedup(10 * time.Minute))
		eventsub.On(mux, func(_ context.Context, e *eventsub.ChannelFollow) error {
			w.seen <- "follow " + e.UserLogin
			return nil
		})
		eventsub.On(mux, func(_ context.Context, e *eventsub.StreamOnline) error {
			w.seen <- "online " + e.BroadcasterUserLogin
			return nil
		})
		eventsub.On(mux, func(_ context.Context, e *eventsub.Gap) error {
			names := make([]string, len(e.Lost))
			for i, t := range e.Lost {
				names[i] = t.Name
			}
			w.seen <- "gap " + strings.Join(names, " ")
			return nil
		})
		w.session = eventsub.NewSession(client, mux, eventsub.SessionOptions{
			URL: tw.EventSubURL(), HTTPClient: tw.HTTPClient(),
			OnState:   func(s eventsub.State) { w.states <- s.String() },
			OnRevoked: func(e *eventsub.RevokedError) { w.revoked <- e.Type.Name + " " + e.Reason },
		})
		w.session.Want(
			eventsub.ChannelFollowCondition{BroadcasterUserID: ada, ModeratorUserID: ada},
			eventsub.StreamOnlineCondition{BroadcasterUserID: ada},
		)
		ctx, cancel := context.WithCancel(t.Context())
		done := make(chan error, 1)
		go func() { done <- w.session.Run(ctx) }()
		w.wait(t, "EventSub: connected, 2 of 2 subscriptions")
		defer func() {
			cancel()
			if err := <-done; err != nil {
				t.Errorf("run: got %v, want none", err)
			}
			if err := mux.Drain(t.Context()); err != nil {
				t.Errorf("drain: got %v, want none", err)
			}
			tw.HTTPClient().CloseIdleConnections()
		}()
		story(t, w)
	})
}

// wait advances the time until the session reports state.
func (w *watcher) wait(t *testing.T, state string) {
	t.Helper()
	timeout := time.After(time.Hour)
	for {
		select {
		case got := <-w.states:
			if got == state {
				return
			}
		case <-timeout:
			t.Fatalf("no state %q within an hour", state)
		}
	}
}

func (w *watcher) want(t *testing.T, want ...string) {
	t.Helper()
	synctest.Wait()
	var got []string
	for len(w.seen) > 0 {
		got = append(got, <-w.seen)
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("events (-want +got):\n%s", diff)
	}
}

func TestEventsOfTheEmulatorArrive(t *testing.T) {
	watch(t, func(t *testing.T, w *watcher) {
		w.tw.Follow("ada", "grace")
		w.want(t, "follow grace")
		time.Sleep(24 * time.Hour) // keepalives, and rechecks every ten minutes
		w.tw.GoLive("ada")
		w.want(t, "online ada")
		if got := w.session.Stats(); got.Connections != 1 || got.Gaps != 0 {
			t.Errorf("after a quiet day: got %+v, want one connection and no gap", got)
		}
	})
}

func TestEventsOfTheEmulatorArriveAgainAfterALoss(t *testing.T) {
	watch(t, func(t *testing.T, w *watcher) {
		for range 3 {
			w.tw.DropEventSub()
			w.wait(t, "EventSub: connected, 2 of 2 subscriptions")
			w.want(t, "gap channel.follow stream.online")
			w.tw.GoLive("ada")
			w.want(t, "online ada")
			w.tw.GoOffline("ada")
			time.Sleep(20 * time.Minute)
		}
	})
}

func TestRevocationOfTheEmulatorIsReported(t *testing.T) {
	watch(t, func(t *testing.T, w *watcher) {
		w.tw.Disconnect("ada")
		synctest.Wait()
		select {
		case got := <-w.revoked:
			if !strings.HasSuffix(got, " authorization_revoked") {
				t.Errorf("revoked: got %q", got)
			}
		default:
			t.Error("nothing was revoked")
		}
	})
}

func TestSessionContinuesAfterEveryCloseCodeOfTheEmulator(t *testing.T) {
	watch(t, func(t *testing.T, w *watcher) {
		for code := 4000; code <= 4007; code++ {
			w.tw.CloseEventSub(code)
			w.wait(t, "EventSub: connected, 2 of 2 subscriptions")
			w.want(t, "gap channel.follow stream.online")
			w.tw.GoLive("ada")
			w.want(t, "online ada")
			w.tw.GoOffline("ada")
			time.Sleep(2 * time.Minute)
		}
	})
}

func TestReconnectOfTheEmulatorLosesNoEvent(t *testing.T) {
	watch(t, func(t *testing.T, w *watcher) {
		for range 3 {
			w.tw.ReconnectEventSub(30 * time.Second)
			w.tw.GoLive("ada")
			synctest.Wait()
			w.want(t, "online ada")
			w.tw.GoOffline("ada")
			time.Sleep(5 * time.Minute)
		}
		if got := w.session.Stats(); got.Connections != 4 || got.Gaps != 0 {
			t.Errorf("after three reconnects: got %+v, want four connections and no gap", got)
		}
	})
}
