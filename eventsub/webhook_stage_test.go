package eventsub_test

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"maps"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/larkspur-dev/larkspur/emulator"
	"github.com/larkspur-dev/larkspur/eventsub"
	"github.com/larkspur-dev/larkspur/helix"
)

const callback = "https://bot.example.org/eventsub"

// A hookStage is the emulator with ada's channel, and a webhook that it calls, in a
// synctest bubble.
type hookStage struct {
	*eventsub.Webhook

	t       *testing.T
	tw      *emulator.Server
	client  *helix.Client // with the app token
	mux     *eventsub.Mux
	o       eventsub.WebhookOptions
	cancel  context.CancelFunc
	done    chan error
	seen    chan string
	revoked chan string

	mu      sync.Mutex
	network func(q *http.Request, to http.Handler) (*http.Response, error) // guarded by mu; nil: it works
	handler http.Handler                                                   // guarded by mu
	calls   map[string]int                                                 // guarded by mu; by callback
	gaps    []eventsub.Gap                                                 // guarded by mu
}

func onHookStage(t *testing.T, story func(s *hookStage)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		s := &hookStage{t: t, seen: make(chan string, 10_000), revoked: make(chan string, 100), calls: map[string]int{}}
		s.tw = emulator.Start(t, emulator.InMemory(), emulator.Channel("ada"), emulator.User("grace", "bob", "eve"),
			emulator.WebhookClient(&http.Client{Transport: s}))
		s.tw.UserToken("ada", "moderator:read:followers") // ada has authorized the application
		s.client = helix.New(s.tw.ClientID(), helix.StaticToken("", s.tw.AppToken()), helix.Options{
			HTTPClient: s.tw.HTTPClient(), BaseURL: s.tw.HelixURL(),
		})
		s.o = eventsub.WebhookOptions{Callback: callback, OnRevoked: func(e *eventsub.RevokedError) { s.revoked <- e.Type.Name + " " + e.Reason }}
		defer s.tw.HTTPClient().CloseIdleConnections()
		defer s.stop()
		story(s)
	})
}

// RoundTrip is the network between Twitch and the webhook.
func (s *hookStage) RoundTrip(q *http.Request) (*http.Response, error) {
	s.mu.Lock()
	network, to := s.network, s.handler
	s.calls[q.URL.String()]++
	s.mu.Unlock()
	if network == nil {
		network = reach
	}
	return network(q, to)
}

var errNetwork = errors.New("connection refused")

// reach passes a request to a handler.
func reach(q *http.Request, to http.Handler) (*http.Response, error) {
	if to == nil {
		return nil, errNetwork
	}
	w := httptest.NewRecorder()
	q.Body = http.NoBody
	if q.GetBody != nil {
		q.Body, _ = q.GetBody()
	}
	to.ServeHTTP(w, q)
	return w.Result(), nil
}

func unreachable(*http.Request, http.Handler) (*http.Response, error) { return nil, errNetwork }

// onNetwork replaces the network; nil makes it work.
func (s *hookStage) onNetwork(network func(q *http.Request, to http.Handler) (*http.Response, error)) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.network = network
}

// start runs a new webhook with s.o that wants conditions: a new start of the program.
func (s *hookStage) start(conditions ...eventsub.Condition) {
	s.t.Helper()
	s.mux = eventsub.NewMux()
	s.mux.Use(eventsub.Dedup(time.Hour))
	eventsub.On(s.mux, func(_ context.Context, e *eventsub.ChannelFollow) error {
		s.seen <- "follow " + e.UserLogin
		return nil
	})
	eventsub.On(s.mux, func(_ context.Context, e *eventsub.ChannelUpdate) error {
		s.seen <- "title " + e.Title
		return nil
	})
	eventsub.On(s.mux, func(_ context.Context, e *eventsub.Gap) error {
		s.mu.Lock()
		defer s.mu.Unlock()
		s.gaps = append(s.gaps, *e)
		s.seen <- "gap: " + e.Reason
		return nil
	})
	s.Webhook = eventsub.NewWebhook(s.client, s.mux, s.o)
	s.Want(conditions...)
	s.mu.Lock()
	s.handler = s.Webhook
	s.mu.Unlock()
	s.run()
}

func (s *hookStage) run() {
	var ctx context.Context
	ctx, s.cancel = context.WithCancel(s.t.Context())
	s.done = make(chan error, 1)
	go func() { s.done <- s.Run(ctx) }()
}

