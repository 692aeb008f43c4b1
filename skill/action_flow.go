package skill

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/larkspur-dev/larkspur/internal/retry"
)

// A pause is what wait ends with: the reaction goes on later.
type pause struct{ length time.Duration }

func (p *pause) Error() string { return "waits for " + p.length.String() }

// maxPauses bounds how many reactions wait at once.
const maxPauses = 10_000

var errPauses = errors.New("too many skills wait")

// innerWait is wait. Without an [Executor] it waits in the goroutine of the caller.
func innerWait(ctx context.Context, c *call, e Effect) (map[string]any, error) {
	d := e.Duration("for")
	if c.run.strict {
		return nil, retry.Sleep(ctx, retry.Positive(d))
	}
	if c.engine.pauses.Add(1) > maxPauses {
		c.engine.pauses.Add(-1)
		return nil, errPauses
	}
	return nil, &pause{d}
}

// resume ends a step that waits, after its time. What follows it may be later by as much.
func (c *call) resume(s *runStep, d time.Duration) {
	c.run.postpone(s, d)
	time.AfterFunc(retry.Positive(d), func() {
		c.engine.pauses.Add(-1)
		c.run.ended(s, nil)
	})
}

// maxDepth is how deep skills may run each other.
const maxDepth = 10

// innerRun is run: another skill reacts to the same event.
func innerRun(ctx context.Context, c *call, e Effect) (map[string]any, error) {
	name := e.Text("skill")
	if c.depth >= maxDepth {
		return nil, fmt.Errorf("%s: skills run each other more than %d deep", name, maxDepth)
	}
	var errs []error
	for _, r := range c.engine.set.rules {
		if r.skill != name {
			continue
		}
		next := c.engine.call(r, c.trigger, c.fields, c.event.Shape())
		next.chatter, next.people, next.messageID, next.depth = c.chatter, c.people, c.messageID, c.depth+1
		next.found(c.values)
		_, err := c.engine.react(ctx, next)
		errs = append(errs, err)
	}
	return nil, errors.Join(errs...)
}
