package skill

import (
	"errors"
	"fmt"

	starjson "go.starlark.net/lib/json"
	"go.starlark.net/starlark"
	"go.starlark.net/starlarkstruct"
)

// memoryModule is memory in scripts: get(key, default=None), put(key, value),
// incr(key, by=1), which returns the new number, and delete(key). Every skill
// has keys of its own. Values are whatever JSON can hold.
var memoryModule = &starlarkstruct.Module{Name: "memory", Members: starlark.StringDict{
	"get":    starlark.NewBuiltin("memory.get", memoryGet),
	"put":    starlark.NewBuiltin("memory.put", memoryPut),
	"incr":   starlark.NewBuiltin("memory.incr", memoryIncr),
	"delete": starlark.NewBuiltin("memory.delete", memoryDelete),
}}

// remembering returns whose memory is meant, and the key in it.
func remembering(t *starlark.Thread, key string) (*call, string, error) {
	c, ok := t.Local(callKey).(*call)
	if !ok {
		return nil, "", errors.New("memory can be used inside functions only")
	}
	if len(key) > 500 {
		return nil, "", errors.New("memory: the key is too long")
	}
	return c, c.rule.skill + "/" + key, nil
}

func memoryGet(t *starlark.Thread, b *starlark.Builtin, args starlark.Tuple, kwargs []starlark.Tuple) (starlark.Value, error) {
	var key string
	var def starlark.Value = starlark.None
	if err := starlark.UnpackArgs(b.Name(), args, kwargs, "key", &key, "default?", &def); err != nil {
		return nil, err
	}
	c, full, err := remembering(t, key)
	if err != nil {
		return nil, err
	}
	value, err := c.engine.o.Memory.Get(threadContext(t), full)
	if err != nil {
		return nil, fmt.Errorf("memory: %w", err)
	}
	if value == "" {
		return def, nil
	}
	return fromJSON(t, value)
}

func memoryPut(t *starlark.Thread, b *starlark.Builtin, args starlark.Tuple, kwargs []starlark.Tuple) (starlark.Value, error) {
	var key string
	var value starlark.Value
	if err := starlark.UnpackArgs(b.Name(), args, kwargs, "key", &key, "value", &value); err != nil {
		return nil, err
	}
	c, full, err := remembering(t, key)
	if err != nil {
		return nil, err
	}
	encoded, err := toJSON(t, value)
	if err != nil {
		return nil, err
	}
	err = c.engine.o.Memory.Update(threadContext(t), full, func(string) (string, error) { return encoded, nil })
	if err != nil {
		return nil, fmt.Errorf("memory: %w", err)
	}
	return starlark.None, nil
}

func memoryIncr(t *starlark.Thread, b *starlark.Builtin, args starlark.Tuple, kwargs []starlark.Tuple) (starlark.Value, error) {
	var key string
	by := starlark.MakeInt(1)
	if err := starlark.UnpackArgs(b.Name(), args, kwargs, "key", &key, "by?", &by); err != nil {
		return nil, err
	}
	c, full, err := remembering(t, key)
	if err != nil {
		return nil, err
	}
	var sum starlark.Value
	err = c.engine.o.Memory.Update(threadContext(t), full, func(old string) (string, error) {
		var count starlark.Value = starlark.MakeInt(0)
		if old != "" {
			var err error
			if count, err = fromJSON(t, old); err != nil {
				return "", err
			}
		}
		n, ok := count.(starlark.Int)
		if !ok {
			return "", fmt.Errorf("%q holds no whole number", key)
		}
		sum = n.Add(by)
		return sum.String(), nil
	})
	if err != nil {
		return nil, fmt.Errorf("memory: %w", err)
	}
	return sum, nil
}

func memoryDelete(t *starlark.Thread, b *starlark.Builtin, args starlark.Tuple, kwargs []starlark.Tuple) (starlark.Value, error) {
	var key string
	if err := starlark.UnpackArgs(b.Name(), args, kwargs, "key", &key); err != nil {
		return nil, err
	}
	c, full, err := remembering(t, key)
	if err != nil {
		return nil, err
	}
	if err := c.engine.o.Memory.Update(threadContext(t), full, func(string) (string, error) { return "", nil }); err != nil {
		return nil, fmt.Errorf("memory: %w", err)
	}
	return starlark.None, nil
}

func toJSON(t *starlark.Thread, v starlark.Value) (string, error) {
	if weigh(v, maxValue) > maxValue {
		return "", fmt.Errorf("memory: a value can have %d KiB at most", maxValue>>10)
	}
	encoded, err := starlark.Call(t, starjson.Module.Members["encode"], starlark.Tuple{v}, nil)
	if err != nil {
		return "", fmt.Errorf("memory: %w", reason(err))
	}
	text, _ := starlark.AsString(encoded)
	return text, nil
}

func fromJSON(t *starlark.Thread, text string) (starlark.Value, error) {
	return starlark.Call(t, starjson.Module.Members["decode"], starlark.Tuple{starlark.String(text)}, nil)
}