// stop ends the webhook and its server.
func (s *hookStage) stop() {
	s.t.Helper()
	if s.done == nil {
		return
	}
	s.cancel()
	if err := <-s.done; err != nil {
		s.t.Errorf("run: got %v, want none", err)
	}
	s.done = nil
	if err := s.mux.Drain(s.t.Context()); err != nil {
		s.t.Errorf("drain: got %v, want none", err)
	}
	s.mu.Lock()
	s.handler = nil
	s.mu.Unlock()
}

func (s *hookStage) follows() eventsub.Condition {
	ada := s.tw.UserID("ada")
	return eventsub.ChannelFollowCondition{BroadcasterUserID: ada, ModeratorUserID: ada}
}

func (s *hookStage) titles() eventsub.Condition {
	return eventsub.ChannelUpdateCondition{BroadcasterUserID: s.tw.UserID("ada")}
}

// ready waits until all is subscribed.
func (s *hookStage) ready() {
	s.t.Helper()
	ctx, cancel := context.WithTimeout(s.t.Context(), time.Minute)
	defer cancel()
	for {
		err := s.Ready(ctx)
		ok := err == nil
		for _, r := range s.Results() {
			ok = ok && r.Outcome == eventsub.OutcomeSubscribed
		}
		if ok {
			break
		}
		if ctx.Err() != nil {
			s.t.Fatalf("not ready after a minute: %v; %v", err, s.Results())
		}
		time.Sleep(time.Second)
	}
	synctest.Wait()
}

// want compares the events with those that arrived. Those of different subscriptions may
// overtake each other.
func (s *hookStage) want(want ...string) {
	s.t.Helper()
	time.Sleep(time.Minute) // Twitch repeats what was not acknowledged
	synctest.Wait()
	var got []string
	for len(s.seen) > 0 {
		got = append(got, <-s.seen)
	}
	slices.Sort(got)
	slices.Sort(want)
	if diff := cmp.Diff(want, got); diff != "" {
		s.t.Errorf("events (-want +got):\n%s", diff)
	}
}

// listed returns Twitch's subscriptions as "type status base", sorted, and by id.
func (s *hookStage) listed() (texts []string, byID map[string]helix.EventSubSubscription) {
	s.t.Helper()
	byID = map[string]helix.EventSubSubscription{}
	for sub, err := range s.client.EventSub.AllSubscriptions(s.t.Context(), helix.GetEventSubSubscriptionsParams{}) {
		if err != nil {
			s.t.Fatal(err)
		}
		byID[sub.ID] = sub
		texts = append(texts, sub.Type+" "+string(sub.Status)+" "+sub.Transport.Callback[:strings.LastIndexByte(sub.Transport.Callback, '/')])
	}
	slices.Sort(texts)
	return texts, byID
}

func (s *hookStage) wantListed(want ...string) {
	s.t.Helper()
	synctest.Wait()
	got, _ := s.listed()
	if diff := cmp.Diff(want, got); diff != "" {
		s.t.Errorf("subscriptions at Twitch (-want +got):\n%s", diff)
	}
}

// ids returns the subscription id of each wanted condition.
func (s *hookStage) ids() []string {
	var ids []string
	for _, r := range s.Results() {
		ids = append(ids, r.SubscriptionID)
	}
	return ids
}

// A secretsFake is a SecretStore in memory that survives the webhook.
type secretsFake struct {
	mu   sync.Mutex
	err  error                          // guarded by mu; what each call returns
	keys map[string]eventsub.WebhookKey // guarded by mu
}

func newSecretsFake() *secretsFake { return &secretsFake{keys: map[string]eventsub.WebhookKey{}} }

func (f *secretsFake) Keys(context.Context) ([]eventsub.WebhookKey, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	return slices.Collect(maps.Values(f.keys)), f.err
}

func (f *secretsFake) SaveKey(_ context.Context, key eventsub.WebhookKey) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.err == nil {
		f.keys[key.ID] = key
	}
	return f.err
}

func (f *secretsFake) DeleteKey(_ context.Context, id string) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.err == nil {
		delete(f.keys, id)
	}
	return f.err
}

func (f *secretsFake) all() map[string]eventsub.WebhookKey {
	f.mu.Lock()
	defer f.mu.Unlock()
	return maps.Clone(f.keys)
}

func (f *secretsFake) fail(err error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.err = err
}

// logTo returns a logger that writes everything to w.
func logTo(w io.Writer) *slog.Logger {
	return slog.New(slog.NewTextHandler(w, &slog.HandlerOptions{Level: slog.LevelDebug}))
}
