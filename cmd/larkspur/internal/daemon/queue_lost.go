package daemon

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/larkspur-dev/larkspur/internal/retry"
)

// lossEvery is how often the operator is told about dropped actions, at most.
const lossEvery = 5 * time.Second

// A lossReport counts dropped actions and tells the operator about many in one line.
type lossReport struct {
	tell func(ctx context.Context, text string)
	poke chan struct{}

	mu   sync.Mutex
	lost map[loss]int // guarded by mu; since the last line
}

// A loss is why actions of a lane were dropped.
type loss struct {
	lane string
	why  error
}

func (r *lossReport) add(lane string, why error) {
	r.mu.Lock()
	if r.lost == nil {
		r.lost = map[loss]int{}
	}
	r.lost[loss{lane, why}]++
	r.mu.Unlock()
	select {
	case r.poke <- struct{}{}:
	default: // it is on its way
	}
}

// run tells what was lost: the first loss after a second, then one line for all that
// happens within lossEvery.
func (r *lossReport) run(ctx context.Context) {
	for {
		select {
		case <-r.poke:
		case <-ctx.Done():
			return
		}
		if retry.Sleep(ctx, time.Second) != nil {
			return
		}
		r.flush(ctx)
		if retry.Sleep(ctx, lossEvery-time.Second) != nil {
			return
		}
	}
}

// flush tells what was lost since the last line.
func (r *lossReport) flush(ctx context.Context) {
	r.mu.Lock()
	lost := r.lost
	r.lost = nil
	r.mu.Unlock()
	if len(lost) == 0 {
		return
	}
	var parts []string
	for l, n := range lost {
		parts = append(parts, fmt.Sprintf("%d of the queue %s, because %s", n, l.lane, l.why))
	}
	slices.Sort(parts)
	total := 0
	for n := range maps.Values(lost) {
		total += n
	}
	r.tell(ctx, fmt.Sprintf("%d actions were dropped: %s", total, strings.Join(parts, "; ")))
}
