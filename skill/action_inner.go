package skill

import (
	"context"
	"errors"
	"fmt"
)

// inner carries out an action of the engine itself.
func (c *call) inner(ctx context.Context, e Effect) (map[string]any, error) {
	switch e.Action {
	case "append":
		return innerAppend(ctx, c, e)
	case "forget":
		return innerForget(ctx, c, e)
	case "increment":
		return innerIncrement(ctx, c, e)
	case "log":
		return innerLog(ctx, c, e)
	case "remove":
		return innerRemove(ctx, c, e)
	case "run":
		return innerRun(ctx, c, e)
	case "set":
		return innerSet(ctx, c, e)
	case "stop":
		return innerStop(ctx, c, e)
	case "wait":
		return innerWait(ctx, c, e)
	}
	return nil, fmt.Errorf("the engine has no action %q", e.Action)
}

// innerLog is log: it writes to the program's log.
func innerLog(ctx context.Context, c *call, e Effect) (map[string]any, error) {
	c.engine.o.Logger.InfoContext(ctx, "a skill says", "skill", c.rule.skill, "text", e.Text("text"))
	return nil, nil
}

// innerStop is stop: no further action of the skill runs.
func innerStop(context.Context, *call, Effect) (map[string]any, error) { return nil, errStop }

// errStop ends a reaction that has nothing more to do. It is not a failure.
var errStop = errors.New("stopped")
