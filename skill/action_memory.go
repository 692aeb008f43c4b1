package skill

import (
	"context"
	"encoding/json"
	"fmt"
	"reflect"
	"slices"
	"time"
)

// memoryKey returns the key that an action on memory names.
func (c *call) memoryKey(e Effect, name string) (Key, error) {
	user := e.Text("user")
	if user == "" {
		user = c.chatter.id
	}
	return c.key(e.Text("scope"), user, e.Text(name))
}

func innerSet(ctx context.Context, c *call, e Effect) (map[string]any, error) {
	k, err := c.memoryKey(e, "key")
	if err != nil {
		return nil, err
	}
	value, err := json.Marshal(e.Args["value"])
	if err != nil {
		return nil, fmt.Errorf("memory: %w", err)
	}
	memo := Memo{Value: string(value)}
	if d := e.Duration("for"); d > 0 {
		memo.Expires = time.Now().Add(d)
	}
	return nil, c.remember(ctx, k, func(Memo) (Memo, error) { return memo, nil })
}

func innerForget(ctx context.Context, c *call, e Effect) (map[string]any, error) {
	k, err := c.memoryKey(e, "key")
	if err != nil {
		return nil, err
	}
	return nil, c.remember(ctx, k, func(Memo) (Memo, error) { return Memo{}, nil })
}

func innerIncrement(ctx context.Context, c *call, e Effect) (map[string]any, error) {
	k, err := c.memoryKey(e, "key")
	if err != nil {
		return nil, err
	}
	sum, err := c.increment(ctx, k, int64(e.Int("by")))
	if err != nil {
		return nil, err
	}
	return map[string]any{"value": sum}, nil
}

func innerAppend(ctx context.Context, c *call, e Effect) (map[string]any, error) {
	length := 0
	err := c.changeList(ctx, e, func(list []any) []any {
		list = append(list, e.Args["value"])
		if most := e.Int("most"); most > 0 && len(list) > most {
			list = list[len(list)-most:]
		}
		length = len(list)
		return list
	})
	return map[string]any{"length": length}, err
}

func innerRemove(ctx context.Context, c *call, e Effect) (map[string]any, error) {
	out := map[string]any{"value": nil, "length": 0}
	err := c.changeList(ctx, e, func(list []any) []any {
		before := len(list)
		at := 0
		switch {
		case e.Has("value"):
			value := sameForm(e.Args["value"])
			list = slices.DeleteFunc(list, func(v any) bool { return reflect.DeepEqual(v, value) })
			if len(list) < before {
				out["value"] = e.Args["value"]
			}
			out["length"] = len(list)
			return list
		case e.Int("at") > 0:
			at = e.Int("at") - 1
		case e.Int("at") < 0:
			at = before + e.Int("at")
		}
		if at >= 0 && at < before {
			out["value"] = list[at]
			list = slices.Delete(list, at, at+1)
		}
		out["length"] = len(list)
		return list
	})
	return out, err
}

// sameForm converts a value to the form that decoding its JSON gives.
func sameForm(v any) any {
	raw, err := json.Marshal(v)
	if err != nil {
		return v
	}
	var out any
	if json.Unmarshal(raw, &out) != nil {
		return v
	}
	return out
}

// changeList changes a remembered list. Its expiry stays.
func (c *call) changeList(ctx context.Context, e Effect, change func(list []any) []any) error {
	k, err := c.memoryKey(e, "list")
	if err != nil {
		return err
	}
	return c.remember(ctx, k, func(m Memo) (Memo, error) {
		var list []any
		if m.Value != "" {
			if err := json.Unmarshal([]byte(m.Value), &list); err != nil {
				return m, fmt.Errorf("%q is not a list", k.Name)
			}
		}
		list = change(list)
		if list == nil {
			list = []any{}
		}
		raw, err := json.Marshal(list)
		m.Value = string(raw)
		return m, err
	})
}
