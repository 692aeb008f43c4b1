package larkspur_test

import (
	"bytes"
	"context"
	"errors"
	"log/slog"
	"maps"
	"slices"
	"strings"
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

func TestAccountSubscribesToWhatHasAHandler(t *testing.T) {
	onStage(t, func(t *testing.T, s *stage) {
		var told [][]string
		a := s.account(larkspur.AccountOptions{
			Code:    s.code("ada", "moderator:read:followers"),
			OnReady: func(_ context.Context, results []eventsub.Result) { told = append(told, outcomes(results)) },
		})
		s.watch(a.Mux)
		eventsub.On(a.Mux, func(context.Context, *eventsub.Gap) error { return nil }) // not a type of Twitch's
		r := s.run(a.Run)
		s.ready(a.Ready)
		s.ready(a.Ready) // at once
		want := []string{"channel.follow subscribed", "stream.online subscribed"}
		if diff := cmp.Diff([][]string{want}, told); diff != "" {
			t.Errorf("OnReady (-want +got):\n%s", diff)
		}
		if a.User().Login != "ada" || a.ChannelID() != s.tw.UserID("ada") {
			t.Errorf("got %v in channel %s, want ada in hers", a.User(), a.ChannelID())
		}
		s.tw.Follow("ada", "grace")
		s.tw.GoLive("ada")
		s.want("follow ada grace", "online ada")
		time.Sleep(24 * time.Hour) // tokens expire after four hours
		s.tw.Follow("ada", "robin")
		s.want("follow ada robin")
		r.end()
		if err := a.Ready(t.Context()); !errors.Is(err, eventsub.ErrEnded) {
			t.Errorf("ready after the end: got %v, want ErrEnded", err)
		}
		if err := a.Run(t.Context()); err == nil {
			t.Error("the second Run returned no error")
		}
	})
}

// What is missed during a lost connection is fetched.
func TestAccountCatchesUp(t *testing.T) {
	onStage(t, func(_ *testing.T, s *stage) {
		a := s.account(larkspur.AccountOptions{Code: s.code("ada", "moderator:read:followers")})
		s.watch(a.Mux)
		r := s.run(a.Run)
		s.ready(a.Ready)
		time.Sleep(time.Hour)
		s.tw.DropEventSub()
		s.tw.Follow("ada", "robin") // before the next connection
		time.Sleep(time.Minute)
		s.want("follow ada robin")
		r.end()
	})
}

// A refused subscription is a result: the account is ready, and the others work.
func TestAccountIsReadyWithARefusedSubscription(t *testing.T) {
	onStage(t, func(t *testing.T, s *stage) {
		a := s.account(larkspur.AccountOptions{Code: s.code("ada")})
		s.watch(a.Mux)
		r := s.run(a.Run)
		s.ready(a.Ready)
		if diff := cmp.Diff([]string{"channel.follow refused", "stream.online subscribed"}, outcomes(a.Session.Results())); diff != "" {
			t.Errorf("results (-want +got):\n%s", diff)
		}
		if log := s.logged(); !strings.Contains(log, "missing_scopes.channel.follow=moderator:read:followers") || !strings.Contains(log, "scope=moderator") {
			t.Errorf("the log does not name the missing scope and where to grant it:\n%s", log)
		}
		s.tw.GoLive("ada")
		s.want("online ada")
		r.end()
	})
}

// A bot in another user's channel has its own id as moderator and chatter.
func TestAccountInAnotherChannel(t *testing.T) {
	onStage(t, func(t *testing.T, s *stage) {
		a := s.account(larkspur.AccountOptions{Code: s.code("robin", "moderator:read:followers", "user:read:chat"), Channel: "ada"})
		s.watch(a.Mux)
		eventsub.On(a.Mux, func(_ context.Context, e *eventsub.ChannelChatMessage) error {
			s.seen <- "chat " + e.Message.Text
			return nil
		})
		r := s.run(a.Run)
		s.ready(a.Ready)
		s.tw.Follow("ada", "grace")
		s.tw.GoLive("ada")
		s.tw.Say("ada", "grace", "hello")
		s.want("chat hello", "follow ada grace", "online ada")
		r.end()
	}, emulator.Moderator("ada", "robin"))
}

// An event that needs no particular user's token uses the account's own.
func TestAccountUsesItsOwnToken(t *testing.T) {
	onStage(t, func(_ *testing.T, s *stage) {
		a := s.account(larkspur.AccountOptions{Code: s.code("robin"), Channel: "ada"})
		s.watchStreams(a.Mux)
		r := s.run(a.Run)
		s.ready(a.Ready)
		s.tw.GoLive("ada")
		s.want("online ada")
		r.end()
	})
}

func TestAccountHandlesARepeatedEventOnce(t *testing.T) {
	onStage(t, func(t *testing.T, s *stage) {
		a := s.account(larkspur.AccountOptions{})
		s.watchStreams(a.Mux)
		n := eventsub.Notification{
			Meta: eventsub.Meta{MessageID: "1", Timestamp: time.Now()}, Type: eventsub.StreamOnline{}.Type(),
			Event: []byte(`{"id": "9", "broadcaster_user_id": "1", "broadcaster_user_login": "ada"}`),
		}
		for range 2 {
			if err := a.Mux.Dispatch(t.Context(), n); err != nil {
				t.Error(err)
			}
		}
		s.want("online ada")
	})
}

// seenStore is a store of handled events that lasts as long as the test.
type seenStore map[string]string

func (s seenStore) Seen(_ context.Context, keys ...string) (map[string]string, error) {
	found := map[string]string{}
	for _, k := range keys {
		if v, ok := s[k]; ok {
			found[k] = v
		}
	}
	return found, nil
}

func (s seenStore) Add(_ context.Context, keys map[string]string) error {
	maps.Copy(s, keys)
	return nil
}

func TestAccountHandlesAnEventOnceAcrossRestarts(t *testing.T) {
	onStage(t, func(t *testing.T, s *stage) {
		seen := seenStore{}
		for range 2 {
			a := s.account(larkspur.AccountOptions{Seen: seen})
			s.watchStreams(a.Mux)
			n := eventsub.Notification{
				Meta: eventsub.Meta{MessageID: "1", Timestamp: time.Now()}, Type: eventsub.StreamOnline{}.Type(),
				Event: []byte(`{"id": "9", "broadcaster_user_id": "1", "broadcaster_user_login": "ada"}`),
			}
			if err := a.Mux.Dispatch(t.Context(), n); err != nil {
				t.Error(err)
			}
			synctest.Wait()
		}
		s.want("online ada")
	})
}

// Setup may register handlers; further ones need WantHandled.
func TestAccountWantsHandlersAddedLater(t *testing.T) {
	onStage(t, func(t *testing.T, s *stage) {
		var a *larkspur.Account
		var off func()
		a = s.account(larkspur.AccountOptions{
			Code: s.code("ada", "moderator:read:followers"),
			Setup: func(context.Context) error {
				if a.User().Login != "ada" {
					t.Errorf("user in Setup: got %v", a.User())
				}
				off = s.watchStreams(a.Mux)
				return nil
			},
		})
		if err := a.WantHandled(); err == nil {
			t.Error("WantHandled before the login returned no error")
		}
		r := s.run(a.Run)
		s.ready(a.Ready)
		off()
		s.watch(a.Mux)
		off2 := s.watchStreams(a.Mux)
		if err := a.WantHandled(); err != nil {
			t.Error(err)
		}
		s.ready(a.Ready)
		if diff := cmp.Diff([]string{"channel.follow subscribed", "stream.online subscribed"}, outcomes(a.Session.Results())); diff != "" {
			t.Errorf("results (-want +got):\n%s", diff)
		}
		off2()
		r.end()
	})
}

func TestAccountUnwantsHandlersThatWereRemoved(t *testing.T) {
	onStage(t, func(t *testing.T, s *stage) {
		a := s.account(larkspur.AccountOptions{Code: s.code("ada", "moderator:read:followers")})
		off := s.watchStreams(a.Mux)
		eventsub.On(a.Mux, func(context.Context, *eventsub.ChannelFollow) error { return nil })
		other := eventsub.StreamOfflineCondition{BroadcasterUserID: s.tw.UserID("grace")}
		a.Session.Want(other) // the program's own choice stays
		eventsub.On(a.Mux, func(context.Context, *eventsub.StreamOffline) error { return nil })
		r := s.run(a.Run)
		s.ready(a.Ready)
		off()
		if err := a.WantHandled(); err != nil {
			t.Error(err)
		}
		s.ready(a.Ready)
		if diff := cmp.Diff([]string{"channel.follow subscribed", "stream.offline subscribed"}, outcomes(a.Session.Results())); diff != "" {
			t.Errorf("results (-want +got):\n%s", diff)
		}
		if got := a.Session.Wanted()[0]; got != eventsub.Condition(other) {
			t.Errorf("wanted: got %v, want what the program chose", got)
		}
		r.end()
	})
}

// A handler whose condition needs an id that an account does not know is reported, and
// the others work.
func TestAccountReportsHandlersWithoutSubscription(t *testing.T) {
	onStage(t, func(t *testing.T, s *stage) {
		a := s.account(larkspur.AccountOptions{Code: s.code("ada")})
		s.watchStreams(a.Mux)
		eventsub.On(a.Mux, func(context.Context, *eventsub.DropEntitlementGrant) error { return nil })
		r := s.run(a.Run)
		s.ready(a.Ready)
		if !strings.Contains(s.logged(), "drop.entitlement.grant") {
			t.Errorf("the log does not name the handler without subscription:\n%s", s.logged())
		}
		s.tw.GoLive("ada")
		s.want("online ada")
		r.end()
	})
}

func sorted(lines []string) []string { return slices.Sorted(slices.Values(lines)) }
