package larkspur_test

import (
	"bytes"
	"context"
	"log/slog"
	"slices"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/larkspur-dev/larkspur"
	"github.com/larkspur-dev/larkspur/emulator"
	"github.com/larkspur-dev/larkspur/eventsub"
	"github.com/larkspur-dev/larkspur/oauth"
)

const redirect = "http://localhost:3000"

// A stage is the emulator with ada's channel, in a synctest bubble.
type stage struct {
	t     *testing.T
	tw    *emulator.Server
	store oauth.Store
	seen  chan string

	mu  sync.Mutex
	log bytes.Buffer // guarded by mu
}

func onStage(t *testing.T, story func(t *testing.T, s *stage), options ...emulator.Option) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		options = append([]emulator.Option{emulator.InMemory(), emulator.Channel("ada"), emulator.User("grace", "robin")}, options...)
		tw := emulator.Start(t, options...)
		s := &stage{t: t, tw: tw, store: oauth.NewMemoryStore(), seen: make(chan string, 1000)}
		t.Cleanup(tw.HTTPClient().CloseIdleConnections)
		story(t, s)
	})
}

// Write makes a stage the output of a logger.
func (s *stage) Write(b []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.log.Write(b)
}

func (s *stage) logged() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.log.String()
}

func (s *stage) code(login string, scopes ...string) oauth.Secret {
	return oauth.Secret(s.tw.AuthorizationCode(login, redirect, scopes...))
}

// account returns an Account that uses the emulator.
func (s *stage) account(o larkspur.AccountOptions) *larkspur.Account {
	o.Server, o.HTTPClient = s.tw.URL(), s.tw.HTTPClient()
	o.RedirectURI = redirect
	o.Logger = slog.New(slog.NewTextHandler(s, nil))
	return larkspur.NewAccount(s.tw.ClientID(), s.tw.ClientSecret(), s.store, o)
}

// watch registers handlers that tell of follows and streams.
func (s *stage) watch(mux *eventsub.Mux) {
	eventsub.On(mux, func(_ context.Context, e *eventsub.ChannelFollow) error {
		s.seen <- "follow " + e.BroadcasterUserLogin + " " + e.UserLogin
		return nil
	})
	s.watchStreams(mux)
}

func (s *stage) watchStreams(mux *eventsub.Mux) (off func()) {
	return eventsub.On(mux, func(_ context.Context, e *eventsub.StreamOnline) error {
		s.seen <- "online " + e.BroadcasterUserLogin
		return nil
	})
}

func (s *stage) want(want ...string) {
	s.t.Helper()
	synctest.Wait()
	var got []string
	for len(s.seen) > 0 {
		got = append(got, <-s.seen)
	}
	slices.Sort(want) // channels are handled in parallel
	slices.Sort(got)
	if diff := cmp.Diff(want, got); diff != "" {
		s.t.Errorf("events (-want +got):\n%s", diff)
	}
}

// running is a call of Run.
type running struct {
	s      *stage
	cancel context.CancelFunc
	done   chan struct{}
	err    error // valid when done is closed
}

func (s *stage) run(run func(ctx context.Context) error) *running {
	ctx, cancel := context.WithCancel(s.t.Context())
	r := &running{s: s, cancel: cancel, done: make(chan struct{})}
	go func() {
		defer close(r.done)
		r.err = run(ctx)
	}()
	s.t.Cleanup(func() {
		cancel()
		<-r.done
	})
	return r
}

// end ends Run, which must return within a second and without an error.
func (r *running) end() {
	r.s.t.Helper()
	start := time.Now()
	r.cancel()
	if <-r.done; r.err != nil {
		r.s.t.Errorf("run: got %v, want none", r.err)
	}
	if took := time.Since(start); took > time.Second {
		r.s.t.Errorf("the end of Run took %v", took)
	}
}

// ended returns the error of a Run that ends by itself within 90 minutes.
func (r *running) ended() error {
	r.s.t.Helper()
	select {
	case <-r.done:
		return r.err
	case <-time.After(90 * time.Minute):
		r.s.t.Fatal("run goes on")
		return nil
	}
}

// goesOn fails the test if Run has ended.
func (r *running) goesOn() {
	r.s.t.Helper()
	synctest.Wait()
	select {
	case <-r.done:
		r.s.t.Fatalf("run ended with %v, want it to go on", r.err)
	default:
	}
}

func (s *stage) ready(ready func(ctx context.Context) error) {
	s.t.Helper()
	ctx, cancel := context.WithTimeout(s.t.Context(), time.Minute)
	defer cancel()
	if err := ready(ctx); err != nil {
		s.t.Fatalf("ready: got %v; log:\n%s", err, s.logged())
	}
	synctest.Wait()
}

func outcomes(results []eventsub.Result) []string {
	var lines []string
	for _, r := range results {
		lines = append(lines, r.Condition.Type().Name+" "+string(r.Outcome))
	}
	slices.Sort(lines)
	return lines
}

func sorted(lines []string) []string { return slices.Sorted(slices.Values(lines)) }
