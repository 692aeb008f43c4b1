package store

import (
	"fmt"
	"path/filepath"
	"runtime"
	"sync/atomic"
	"testing"
	"time"

	"github.com/larkspur-dev/larkspur/eventsub"
)

func benchEvents(b *testing.B) *Events {
	b.Helper()
	s, err := Open(b.Context(), filepath.Join(b.TempDir(), "larkspur.db"))
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { _ = s.Close() })
	e, err := s.Events(b.Context(), EventOptions{})
	if err != nil {
		b.Fatal(err)
	}
	return e
}

// BenchmarkPut stores events of 600 bytes and removes them, as a webhook does.
func BenchmarkPut(b *testing.B) {
	for _, callers := range []int{1, 32, 256} {
		b.Run(fmt.Sprintf("callers=%d", callers), func(b *testing.B) {
			e := benchEvents(b)
			var ids atomic.Int64
			b.SetParallelism(max(1, callers/runtime.GOMAXPROCS(0)))
			if callers == 1 {
				defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(1))
			}
			b.RunParallel(func(pb *testing.PB) {
				for pb.Next() {
					numbers, err := e.Put(b.Context(), anEvent(fmt.Sprint("event ", ids.Add(1)), 600))
					if err != nil {
						b.Error(err)
						return
					}
					e.requests <- &request{done: numbers, result: make(chan error, 1)} // no caller waits for it
				}
			})
			b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "puts/s")
		})
	}
}

// BenchmarkAccept stores events as BenchmarkPut does, through a mux with DedupStore.
func BenchmarkAccept(b *testing.B) {
	for _, callers := range []int{32, 256} {
		b.Run(fmt.Sprintf("callers=%d", callers), func(b *testing.B) {
			e := benchEvents(b)
			m := eventsub.NewMux(eventsub.MuxOptions{Inbox: e})
			m.Use(eventsub.DedupStore(e, time.Hour))
			var ids atomic.Int64
			b.SetParallelism(max(1, callers/runtime.GOMAXPROCS(0)))
			b.RunParallel(func(pb *testing.PB) {
				for pb.Next() {
					id := ids.Add(1)
					n := anEvent(fmt.Sprint("event ", id), 600)
					n.Meta.Subscription.Condition = map[string]string{"broadcaster_user_id": fmt.Sprint(id % 100)}
					if err := m.Accept(b.Context(), n); err != nil {
						b.Error(err)
						return
					}
				}
			})
			b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "accepted/s")
			if err := m.Drain(b.Context()); err != nil {
				b.Error(err)
			}
			b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "handled/s")
		})
	}
}
