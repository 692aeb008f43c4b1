package expr

import (
	"fmt"

	"go.starlark.net/starlark"
	"go.starlark.net/syntax"

	"github.com/larkspur-dev/larkspur/internal/config"
)

// Starlark counts steps, but a single step can take any time and memory:
// 'a' * 1000000000, str() of a list that holds itself many times over, a tuple of
// tuples as a key, max(range(1 << 40)). The step limit and the watch come too late for
// these. So every operator, method and built-in function that can be expensive is
// replaced by a guard. A guard measures its operands, fails if the result would be too
// large, and otherwise counts steps in proportion to the work. rewrite.go inserts the
// calls of the guards into expressions and scripts.

// guardFunc is the Go side of a guard.
type guardFunc = func(t *starlark.Thread, b *starlark.Builtin, args starlark.Tuple, kwargs []starlark.Tuple) (starlark.Value, error)

// The names of guards are no valid identifiers, so a script cannot use or redefine them.
// Those of operators come from operatorGuard and augmentGuard.
const (
	guardAttr  = "<attr>"  // x.name
	guardKey   = "<key>"   // the k of x[k] and {k: v}
	guardStar  = "<star>"  // the x of f(*x) and f(**x)
	guardSlice = "<slice>" // x[i:j], once made
	guardElem  = "<elem>"  // the x[k] of x[k] += y
)

// guards are predeclared in every expression and script.
var guards = func() starlark.StringDict {
	out := starlark.StringDict{}
	add := func(name string, f guardFunc) { out[name] = starlark.NewBuiltin(name, f) }
	add(guardAttr, attrGuard)
	add(guardKey, keyGuard)
	add(guardStar, starGuard)
	add(guardSlice, sliceGuard)
	add(guardElem, elemGuard)
	for op := range operators {
		add(operatorGuard(op), func(t *starlark.Thread, _ *starlark.Builtin, args starlark.Tuple, _ []starlark.Tuple) (starlark.Value, error) {
			return binary(t, op, args[0], args[1])
		})
	}
	for _, op := range augmented {
		add(augmentGuard(op), func(t *starlark.Thread, _ *starlark.Builtin, args starlark.Tuple, _ []starlark.Tuple) (starlark.Value, error) {
			return augment(t, op, args[0], args[1])
		})
	}
	for name, measure := range measures {
		add(name, builtinGuard(name, measure))
	}
	add("getattr", getattrGuard)
	return out
}()

func isGuard(name string) bool { return guards.Has(name) }

// charge counts work as steps, one for each 32 bytes of weight.
func charge(t *starlark.Thread, weight int) { t.Steps += uint64(max(0, weight)) / 32 }

func keyGuard(t *starlark.Thread, _ *starlark.Builtin, args starlark.Tuple, _ []starlark.Tuple) (starlark.Value, error) {
	w, err := keyWeight(args[0])
	charge(t, w)
	return args[0], err
}

func starGuard(t *starlark.Thread, _ *starlark.Builtin, args starlark.Tuple, _ []starlark.Tuple) (starlark.Value, error) {
	n, err := length(args[0])
	charge(t, 16*n)
	return args[0], err
}

func sliceGuard(t *starlark.Thread, _ *starlark.Builtin, args starlark.Tuple, _ []starlark.Tuple) (starlark.Value, error) {
	charge(t, 16*max(0, starlark.Len(args[0])))
	return args[0], nil
}

func attrGuard(t *starlark.Thread, _ *starlark.Builtin, args starlark.Tuple, _ []starlark.Tuple) (starlark.Value, error) {
	name, _ := starlark.AsString(args[1])
	return attr(t, args[0], name)
}

func getattrGuard(t *starlark.Thread, _ *starlark.Builtin, args starlark.Tuple, kwargs []starlark.Tuple) (starlark.Value, error) {
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

// attr returns recv.name, guarded if it is a method of Starlark's own.
func attr(t *starlark.Thread, recv starlark.Value, name string) (starlark.Value, error) {
	object, ok := recv.(starlark.HasAttrs)
	if !ok {
		return nil, fmt.Errorf("%s has no .%s field or method", recv.Type(), name)
	}
	var v starlark.Value
	var err error
	switch o := object.(type) {
	case *Lazy:
		v, err = o.attr(threadContext(t), name)
	case *Store:
		v, err = o.attr(threadContext(t), name)
	default:
		v, err = object.Attr(name)
	}
	if err != nil {
		return nil, err
	}
	if v == nil {
		return nil, fmt.Errorf("%s has no .%s field or method%s", recv.Type(), name, config.DidYouMean(name, object.AttrNames()))
	}
	if inner, isBuiltin := v.(*starlark.Builtin); isBuiltin && inner.Receiver() != nil {
		return methodGuard(inner), nil
	}
	return v, nil
}

// operatorGuard names the guard of a binary operator.
func operatorGuard(op syntax.Token) string { return "<" + op.String() + ">" }

// augmentGuard names the guard of an augmented assignment.
func augmentGuard(op syntax.Token) string { return "<" + op.String() + "=>" }
