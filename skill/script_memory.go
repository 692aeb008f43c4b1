package skill

import (
	"context"
	"errors"
	"fmt"
	"math/big"

	"github.com/larkspur-dev/larkspur/skill/internal/expr"
)

// memoryModule is memory in scripts: get(key, default=None), put(key, value),
// incr(key, by=1), which returns the new number, and delete(key). Each skill has its own
// keys. Values are anything that JSON can represent.
var memoryModule = expr.NewObject("memory", map[string]any{
	"get":    expr.Func(memoryGet),
	"put":    expr.Func(memoryPut),
	"incr":   expr.Func(memoryIncr),
	"delete": expr.Func(memoryDelete),
})

// scriptMemory returns the memory for a script that runs with ctx, and the full key.
func scriptMemory(ctx context.Context, key string) (Memory, string, error) {
	c, ok := ctx.Value(callKey{}).(*call)
	if !ok {
		return nil, "", errors.New("memory is available inside functions only")
	}
	if len(key) > 500 {
		return nil, "", errors.New("memory: the key is too long")
	}
	return c.engine.o.Memory, c.rule.skill + "/" + key, nil
}

func memoryGet(ctx context.Context, args *expr.Args) (any, error) {
	var key string
	var def expr.Value
	if err := args.Unpack("key", &key, "default?", &def); err != nil {
		return nil, err
	}
	m, full, err := scriptMemory(ctx, key)
	if err != nil {
		return nil, err
	}
	stored, err := m.Get(ctx, full)
	if err != nil {
		return nil, fmt.Errorf("memory: %w", err)
	}
	if stored == "" {
		return def, nil
	}
	return expr.ParseJSON(stored)
}

func memoryPut(ctx context.Context, args *expr.Args) (any, error) {
	var key string
	var value expr.Value
	if err := args.Unpack("key", &key, "value", &value); err != nil {
		return nil, err
	}
	m, full, err := scriptMemory(ctx, key)
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
	return nil, update(ctx, m, full, func(string) (string, error) { return encoded, nil })
}

func memoryIncr(ctx context.Context, args *expr.Args) (any, error) {
	var key string
	by := int64(1)
	if err := args.Unpack("key", &key, "by?", &by); err != nil {
		return nil, err
	}
	m, full, err := scriptMemory(ctx, key)
	if err != nil {
		return nil, err
	}
	sum := new(big.Int)
	return sum, update(ctx, m, full, func(old string) (string, error) {
		if old == "" {
			old = "0"
		}
		if _, ok := sum.SetString(old, 10); !ok {
			return "", fmt.Errorf("%q is not an integer", key)
		}
		return sum.Add(sum, big.NewInt(by)).String(), nil
	})
}

func memoryDelete(ctx context.Context, args *expr.Args) (any, error) {
	var key string
	if err := args.Unpack("key", &key); err != nil {
		return nil, err
	}
	m, full, err := scriptMemory(ctx, key)
	if err != nil {
		return nil, err
	}
	return nil, update(ctx, m, full, func(string) (string, error) { return "", nil })
}

func update(ctx context.Context, m Memory, key string, f func(string) (string, error)) error {
	if err := m.Update(ctx, key, f); err != nil {
		return fmt.Errorf("memory: %w", err)
	}
	return nil
}
