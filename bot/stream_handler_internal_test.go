package bot

import (
	"context"
	"runtime"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/larkspur-dev/larkspur/chat"
)

// A handler that ends its goroutine, as t.FailNow does, ended the program where two sources
// deliver, and blocked the channel where one does.
func TestStreamHandlerEndsItsGoroutine(t *testing.T) {
	for _, sources := range []int32{1, 2} {
		synctest.Test(t, func(t *testing.T) {
			s := NewStream(StreamOptions{})
			s.sources.Store(sources)
			var got []string
			s.On(func(_ context.Context, m *chat.Message) error {
				got = append(got, m.ID)
				runtime.Goexit()
				return nil
			})
			from := []source{fromIRC, fromEventSub}[:sources]
			for _, id := range []string{"1", "2", "3"} {
				for _, one := range from {
					s.room("ada").expectFrom(one)
				}
				for _, one := range from {
					var delivery sync.WaitGroup
					delivery.Go(func() { deliver(t.Context(), s, one, "ada", id) })
					delivery.Wait()
				}
				time.Sleep(time.Second)
				synctest.Wait()
			}
			if len(got) != 3 {
				t.Errorf("%d sources: got %q, want three messages", sources, got)
			}
			ctx, cancel := context.WithTimeout(t.Context(), time.Second)
			defer cancel()
			if err := s.Drain(ctx); err != nil {
				t.Errorf("%d sources: Drain returned %v", sources, err)
			}
		})
	}
}
