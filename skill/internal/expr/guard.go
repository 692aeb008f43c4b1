package expr

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"go.starlark.net/starlark"
	"go.starlark.net/syntax"

	"github.com/larkspur-dev/larkspur/internal/config"
)

// Some single steps of Starlark can use any amount of memory ('a' * 1000000000,
// list(range(1<<40)), a list that holds itself many times over as text). The
// step limit and the watch come too late for them, so they are looked at before
// they run: operators and methods are rewritten to calls of guards, and a few
// built-in functions have guarded doubles.

// maxBytes is how large a single value may become, roughly.
const maxBytes = 4 << 20

var errTooLarge = errors.New("this makes a value that is too large")

// The guards' names cannot be written in a script.
const (
	guardAdd    = "<add>"
	guardGrow   = "<grow>"
	guardMul    = "<mul>"
	guardMod    = "<mod>"
	guardMethod = "<method>"
)

// guardedMethods are the methods that can make much out of little.
var guardedMethods = map[string]bool{"join": true, "replace": true, "format": true, "extend": true}

// guards are the doubles that every expression and script gets.
var guards = starlark.StringDict{
	guardAdd: starlark.NewBuiltin("+", func(_ *starlark.Thread, _ *starlark.Builtin, args starlark.Tuple, _ []starlark.Tuple) (starlark.Value, error) {
		if bytesOf(args[0])+bytesOf(args[1]) > maxBytes {
			return nil, errTooLarge
		}
		return starlark.Binary(syntax.PLUS, args[0], args[1])
	}),
	guardGrow: starlark.NewBuiltin("+=", func(_ *starlark.Thread, _ *starlark.Builtin, args starlark.Tuple, _ []starlark.Tuple) (starlark.Value, error) {
		if bytesOf(args[0])+bytesOf(args[1]) > maxBytes {
			return nil, errTooLarge
		}
		grown, isList := args[0].(*starlark.List)
		added, isSequence := args[1].(starlark.Sequence)
		if !isList || !isSequence {
			return starlark.Binary(syntax.PLUS, args[0], args[1])
		}
		// A list grows in place, also for its other names.
		for _, item := range slices.Collect(starlark.Elements(added)) {
			if err := grown.Append(item); err != nil {
				return nil, err
			}
		}
		return grown, nil
	}),
	guardMul: starlark.NewBuiltin("*", func(_ *starlark.Thread, _ *starlark.Builtin, args starlark.Tuple, _ []starlark.Tuple) (starlark.Value, error) {
		if product(args[0], args[1]) > maxBytes {
			return nil, errTooLarge
		}
		return starlark.Binary(syntax.STAR, args[0], args[1])
	}),
	guardMod: starlark.NewBuiltin("%", func(_ *starlark.Thread, _ *starlark.Builtin, args starlark.Tuple, _ []starlark.Tuple) (starlark.Value, error) {
		if _, isText := args[0].(starlark.String); isText && weigh(args[1], maxBytes)+starlark.Len(args[0]) > maxBytes {
			return nil, errTooLarge
		}
		return starlark.Binary(syntax.PERCENT, args[0], args[1])
	}),
	guardMethod: starlark.NewBuiltin("method", method),
	"range":     guarded("range", checkRange),
	"str":       guarded("str", checkWeight),
	"repr":      guarded("repr", checkWeight),
	"fail":      guarded("fail", checkWeight),
	"print":     guarded("print", checkWeight),
	"getattr":   starlark.NewBuiltin("getattr", getattr),
}

func isGuard(name string) bool { return guards.Has(name) }

// guarded is a built-in function of Starlark with a check of its result before
// it is called.
func guarded(name string, check func(starlark.Tuple) error) *starlark.Builtin {
	inner := starlark.Universe[name]
	return starlark.NewBuiltin(name, func(t *starlark.Thread, _ *starlark.Builtin, args starlark.Tuple, kwargs []starlark.Tuple) (starlark.Value, error) {
		if err := check(args); err != nil {
			return nil, err
		}
		return starlark.Call(t, inner, args, kwargs)
	})
}

