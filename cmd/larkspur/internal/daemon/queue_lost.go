package daemon

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/larkspur-dev/larkspur/internal/retry"
	"github.com/larkspur-dev/larkspur/skill"
)

// The delay before dropped actions are reported, and the minimum time between reports.
const (
	lossAfter = time.Second
	lossEvery = 10 * time.Second
)

// A lossReport counts dropped actions and reports many of them in one line.
type lossReport struct {
	tell func(ctx context.Context, text string)
	age  time.Duration // of replies when they expire
	poke chan struct{}

	mu   sync.Mutex
	lost map[loss]int // guarded by mu; since the last line
}

// A loss is the reason why actions of a lane were dropped.
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
	default: // run will see it
	}
}

// run reports dropped actions, until ctx ends.
func (r *lossReport) run(ctx context.Context) {
	for {
		select {
		case <-r.poke:
		case <-ctx.Done():
			return
		}
		if retry.Sleep(ctx, lossAfter) != nil {
			return
		}
		r.flush(ctx)
		if retry.Sleep(ctx, lossEvery-lossAfter) != nil {
			return
		}
	}
}

// flush reports the actions dropped since the last report.
func (r *lossReport) flush(ctx context.Context) {
	r.mu.Lock()
	lost := r.lost
	r.lost = nil
	r.mu.Unlock()
	parts := make([]string, 0, len(lost))
	for l, n := range lost {
		parts = append(parts, l.text(n, r.age))
	}
	if len(parts) > 0 {
		slices.Sort(parts)
		r.tell(ctx, strings.Join(parts, "; "))
	}
}

// text says that n actions were dropped, and why.
func (l loss) text(n int, age time.Duration) string {
	one, several := laneJobs(l.lane)
	what, had := fmt.Sprintf("%d %s dropped: ", n, several), "they had"
	if n == 1 {
		what, had = "1 "+one+" dropped: ", "it had"
	}
	switch {
	case errors.Is(l.why, skill.ErrExpired) && l.lane == string(skill.ClassReply):
		return fmt.Sprintf("%s%s waited longer than %s (reply-expiry)", what, had, age)
	case errors.Is(l.why, skill.ErrExpired):
		return what + had + " waited too long"
	case errors.Is(l.why, skill.ErrCrowded):
		return what + "too many were waiting"
	default:
		return what + l.why.Error()
	}
}
