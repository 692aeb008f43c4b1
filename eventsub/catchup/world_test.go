package catchup_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/larkspur-dev/larkspur/emulator"
	"github.com/larkspur-dev/larkspur/eventsub"
	"github.com/larkspur-dev/larkspur/eventsub/catchup"
	"github.com/larkspur-dev/larkspur/helix"
)

// scopes are all that ada's token needs in these tests.
var scopes = []string{
	"moderator:read:followers", "channel:read:subscriptions", "bits:read", "channel:read:redemptions", "channel:manage:redemptions",
	"channel:read:polls", "channel:read:predictions", "channel:read:hype_train", "channel:read:goals", "channel:read:charity",
	"moderation:read", "channel:read:vips", "channel:moderate", "moderator:read:unban_requests", "channel:read:ads",
	"moderator:manage:shield_mode", "user:read:chat", "channel:bot",
	"moderator:manage:chat_settings", "channel:manage:predictions", "moderator:manage:unban_requests",
}

// A world is the emulator, in a synctest bubble, and a program that runs in it from time
// to time.
type world struct {
	t       *testing.T
	tw      *emulator.Server
	ada     string
	client  *helix.Client
	options catchup.Options
	store   *eventsub.MemoryWatermarkStore
	wants   []eventsub.Condition

	session *eventsub.Session
	stop    func()
	offline atomic.Bool

	rewardID, redemption, prediction, request string // that a tale made

	mu   sync.Mutex
	seen []eventsub.Notification
	gaps []eventsub.Gap
}

// inWorld runs story in a bubble.
func inWorld(t *testing.T, story func(w *world), options ...emulator.Option) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		options = append([]emulator.Option{
			emulator.InMemory(), emulator.Partner("ada"), emulator.Channel("ada"), emulator.User("grace", "alan", "edsger"), emulator.NoLimits(), emulator.TokenLife(10_000 * time.Hour),
		}, options...)
		w := &world{t: t, tw: emulator.Start(t, options...), store: eventsub.NewMemoryWatermarkStore()}
		w.ada = w.tw.UserID("ada")
		w.client = helix.New(w.tw.ClientID(), helix.StaticToken(w.ada, w.tw.UserToken("ada", scopes...)), helix.Options{
			HTTPClient: w.tw.HTTPClient(), BaseURL: w.tw.HelixURL(),
		})
		defer w.tw.HTTPClient().CloseIdleConnections()
		story(w)
		if w.stop != nil {
			w.kill()
		}
	})
}

// start starts a program with nothing in memory.
func (w *world) start() {
	w.t.Helper()
	w.run(w.store, eventsub.Dedup(10*time.Minute), w.note)
}

// note notes what is handled.
func (w *world) note(_ context.Context, n eventsub.Notification) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	if n.Type == eventsub.GapType {
		p, err := n.Payload()
		if err != nil {
			return err
		}
		w.gaps = append(w.gaps, *p.(*eventsub.Gap))
		return nil
	}
	w.seen = append(w.seen, n)
	return nil
}

// run starts a program.
func (w *world) run(store eventsub.WatermarkStore, dedup eventsub.Middleware, handle eventsub.Handler) {
	w.t.Helper()
	mux := eventsub.NewMux()
	mux.Use(dedup)
	mux.OnAny(handle)
	w.session = eventsub.NewSession(w.client, mux, eventsub.SessionOptions{
		URL: w.tw.EventSubURL(), HTTPClient: &http.Client{Transport: gate{w}},
		CatchUp: catchup.New(w.client, w.options), Watermarks: store,
	})
	w.session.Want(w.wants...)
	ctx, cancel := context.WithCancel(w.t.Context())
	done := make(chan error, 1)
	go func() { done <- w.session.Run(ctx) }()
	w.stop = func() {
		cancel()
		if err := <-done; err != nil {
			w.t.Errorf("run: got %v, want none", err)
		}
		if err := mux.Drain(context.Background()); err != nil {
			w.t.Errorf("drain: got %v, want none", err)
		}
	}
	w.ready()
}

// userOptions make the users of a life.
func userOptions() []emulator.Option { return []emulator.Option{emulator.User(crowd...)} }

// kill ends the program.
func (w *world) kill() {
	w.stop()
	w.stop = nil
}

// ready waits until all is subscribed.
func (w *world) ready() {
	w.t.Helper()
	for range 1000 {
		synctest.Wait()
		if !slices.ContainsFunc(w.session.Results(), func(r eventsub.Result) bool { return r.Outcome != eventsub.OutcomeSubscribed }) {
			time.Sleep(2 * time.Second) // what is needed of Helix, and the next save
			synctest.Wait()
			return
		}
		time.Sleep(100 * time.Millisecond)
	}
	w.t.Fatalf("not subscribed: %v", w.session.Results())
}

// away runs change while the program has no connection, and waits until it has one
// again.
func (w *world) away(change func()) {
	w.t.Helper()
	w.offline.Store(true)
	w.tw.DropEventSub()
	synctest.Wait()
	change()
	time.Sleep(time.Second)
	w.offline.Store(false)
	w.ready()
}

// A gate refuses to dial while the world is offline.
type gate struct{ w *world }

var errOffline = errors.New("offline")

func (g gate) RoundTrip(r *http.Request) (*http.Response, error) {
	if g.w.offline.Load() {
		return nil, errOffline
	}
	return g.w.tw.HTTPClient().Transport.RoundTrip(r)
}

// take returns what was handled since the last call.
func (w *world) take() (seen []eventsub.Notification, gaps []eventsub.Gap) {
	synctest.Wait()
	w.mu.Lock()
	defer w.mu.Unlock()
	seen, gaps = w.seen, w.gaps
	w.seen, w.gaps = nil, nil
	return seen, gaps
}

// told describes events: "follow grace (Get Channel Followers)".
func told(t *testing.T, seen []eventsub.Notification) []string {
	t.Helper()
	var lines []string
	for _, n := range seen {
		p, err := n.Payload()
		if err != nil {
			t.Fatal(err)
		}
		line := n.Type.Name + " " + strings.SplitN(p.SemanticKey(), "|", 2)[1]
		if n.Meta.Recovered {
			line += " (" + n.Meta.Source + ")"
		}
		lines = append(lines, line)
	}
	return lines
}

// wantGap compares the gaps that were reported with one: "channel.follow: 1", or
// "channel.raid: lost".
func wantGap(t *testing.T, gaps []eventsub.Gap, reason string, details ...string) {
	t.Helper()
	if len(gaps) != 1 {
		t.Fatalf("gaps: got %+v, want one", gaps)
	}
	g := gaps[0]
	if !strings.Contains(g.Reason, reason) {
		t.Errorf("reason of the gap: got %q, want %q", g.Reason, reason)
	}
	var got []string
	for _, d := range g.Details {
		line := fmt.Sprintf("%s: %d", d.Type.Name, d.Recovered)
		if d.Lost {
			line += ", lost: " + d.Reason
		}
		got = append(got, line)
	}
	if diff := cmp.Diff(details, got); diff != "" {
		t.Errorf("details of the gap (-want +got):\n%s", diff)
	}
	if !g.From.Before(g.To) {
		t.Errorf("gap from %v to %v, want an earlier begin", g.From, g.To)
	}
}
