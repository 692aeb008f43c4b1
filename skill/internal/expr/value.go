package expr

import (
	"encoding/json"
	"errors"
	"maps"
	"math/big"
	"slices"
	"strconv"
	"time"

	starjson "go.starlark.net/lib/json"
	startime "go.starlark.net/lib/time"
	"go.starlark.net/starlark"
)

// toValue turns a Go value into a frozen Starlark value. A value of no known type
// is None.
func toValue(v any, s *Shape) starlark.Value {
	if s == nil {
		s = Any
	}
	switch v := v.(type) {
	case starlark.Value: // Record, Lazy, Object
		return v
	case Value:
		return v.value()
	case Func:
		return v.builtin("function")
	case time.Time:
		return startime.Time(v)
	case *big.Int:
		return starlark.MakeBigInt(v)
	case bool:
		return starlark.Bool(v)
	case string:
		return starlark.String(v)
	case int:
		return starlark.MakeInt(v)
	case int64:
		return starlark.MakeInt64(v)
	case float64:
		return starlark.Float(v)
	case json.Number:
		if i, err := strconv.ParseInt(v.String(), 10, 64); err == nil {
			return starlark.MakeInt64(i)
		}
		f, _ := v.Float64() // out of range: infinity
		return starlark.Float(f)
	case []string:
		items := make([]starlark.Value, len(v))
		for i := range v {
			items[i] = starlark.String(v[i])
		}
		return frozen(starlark.NewList(items))
	case []any:
		items := make([]starlark.Value, len(v))
		for i := range v {
			items[i] = toValue(v[i], s.elem)
		}
		return frozen(starlark.NewList(items))
	case map[string]string:
		d := starlark.NewDict(len(v))
		for _, k := range slices.Sorted(maps.Keys(v)) {
			_ = d.SetKey(starlark.String(k), starlark.String(v[k])) // cannot fail: a fresh dict, a text key
		}
		return frozen(d)
	case map[string]any:
		if s.kind == dict {
			d := starlark.NewDict(len(v))
			for _, k := range slices.Sorted(maps.Keys(v)) {
				_ = d.SetKey(starlark.String(k), toValue(v[k], s.elem)) // cannot fail, as above
			}
			return frozen(d)
		}
		return NewRecord(v, s)
	}
	return starlark.None
}

func frozen(v starlark.Value) starlark.Value {
	v.Freeze()
	return v
}

// A Value is a value of a script. The zero Value is None.
type Value struct {
	v starlark.Value
}

func (v Value) value() starlark.Value {
	if v.v == nil {
		return starlark.None
	}
	return v.v
}

// Unpack implements [starlark.Unpacker], so that a Value can be an argument.
func (v *Value) Unpack(from starlark.Value) error {
	v.v = from
	return nil
}

// IsNone reports whether the value is None.
func (v Value) IsNone() bool { return v.value() == starlark.None }

// String returns the value in the form that it has in a text. None and values that are
// too large are empty.
func (v Value) String() string { return display(v.value()) }

// AsString returns the text that the value is, if it is one.
func (v Value) AsString() (string, bool) { return starlark.AsString(v.value()) }

// AsInt returns the whole number that the value is, if it is one of 64 bits.
func (v Value) AsInt() (int64, bool) {
	n, ok := v.value().(starlark.Int)
	if !ok {
		return 0, false
	}
	return n.Int64()
}

// GoString returns the value in Starlark's notation, for messages.
func (v Value) GoString() string {
	if _, err := weigh(v.value()); err != nil {
		return v.value().Type()
	}
	return v.value().String()
}

// ErrLarge is the error of [Value.JSON] for a value over the limit.
var ErrLarge = errors.New("value too large")

// JSON returns the value as JSON of at most about limit bytes.
func (v Value) JSON(limit int) (string, error) {
	if s := (scale{limit: limit}); s.add(v.value(), 0) != nil {
		return "", ErrLarge
	}
	encoded, err := starlark.Call(&starlark.Thread{}, starjson.Module.Members["encode"], starlark.Tuple{v.value()}, nil)
	if err != nil {
		return "", reason(err)
	}
	text, _ := starlark.AsString(encoded)
	return text, nil
}

// ParseJSON returns the value that a JSON text stands for, with all digits of its
// numbers.
func ParseJSON(text string) (Value, error) {
	v, err := starlark.Call(&starlark.Thread{}, starjson.Module.Members["decode"], starlark.Tuple{starlark.String(text)}, nil)
	if err != nil {
		return Value{}, reason(err)
	}
	return Value{v}, nil
}

// display returns a value in the form that it has in a text.
func display(v starlark.Value) string {
	if s, ok := v.(starlark.String); ok {
		return string(s)
	}
	if _, err := weigh(v); v == starlark.None || err != nil {
		return ""
	}
	return v.String()
}
