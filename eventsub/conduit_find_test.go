package eventsub_test

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/larkspur-dev/larkspur/emulator"
	"github.com/larkspur-dev/larkspur/eventsub"
	"github.com/larkspur-dev/larkspur/helix"
)

// create creates conduits of other programs.
func (s *conduitStage) create(n int) (ids []string) {
	s.t.Helper()
	for range n {
		made, err := s.client.Conduits.Create(s.t.Context(), helix.CreateConduitsParams{ShardCount: 2})
		if err != nil {
			s.t.Fatal(err)
		}
		ids = append(ids, made.ID)
	}
	return ids
}

// wantConduits checks that no conduit of another program was deleted or changed.
func (s *conduitStage) wantConduits(ids []string) {
	s.t.Helper()
	for _, id := range ids {
		if got, err := s.client.Conduits.ByID(s.t.Context(), id); err != nil || got.ShardCount != 2 {
			s.t.Errorf("conduit of another program: got %v, %v, want it unchanged", got, err)
		}
	}
}

func TestConduitAdoptsTheOnlyOne(t *testing.T) {
	onConduitStage(t, func(s *conduitStage) {
		ids := s.create(1)
		p := s.start(eventsub.ConduitOptions{})
		p.ready()
		if got := p.State(); got.ConduitID != ids[0] || got.Shards != 2 {
			t.Errorf("got %+v, want %s with two shards", got, ids[0])
		}
		p.end()
	})
}

func TestConduitChoosesByID(t *testing.T) {
	onConduitStage(t, func(s *conduitStage) {
		ids := s.create(3)
		p := s.start(eventsub.ConduitOptions{ID: ids[1]})
		p.ready()
		if got := p.State().ConduitID; got != ids[1] {
			t.Errorf("got %s, want %s", got, ids[1])
		}
		p.end()
		s.wantConduits(ids)
	})
}

func TestConduitOfAnOwnerIsNew(t *testing.T) {
	onConduitStage(t, func(s *conduitStage) {
		ids := s.create(1)
		p := s.start(eventsub.ConduitOptions{Owner: eventsub.NewFileShards(s.t.TempDir())})
		p.ready()
		if got := p.State().ConduitID; got == ids[0] {
			t.Errorf("got the conduit %s of another program", got)
		}
		p.end()
		s.wantConduits(ids)
	})
}

func TestConduitErrors(t *testing.T) {
	for _, tt := range []struct {
		name     string
		conduits int
		o        eventsub.ConduitOptions
		is       error
		text     string
	}{
		{"several", 2, eventsub.ConduitOptions{}, eventsub.ErrWhichConduit, "ConduitOptions.ID"},
		{"too many", 5, eventsub.ConduitOptions{Owner: eventsub.NewFileShards(t.TempDir())}, eventsub.ErrTooManyConduits, "larkspur conduit delete"},
		{"unknown id", 1, eventsub.ConduitOptions{ID: "nothing"}, nil, "larkspur conduit list"},
		{"shards", 0, eventsub.ConduitOptions{Shards: 20_001}, nil, "1 to 20,000"},
		{"callback", 0, eventsub.ConduitOptions{Callback: "http://bot.example.org"}, nil, "https"},
		{"secret", 0, eventsub.ConduitOptions{Callback: callback, Secret: "short"}, nil, "10 to 100"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			onConduitStage(t, func(s *conduitStage) {
				ids := s.create(tt.conduits)
				p := s.start(tt.o)
				err := <-p.done
				if err == nil || tt.is != nil && !errors.Is(err, tt.is) || !strings.Contains(err.Error(), tt.text) {
					t.Errorf("got %v, want an error with %q", err, tt.text)
				}
				s.wantConduits(ids)
			})
		})
	}
}

// Run waits for a Twitch that is down.
func TestConduitWaitsForTwitch(t *testing.T) {
	onConduitStage(t, func(s *conduitStage) {
		s.tw.FailRequests(emulator.RequestFault{Status: 503, Times: 40})
		p := s.start(eventsub.ConduitOptions{})
		time.Sleep(30 * time.Second)
		if got := p.State(); got.Phase != eventsub.Waiting || got.Err == nil {
			t.Errorf("got %+v, want it waiting", got)
		}
		s.tw.HealRequests()
		p.ready()
		p.end()
	})
}

func TestConduitRunsOnce(t *testing.T) {
	onConduitStage(t, func(s *conduitStage) {
		p := s.start(eventsub.ConduitOptions{})
		p.ready()
		if err := p.Run(s.t.Context()); err == nil {
			t.Error("second run: got no error")
		}
		p.end()
		ctx, cancel := context.WithTimeout(s.t.Context(), time.Minute)
		defer cancel()
		if err := p.Run(ctx); err != nil { // again, after the first has ended
			t.Errorf("run again: got %v, want none", err)
		}
	})
}

// Subscriptions of other processes stay, unless the only process says to prune.
func TestConduitPrunesIfTold(t *testing.T) {
	onConduitStage(t, func(s *conduitStage) {
		dir := s.t.TempDir()
		o := eventsub.ConduitOptions{Name: "bot", Owner: eventsub.NewFileShards(dir)}
		p := s.start(o)
		p.Want(eventsub.StreamOfflineCondition{BroadcasterUserID: s.tw.UserID("ada")})
		p.ready()
		p.end()
		for _, prune := range []bool{false, true} {
			o.Prune = prune
			p = s.start(o)
			p.ready()
			time.Sleep(time.Minute)
			want := 3
			if prune {
				want = 2
			}
			n := 0
			for _, err := range s.client.EventSub.AllSubscriptions(s.t.Context(), helix.GetEventSubSubscriptionsParams{}) {
				if err != nil {
					t.Error(err)
				}
				n++
			}
			if n != want {
				t.Errorf("prune %t: got %d subscriptions, want %d", prune, n, want)
			}
			p.end()
		}
	})
}