// checkRange bounds how long a range may be: list, sorted and max would walk it
// in a single step.
func checkRange(args starlark.Tuple) error {
	var bounds [3]int
	for i, a := range args[:min(len(args), 3)] {
		n, ok := a.(starlark.Int)
		if !ok {
			return nil // range says what is wrong
		}
		v, ok := n.Int64()
		if !ok || v > 1<<40 || v < -1<<40 {
			return errTooLarge
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
	if (stop-start)/step > maxBytes/16 {
		return errTooLarge
	}
	return nil
}

func checkWeight(args starlark.Tuple) error {
	if weigh(args, maxBytes) > maxBytes {
		return errTooLarge
	}
	return nil
}

func getattr(t *starlark.Thread, _ *starlark.Builtin, args starlark.Tuple, kwargs []starlark.Tuple) (starlark.Value, error) {
	var object, otherwise starlark.Value
	var name string
	if err := starlark.UnpackArgs("getattr", args, kwargs, "x", &object, "name", &name, "default?", &otherwise); err != nil {
		return nil, err
	}
	v, err := attr(t, object, name)
	if err != nil && otherwise != nil {
		return otherwise, nil
	}
	return v, err
}

// method returns receiver.name.
func method(t *starlark.Thread, _ *starlark.Builtin, args starlark.Tuple, _ []starlark.Tuple) (starlark.Value, error) {
	name, _ := starlark.AsString(args[1])
	return attr(t, args[0], name)
}

// attr returns recv.name, guarded if it is a method of Starlark's own.
func attr(t *starlark.Thread, recv starlark.Value, name string) (starlark.Value, error) {
	found, err := rawAttr(t, recv, name)
	if err != nil {
		return nil, err
	}
	inner, ok := found.(*starlark.Builtin)
	if !ok || inner.Receiver() == nil || !guardedMethods[name] {
		return found, nil
	}
	return starlark.NewBuiltin(inner.Name(), func(t *starlark.Thread, _ *starlark.Builtin, args starlark.Tuple, kwargs []starlark.Tuple) (starlark.Value, error) {
		if methodSize(inner.Name(), recv, args, kwargs) > maxBytes {
			return nil, errTooLarge
		}
		return starlark.Call(t, inner, args, kwargs)
	}).BindReceiver(recv), nil
}

func rawAttr(t *starlark.Thread, recv starlark.Value, name string) (v starlark.Value, err error) {
	object, ok := recv.(starlark.HasAttrs)
	if !ok {
		return nil, fmt.Errorf("%s has no .%s field or method", recv.Type(), name)
	}
	if l, isLazy := recv.(*Lazy); isLazy {
		v, err = l.attr(threadContext(t), name)
	} else {
		v, err = object.Attr(name)
	}
	if v == nil && err == nil {
		err = fmt.Errorf("%s has no .%s field or method%s", recv.Type(), name, config.DidYouMean(name, object.AttrNames()))
	}
	return v, err
}

// methodSize estimates what a guarded method would make.
func methodSize(name string, recv starlark.Value, args starlark.Tuple, kwargs []starlark.Tuple) int {
	size := max(0, starlark.Len(recv)) + weigh(args, maxBytes)
	for _, kv := range kwargs {
		size += weigh(kv, maxBytes)
	}
	s, isText := recv.(starlark.String)
	if !isText || len(args) == 0 {
		return size
	}
	switch name {
	case "join":
		size += len(s) * max(0, starlark.Len(args[0]))
	case "replace":
		from, _ := starlark.AsString(args[0])
		to := ""
		if len(args) > 1 {
			to, _ = starlark.AsString(args[1])
		}
		size += strings.Count(string(s), from) * len(to)
	case "format":
		// Every pair of braces may repeat the heaviest argument.
		size += (strings.Count(string(s), "{") + 1) * weigh(args, maxBytes)
	}
	return size
}

// product estimates the size of x * y.
func product(x, y starlark.Value) int {
	if _, isInt := x.(starlark.Int); isInt {
		x, y = y, x
	}
	n, ok := y.(starlark.Int)
	if !ok {
		return 0
	}
	if big, isInt := x.(starlark.Int); isInt {
		return (big.BigInt().BitLen() + n.BigInt().BitLen()) / 8
	}
	times, ok := n.Int64()
	if !ok || times > maxBytes {
		return maxBytes + 1
	}
	return int(max(0, times)) * bytesOf(x)
}

// bytesOf is about how much a value takes, without what its elements hold.
func bytesOf(v starlark.Value) int {
	n := max(0, starlark.Len(v))
	switch v.(type) {
	case starlark.String, starlark.Bytes:
		return n
	}
	return 16 * n
}

// weigh walks a value and counts the bytes of its text, up to a little over limit.
func weigh(v starlark.Value, limit int) int {
	if limit < 0 {
		return 1
	}
	size := 16
	switch v := v.(type) {
	case starlark.String:
		return len(v)
	case starlark.Bytes:
		return 4 * len(v)
	case starlark.Int:
		return v.BigInt().BitLen()/3 + 1
	case starlark.IterableMapping:
		for k, item := range starlark.Entries(v) {
			size += weigh(k, limit-size)
			size += weigh(item, limit-size)
			if size > limit {
				break
			}
		}
	case starlark.Sequence:
		for item := range starlark.Elements(v) {
			size += weigh(item, limit-size)
			if size > limit {
				break
			}
		}
	case *Record:
		size += len(fmt.Sprint(v.fields))
	}
	return size
}
