package eventsub_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/larkspur-dev/larkspur/eventsub"
)

// A sharer is a running FileShards.
type sharer struct {
	owner  *eventsub.FileShards
	totals chan int
	cancel context.CancelFunc
	done   chan error

	mu     sync.Mutex
	claims []eventsub.ShardClaim
}

func share(t *testing.T, dir string, total int) *sharer {
	t.Helper()
	s := &sharer{owner: eventsub.NewFileShards(dir), totals: make(chan int, 1), done: make(chan error, 1)}
	var ctx context.Context
	ctx, s.cancel = context.WithCancel(t.Context())
	s.totals <- total
	go func() {
		s.done <- s.owner.Share(ctx, "bot", s.totals, func(claims []eventsub.ShardClaim) {
			s.mu.Lock()
			defer s.mu.Unlock()
			s.claims = claims
		})
	}()
	return s
}

func (s *sharer) owned() []eventsub.ShardClaim {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.claims
}

func (s *sharer) stop(t *testing.T) {
	t.Helper()
	s.cancel()
	if err := <-s.done; err != nil {
		t.Errorf("share: %v", err)
	}
}

// wantShared checks that each shard has one owner, and that the numbers of shards differ by
// one at most.
func wantShared(t *testing.T, total int, all ...*sharer) {
	t.Helper()
	time.Sleep(10 * time.Second)
	synctest.Wait()
	var owned []int
	least, most := total, 0
	for _, s := range all {
		own := s.owned()
		least, most = min(least, len(own)), max(most, len(own))
		for _, c := range own {
			owned = append(owned, c.Shard)
			if err := s.owner.Owns(t.Context(), "bot", c); err != nil {
				t.Error(err)
			}
			c.Epoch++
			if err := s.owner.Owns(t.Context(), "bot", c); err == nil {
				t.Error("owns: got nil for another epoch")
			}
		}
	}
	slices.Sort(owned)
	want := make([]int, total)
	for i := range want {
		want[i] = i
	}
	if !slices.Equal(owned, want) || most-least > 1 {
		t.Errorf("%d processes: got %v with %d to %d each, want %v", len(all), owned, least, most, want)
	}
}

func TestFileShardsAreSharedEqually(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		dir := t.TempDir()
		a := share(t, dir, 8)
		wantShared(t, 8, a)
		b := share(t, dir, 8)
		wantShared(t, 8, a, b)
		c := share(t, dir, 8)
		wantShared(t, 8, a, b, c)
		for _, s := range []*sharer{a, b, c} {
			s.totals <- 20
		}
		wantShared(t, 20, a, b, c)
		for _, s := range []*sharer{a, b, c} {
			s.totals <- 2
		}
		wantShared(t, 2, a, b, c)
		a.stop(t)
		wantShared(t, 2, b, c)
		for _, s := range []*sharer{b, c} {
			for _, claim := range s.owned() {
				if !claim.Died.IsZero() {
					t.Errorf("shard %d: got %v, want no sign of a killed process", claim.Shard, claim.Died)
				}
			}
		}
		b.stop(t)
		c.stop(t)
	})
}

func TestFileShardsRememberTheConduit(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		dir := t.TempDir()
		for i, name := range []string{"bot", "../bot/%", ""} {
			id := fmt.Sprint("conduit-", i)
			for _, remembered := range []string{"", id, id} {
				got, err := eventsub.NewFileShards(dir).ConduitID(t.Context(), name, func(_ context.Context, was string) (string, error) {
					if was != remembered {
						t.Errorf("name %q: got %q, want %q", name, was, remembered)
					}
					return id, nil
				})
				if err != nil || got != id {
					t.Errorf("name %q: got %q, %v, want %q", name, got, err, id)
				}
			}
		}
		failed := fmt.Errorf("failed")
		if _, err := eventsub.NewFileShards(dir).ConduitID(t.Context(), "bot", func(context.Context, string) (string, error) {
			return "", failed
		}); !errors.Is(err, failed) {
			t.Errorf("got %v, want %v", err, failed)
		}
	})
}
