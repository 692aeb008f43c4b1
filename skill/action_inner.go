package skill

import (
	"context"
	"errors"
)

// inner are the actions that the engine carries out by itself.
var inner = map[string]func(ctx context.Context, c *call, e Effect) (map[string]any, error){
	"append":    innerAppend,
	"forget":    innerForget,
	"increment": innerIncrement,
	"log":       innerLog,
	"remove":    innerRemove,
	"set":       innerSet,
	"stop":      innerStop,
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
