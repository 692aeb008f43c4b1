package skill

import (
	"context"

	"github.com/larkspur-dev/larkspur/skill/internal/expr"
)

// memoryValue is memory in expressions: memory.deaths is what this skill remembers by that
// name, memory.channel.deaths what the channel does, and memory.user.deaths what is
// remembered of the user who caused the event. Nothing is None.
func (c *call) memoryValue() *expr.Store {
	read := func(scope string) func(ctx context.Context, name string) (any, error) {
		return func(ctx context.Context, name string) (any, error) {
			user := c.chatter.id
			k, err := c.key(scope, user, name)
			if err != nil {
				return nil, err
			}
			v, ok, err := c.recall(ctx, k)
			if err != nil || !ok {
				return nil, err
			}
			return v.Go(maxValue) // mappings become objects, with attributes
		}
	}
	return expr.NewStore("memory", read(scopeSkill), map[string]*expr.Store{
		scopeChannel: expr.NewStore("memory.channel", read(scopeChannel), nil),
		scopeUser:    expr.NewStore("memory.user", read(scopeUser), nil),
	})
}
