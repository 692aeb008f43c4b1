package skill

import (
	"context"
	"errors"
	"fmt"

	"github.com/larkspur-dev/larkspur/skill/internal/expr"
)

// memoryModule is memory in scripts: get(key, default=None), put(key, value), incr(key,
// by=1), which returns the new number, and delete(key). Each skill has its own keys, unless
// scope="channel" or scope="user" says otherwise; user="ID" names another user than the one
// who caused the event. Values are anything that JSON can represent.
var memoryModule = expr.NewObject("memory", map[string]any{
	"get":    expr.Func(memoryGet),
	"put":    expr.Func(memoryPut),
	"incr":   expr.Func(memoryIncr),
	"delete": expr.Func(memoryDelete),
})

// scriptKey reads the arguments of a function of memory: the key, others, and the scope.
func scriptKey(ctx context.Context, args *expr.Args, pairs ...any) (*call, Key, error) {
	var key, scope, user string
	all := append([]any{"key", &key}, pairs...)
	all = append(all, "scope?", &scope, "user?", &user)
	if err := args.Unpack(all...); err != nil {
		return nil, Key{}, err
	}
	c, ok := ctx.Value(callKey{}).(*call)
	if !ok {
		return nil, Key{}, errors.New("memory is available inside functions only")
	}
	if scopes := []string{scopeSkill, scopeChannel, scopeUser}; scope != "" && !contains(scopes, scope) {
		return nil, Key{}, fmt.Errorf("unknown scope %q%s", scope, hint(scope, scopes))
	}
	if user == "" {
		user = c.chatter.id
	}
	k, err := c.key(scope, user, key)
	return c, k, err
}

func memoryGet(ctx context.Context, args *expr.Args) (any, error) {
	var def expr.Value
	c, k, err := scriptKey(ctx, args, "default?", &def)
	if err != nil {
		return nil, err
	}
	v, ok, err := c.recall(ctx, k)
	if err != nil || ok {
		return v, err
	}
	return def, nil
}

func memoryPut(ctx context.Context, args *expr.Args) (any, error) {
	var value expr.Value
	c, k, err := scriptKey(ctx, args, "value", &value)
	if err != nil {
		return nil, err
	}
	encoded, err := value.JSON(maxValue)
	if errors.Is(err, expr.ErrLarge) {
		return nil, fmt.Errorf("memory: a value can have %d KiB at most", maxValue>>10)
	}
	if err != nil {
		return nil, fmt.Errorf("memory: %w", err)
	}
	return nil, c.remember(ctx, k, func(Memo) (Memo, error) { return Memo{Value: encoded}, nil })
}

func memoryIncr(ctx context.Context, args *expr.Args) (any, error) {
	by := int64(1)
	c, k, err := scriptKey(ctx, args, "by?", &by)
	if err != nil {
		return nil, err
	}
	return c.increment(ctx, k, by)
}

func memoryDelete(ctx context.Context, args *expr.Args) (any, error) {
	c, k, err := scriptKey(ctx, args)
	if err != nil {
		return nil, err
	}
	return nil, c.remember(ctx, k, func(Memo) (Memo, error) { return Memo{}, nil })
}
