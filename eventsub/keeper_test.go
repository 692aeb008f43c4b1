package eventsub

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/larkspur-dev/larkspur/eventsub/internal/reconcile"
	"github.com/larkspur-dev/larkspur/helix"
)

// An appFake replaces Helix for a keeper.
type appFake struct {
	mu     sync.Mutex
	subs   []Subscription
	serial int
	calls  []string
	fail   map[string]error // by call: "list", "create 2", "remove s1"
}

func (f *appFake) create(_ context.Context, t target, transport helix.EventSubTransport) (Subscription, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	broadcaster := t.fields["broadcaster_user_id"]
	f.calls = append(f.calls, "create "+broadcaster+" on "+transport.ConduitID)
	if err := f.fail["create "+broadcaster]; err != nil {
		return Subscription{}, err
	}
	for _, s := range f.subs {
		if s.Transport.ConduitID == transport.ConduitID && s.Condition["broadcaster_user_id"] == broadcaster {
			return Subscription{}, refusal(http.StatusConflict, "subscription already exists")
		}
	}
	return f.add(broadcaster, transport.ConduitID, statusEnabled), nil
}

// add adds a subscription. The caller holds mu, or has not shared f yet.
func (f *appFake) add(broadcaster, conduit, status string) Subscription {
	f.serial++
	s := Subscription{
		ID: fmt.Sprint("s", f.serial), Status: status, Type: "test.note", Version: "1",
		Condition: map[string]string{"broadcaster_user_id": broadcaster},
	}
	s.Transport.Method, s.Transport.ConduitID = "conduit", conduit
	f.subs = append(f.subs, s)
	return s
}

func (f *appFake) list(context.Context) ([]Subscription, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.calls = append(f.calls, "list")
	return slices.Clone(f.subs), f.fail["list"]
}

func (f *appFake) remove(_ context.Context, id string) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.calls = append(f.calls, "remove "+id)
	if err := f.fail["remove "+id]; err != nil {
		return err
	}
	f.subs = slices.DeleteFunc(f.subs, func(s Subscription) bool { return s.ID == id })
	return nil
}

// A keeperStage is a running keeper, in a synctest bubble.
type keeperStage struct {
	*appFake
	*keeper

	t       *testing.T
	conduit atomic.Value
	ctx     context.Context //nolint:containedctx // of the test
	set     *desired
	gaps    []string
	states  []string
}

func onKeeperStage(t *testing.T, change func(s *keeperStage), story func(s *keeperStage)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithCancel(t.Context())
		s := &keeperStage{appFake: &appFake{fail: map[string]error{}}, t: t, ctx: ctx}
		mux := NewMux()
		On(mux, func(_ context.Context, g *Gap) error {
			s.gaps = append(s.gaps, fmt.Sprintf("%d types, %v, %s", len(g.Lost), g.To.Sub(g.From), g.Reason))
			return nil
		})
		d := newDesired("conduit")
		s.set = &d
		s.keeper = newKeeper(s.set, s.appFake, keeperOptions{
			logger: slog.New(slog.DiscardHandler), recheck: 10 * time.Minute,
			transport: func(context.Context, target) (helix.EventSubTransport, error) {
				return helix.EventSubTransport{Method: "conduit", ConduitID: s.conduit.Load().(string)}, nil
			},
			place: func(sub Subscription) place {
				switch {
				case sub.Transport.ConduitID == s.conduit.Load():
					return here
				case strings.HasPrefix(sub.Transport.ConduitID, "old"):
					return formerly
				}
				return elsewhere
			},
			mux: mux, gaps: new(atomic.Uint64),
			onState: func(st State) { s.states = append(s.states, st.String()) },
		})
		if change != nil {
			change(s)
		}
		var running sync.WaitGroup
		running.Go(func() { s.run(ctx) })
		story(s)
		cancel()
		running.Wait()
	})
}

func (s *keeperStage) wantCalls(want ...string) {
	s.t.Helper()
	synctest.Wait()
	s.appFake.mu.Lock()
	defer s.appFake.mu.Unlock()
	got := s.calls
	if s.calls = nil; len(got) > 1 {
		slices.Sort(got[1:]) // requests run at the same time
	}
	if diff := cmp.Diff(want, got); diff != "" {
		s.t.Errorf("calls (-want +got):\n%s", diff)
	}
}

func (s *keeperStage) setFail(call string, err error) {
	s.appFake.mu.Lock()
	defer s.appFake.mu.Unlock()
	s.fail[call] = err
}

// use makes a conduit the keeper's transport.
func (s *keeperStage) use(conduit string) {
	s.conduit.Store(conduit)
	s.open(s.ctx, conduit)
}

func TestKeeperAdoptsWhatExists(t *testing.T) {
	for _, prune := range []bool{false, true} {
		t.Run(fmt.Sprint("prune ", prune), func(t *testing.T) {
			onKeeperStage(t, func(s *keeperStage) {
				s.o.prune = prune
				s.add("1", "c1", statusEnabled)
				s.add("3", "c1", statusEnabled) // not wanted: another process may want it
				s.add("4", "c1", "authorization_revoked")
				s.add("1", "foreign", statusEnabled)
			}, func(s *keeperStage) {
				s.set.Want(ada(1), ada(2))
				s.wantCalls()
				s.use("c1")
				want := []string{"list", "create 2 on c1", "remove s3"}
				if prune {
					want = []string{"list", "create 2 on c1", "remove s2", "remove s3"}
				}
				s.wantCalls(want...)
				if err := s.set.Ready(s.ctx); err != nil {
					s.t.Error(err)
				}
				if got := s.set.Results(); got[0].SubscriptionID != "s1" || got[1].Outcome != OutcomeSubscribed {
					s.t.Errorf("results: got %v", got)
				}
				s.set.Unwant(ada(1))
				s.wantCalls("remove s1")
				s.set.Unwant(ada(2))
				s.wantCalls("remove s5")
				s.set.Want(ada(6)) // also after a time without any
				s.wantCalls("create 6 on c1")
			})
		})
	}
}

