package webhook

import (
	"context"
	"errors"
	"math/rand/v2"
	"slices"
	"strconv"
	"testing"
	"testing/synctest"
)

// Seen against a model: the last ids that were accepted, in order.
func TestSeenRemembersTheLastIDs(t *testing.T) {
	for seed := range uint64(20) {
		r := rand.New(rand.NewPCG(seed, 1))
		const most = 10
		s := NewSeen(most)
		var accepted []string
		for range 2000 {
			id := strconv.Itoa(r.IntN(25))
			turn, err := s.Begin(t.Context(), id)
			if err != nil {
				t.Fatal(err)
			}
			if known := slices.Contains(accepted, id); known == (turn != nil) {
				t.Fatalf("seed %d: id %s: known is %t, but a turn is %t", seed, id, known, turn != nil)
			}
			if turn == nil {
				continue
			}
			ok := r.IntN(3) > 0
			turn.End(ok)
			if ok {
				if accepted = append(accepted, id); len(accepted) > most {
					accepted = accepted[1:]
				}
			}
			if len(s.ids) != len(accepted) {
				t.Fatalf("seed %d: %d ids in memory, want %d", seed, len(s.ids), len(accepted))
			}
		}
	}
}

func TestSeenWaitsForTheOutcome(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := NewSeen(10)
		first, _ := s.Begin(t.Context(), "a")
		ctx, cancel := context.WithCancel(t.Context())
		impatient := make(chan error, 1)
		go func() {
			_, err := s.Begin(ctx, "a")
			impatient <- err
		}()
		waiting := make(chan *Turn, 1)
		go func() {
			turn, _ := s.Begin(t.Context(), "a")
			waiting <- turn
		}()
		synctest.Wait()
		if len(waiting) != 0 {
			t.Fatal("a second turn began while the first lasts")
		}
		cancel()
		if err := <-impatient; !errors.Is(err, context.Canceled) {
			t.Errorf("got %v, want the context's error", err)
		}
		first.End(false)
		second := <-waiting
		if second == nil {
			t.Fatal("got no turn after the first failed")
		}
		second.End(true)
		if third, err := s.Begin(t.Context(), "a"); third != nil || err != nil {
			t.Error("got a turn for an accepted message")
		}
	})
}
