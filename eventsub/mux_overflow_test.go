package eventsub

import (
	"context"
	"fmt"
	"testing"
	"testing/synctest"
	"time"
)

// Gaps of stuck lanes waited as uncounted jobs in the lane without broadcaster. That lane
// became the longest, so Offer dropped the Gaps and subtracted them from the count of
// events: with a bound of 2,000 the queue held 69,360 events and grew.
func TestStuckHandlersAndManyBroadcastersDoNotBreakTheBoundOrTheGaps(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		const bound, broadcasters = 100, 2 * mostOverflows
		m := NewMux(MuxOptions{Queue: bound, StuckAfter: time.Second, Workers: 1})
		release := make(chan struct{})
		handled, told := make(chan struct{}, 1<<16), make(chan int, 1<<16)
		On(m, func(_ context.Context, g *Gap) error { told <- g.Dropped; return nil })
		On(m, func(context.Context, *note) error { <-release; handled <- struct{}{}; return nil })
		offered := 0
		for range 6 {
			for i := range broadcasters {
				offer(t, m, aNote("", fmt.Sprint(i), ""))
				offered++
			}
			time.Sleep(3 * time.Second)
			synctest.Wait()
			if held := offered - int(m.Stats().Dropped); held > bound {
				t.Fatalf("holds %d events, the bound is %d", held, bound)
			}
		}
		close(release)
		drain(t, m)
		sum := 0
		for len(told) > 0 {
			sum += <-told
		}
		if dropped := int(m.Stats().Dropped); len(handled)+dropped != offered || sum != dropped {
			t.Errorf("offered %d, handled %d, dropped %d, Gaps told of %d", offered, len(handled), dropped, sum)
		}
	})
}

// Drain returned although Gaps were owed to broadcasters without waiting events; they were
// handled later or, when the program ended, never.
func TestDrainTellsTheGapsThatAreStillOwed(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m := NewMux(MuxOptions{Queue: 4, Workers: 1})
		release := make(chan struct{})
		handled, told := 0, 0
		On(m, func(_ context.Context, g *Gap) error { told += g.Dropped; return nil })
		On(m, func(context.Context, *note) error { <-release; handled++; return nil })
		for i := range 20 {
			offer(t, m, aNote("", fmt.Sprint(i), ""))
		}
		close(release)
		drain(t, m)
		if handled != 4 || told != 16 {
			t.Errorf("handled %d events and told of %d dropped ones, want 4 and 16", handled, told)
		}
	})
}

// Events that Twitch sent in the same moment were dropped while the Gap about the first of
// them was handled. Dedup took the second Gap for a repetition of the first.
func TestDedupPassesTwoGapsAboutTheSameMoment(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m := NewMux(MuxOptions{LaneQueue: 1})
		m.Use(Dedup(time.Hour))
		release := make(chan struct{})
		told := 0
		On(m, func(_ context.Context, g *Gap) error { <-release; told += g.Dropped; return nil })
		On(m, func(context.Context, *note) error { <-release; return nil })
		offer(t, m, aNote("", "1", ""))
		synctest.Wait()
		offer(t, m, aNote("", "1", ""), aNote("", "1", ""))
		release <- struct{}{}
		synctest.Wait() // the first Gap is being handled
		offer(t, m, aNote("", "1", ""))
		close(release)
		drain(t, m)
		if dropped := m.Stats().Dropped; dropped != 2 || told != int(dropped) {
			t.Errorf("Gaps told of %d of %d dropped events", told, dropped)
		}
	})
}