func TestKeeperReplacesFormerTransports(t *testing.T) {
	onKeeperStage(t, func(s *keeperStage) {
		s.add("1", "old", statusEnabled)
		s.add("2", "old", statusEnabled) // no longer wanted
	}, func(s *keeperStage) {
		s.setFail("create 1", refusal(http.StatusInternalServerError, "later"))
		s.set.Want(ada(1))
		s.use("c1")
		s.wantCalls("list", "create 1 on c1", "remove s2")
		s.setFail("create 1", nil)
		time.Sleep(time.Minute)
		s.wantCalls("create 1 on c1", "remove s1")
	})
}

func TestKeeperListsAgainAfterAnError(t *testing.T) {
	onKeeperStage(t, nil, func(s *keeperStage) {
		s.setFail("list", refusal(http.StatusInternalServerError, "later"))
		s.set.Want(ada(1))
		s.use("c1")
		s.wantCalls("list")
		if r := s.set.Results()[0]; r.Outcome != OutcomeRefused || r.Err == nil || r.RetryAt.IsZero() {
			s.t.Errorf("result: got %v", r)
		}
		s.setFail("list", nil)
		time.Sleep(2 * time.Second)
		s.wantCalls("list", "create 1 on c1")
	})
}

func TestKeeperCreatesAgainWhatDisappears(t *testing.T) {
	onKeeperStage(t, nil, func(s *keeperStage) {
		s.set.Want(ada(1))
		s.use("c1")
		s.wantCalls("list", "create 1 on c1")
		_ = s.appFake.remove(s.ctx, "s1") // by another program
		s.wantCalls("remove s1")
		time.Sleep(11 * time.Minute)
		s.wantCalls("list", "create 1 on c1")
		if diff := cmp.Diff([]string{"1 types, 10m0s, the subscription disappeared"}, s.gaps); diff != "" {
			s.t.Errorf("gaps (-want +got):\n%s", diff)
		}
	})
}

func TestKeeperMovesToANewConduit(t *testing.T) {
	onKeeperStage(t, nil, func(s *keeperStage) {
		s.set.Want(ada(1), ada(2))
		s.use("c1")
		s.wantCalls("list", "create 1 on c1", "create 2 on c1")
		s.lose(s.ctx, reconcile.Loss{From: time.Now().Add(-time.Hour), Session: "c1", Reason: errors.New("deleted")})
		s.wantCalls()
		s.use("c2")
		s.wantCalls("list", "create 1 on c2", "create 2 on c2")
		if diff := cmp.Diff([]string{"1 types, 1h0m0s, deleted"}, s.gaps); diff != "" {
			s.t.Errorf("gaps (-want +got):\n%s", diff)
		}
	})
}

func TestKeeperAdoptsOnConflict(t *testing.T) {
	onKeeperStage(t, nil, func(s *keeperStage) {
		s.use("c1")
		s.wantCalls("list")
		s.appFake.mu.Lock()
		s.add("1", "c1", statusEnabled)  // by another process
		s.add("2", "c1", "user_removed") // dead, but still listed
		s.appFake.mu.Unlock()
		s.set.Want(ada(1))
		s.wantCalls("create 1 on c1", "list")
		s.set.Want(ada(2))
		s.wantCalls("create 2 on c1", "create 2 on c1", "list", "remove s2")
		for _, r := range s.set.Results() {
			if r.Outcome != OutcomeSubscribed {
				s.t.Errorf("got %v", r)
			}
		}
	})
}

func TestKeeperHandlesRevocations(t *testing.T) {
	onKeeperStage(t, func(s *keeperStage) {
		s.o.recreate = func(reason string) bool { return reason == "notification_failures_exceeded" }
	}, func(s *keeperStage) {
		s.set.Want(ada(1), ada(2))
		s.use("c1")
		s.wantCalls("list", "create 1 on c1", "create 2 on c1")
		for _, sub := range slices.Clone(s.subs) {
			if sub.Status = "notification_failures_exceeded"; sub.Condition["broadcaster_user_id"] == "2" {
				sub.Status = "authorization_revoked"
			}
			_ = s.appFake.remove(s.ctx, sub.ID)
			s.revoked(s.ctx, sub)
		}
		s.takeCalls()
		time.Sleep(time.Minute)
		s.wantCalls("create 1 on c1")
		if r := s.set.Results()[1]; r.Outcome != OutcomeRevoked {
			s.t.Errorf("got %v", r)
		}
		s.set.Want(ada(2))
		s.wantCalls("create 2 on c1")
	})
}

func (s *keeperStage) takeCalls() {
	s.appFake.mu.Lock()
	defer s.appFake.mu.Unlock()
	s.calls = nil
}
