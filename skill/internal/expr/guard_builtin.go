package expr

import (
	"slices"

	"go.starlark.net/starlark"
)

// A measure returns the weight of a call of a built-in function.
type measure func(args starlark.Tuple, kwargs []starlark.Tuple) (weight int, err error)

// measures are the built-in functions that can be expensive. The others (abs, bool,
// chr, dir, float, hasattr, hash, len, ord, type) are linear in the size of a value that
// exists already.
var measures = map[string]measure{
	"all":       lengthMeasure(8),
	"any":       lengthMeasure(8),
	"bytes":     lengthMeasure(8),
	"dict":      func(args starlark.Tuple, _ []starlark.Tuple) (int, error) { return dictWeight(args) },
	"enumerate": lengthMeasure(64),
	"fail":      showMeasure,
	"int":       intMeasure,
	"list":      lengthMeasure(32),
	"max":       orderMeasure,
	"min":       orderMeasure,
	"print":     showMeasure,
	"range":     rangeMeasure,
	"repr":      showMeasure,
	"reversed":  lengthMeasure(32),
	"set":       func(args starlark.Tuple, _ []starlark.Tuple) (int, error) { return setWeight(args) },
	"sorted":    orderMeasure,
	"str":       showMeasure,
	"tuple":     lengthMeasure(32),
	"zip":       zipMeasure,
}

// builtinGuard is a built-in function of Starlark that measures before it runs.
func builtinGuard(name string, m measure) guardFunc {
	inner := starlark.Universe[name]
	return func(t *starlark.Thread, _ *starlark.Builtin, args starlark.Tuple, kwargs []starlark.Tuple) (starlark.Value, error) {
		w, err := m(args, kwargs)
		if err != nil {
			return nil, err
		}
		charge(t, w)
		if name == "sorted" || name == "min" || name == "max" {
			args, kwargs = guardKeyFunction(name, args, kwargs)
		}
		return starlark.Call(t, inner, args, kwargs)
	}
}

// lengthMeasure is for functions that go through an argument once.
func lengthMeasure(each int) measure {
	return func(args starlark.Tuple, _ []starlark.Tuple) (int, error) {
		sum := 0
		for _, a := range args {
			n, err := length(a)
			if err != nil {
				return 0, err
			}
			sum += each * n
		}
		return sum, nil
	}
}

// showMeasure is for functions that make a text of their arguments.
func showMeasure(args starlark.Tuple, kwargs []starlark.Tuple) (int, error) {
	values := args
	for _, kv := range kwargs {
		values = append(slices.Clip(values), kv[1])
	}
	return weigh(values...)
}

// intMeasure is for int(text): its time grows with the square of the number of digits.
func intMeasure(args starlark.Tuple, kwargs []starlark.Tuple) (int, error) {
	for _, kv := range kwargs {
		args = append(slices.Clip(args), kv[1])
	}
	for _, a := range args {
		if s, ok := starlark.AsString(a); ok && len(s) > maxBits/5 {
			return 0, errTooLarge
		}
	}
	return 64, nil
}

// orderMeasure is for functions that compare the elements of their arguments.
func orderMeasure(args starlark.Tuple, _ []starlark.Tuple) (int, error) {
	w, err := weigh(args...)
	if err != nil {
		return 0, err
	}
	n, err := lengthMeasure(64)(args, nil)
	return 8*w + n, err
}

// guardKeyFunction wraps the key function of sorted, min and max, so that the sum of all
// keys stays within the limits.
func guardKeyFunction(name string, args starlark.Tuple, kwargs []starlark.Tuple) (starlark.Tuple, []starlark.Tuple) {
	if name == "sorted" && len(args) > 1 {
		args = append(starlark.Tuple{args[0], limitKeys(args[1])}, args[2:]...)
	}
	out := make([]starlark.Tuple, len(kwargs))
	for i, kv := range kwargs {
		if kv[0] == starlark.String("key") {
			kv = starlark.Tuple{kv[0], limitKeys(kv[1])}
		}
		out[i] = kv
	}
	return args, out
}

func limitKeys(key starlark.Value) starlark.Value {
	if _, ok := key.(starlark.Callable); !ok {
		return key
	}
	sum := 0
	return starlark.NewBuiltin("key", func(t *starlark.Thread, _ *starlark.Builtin, args starlark.Tuple, kwargs []starlark.Tuple) (starlark.Value, error) {
		v, err := starlark.Call(t, key, args, kwargs)
		if err != nil {
			return nil, err
		}
		w, err := weigh(v)
		if sum += w; err == nil && sum > 4*maxBytes {
			err = errTooLarge
		}
		charge(t, 4*w)
		return v, err
	})
}

// rangeMeasure bounds how long a range may be, for whatever walks it.
func rangeMeasure(args starlark.Tuple, _ []starlark.Tuple) (int, error) {
	var bounds [3]int
	for i, a := range args[:min(len(args), 3)] {
		n, ok := a.(starlark.Int)
		if !ok {
			return 0, nil // range reports it
		}
		v, ok := n.Int64()
		if !ok || v > 1<<40 || v < -1<<40 {
			return 0, errTooLarge
		}
		bounds[i] = int(v)
	}
	start, stop, step := 0, bounds[0], 1
	if len(args) > 1 {
		start, stop = bounds[0], bounds[1]
	}
	if len(args) > 2 && bounds[2] != 0 {
		step = bounds[2]
	}
	if (stop-start)/step > 2*maxItems {
		return 0, errTooLarge
	}
	return 8, nil
}

// zipMeasure is for zip, which makes as many rows as its shortest argument has.
func zipMeasure(args starlark.Tuple, _ []starlark.Tuple) (int, error) {
	rows := maxItems
	for _, a := range args {
		n, err := length(a)
		if err != nil {
			return 0, err
		}
		rows = min(rows, n)
	}
	if rows*len(args) > maxItems {
		return 0, errTooLarge
	}
	return 64*rows + 32*rows*len(args), nil
}
