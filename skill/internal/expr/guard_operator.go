package expr

import (
	"fmt"
	"slices"
	"strings"

	"go.starlark.net/starlark"
	"go.starlark.net/syntax"
)

// operators are the guarded binary operators (all but and, or), each with the function
// that returns the weight of x op y.
var operators = map[syntax.Token]func(x, y starlark.Value) (weight int, err error){
	syntax.PLUS:       sumWeight,
	syntax.MINUS:      unionWeight,
	syntax.STAR:       productWeight,
	syntax.SLASH:      scalarWeight,
	syntax.SLASHSLASH: scalarWeight,
	syntax.PERCENT:    formatWeight,
	syntax.PIPE:       unionWeight,
	syntax.AMP:        unionWeight,
	syntax.CIRCUMFLEX: unionWeight,
	syntax.LTLT:       scalarWeight,
	syntax.GTGT:       scalarWeight,
	syntax.IN:         searchWeight,
	syntax.NOT_IN:     searchWeight,
	syntax.EQL:        compareWeight,
	syntax.NEQ:        compareWeight,
	syntax.LT:         compareWeight,
	syntax.LE:         compareWeight,
	syntax.GT:         compareWeight,
	syntax.GE:         compareWeight,
}

var comparisons = []syntax.Token{syntax.EQL, syntax.NEQ, syntax.LT, syntax.LE, syntax.GT, syntax.GE}

// augmented are the operators of augmented assignments.
var augmented = []syntax.Token{
	syntax.PLUS, syntax.MINUS, syntax.STAR, syntax.SLASH, syntax.SLASHSLASH, syntax.PERCENT,
	syntax.AMP, syntax.PIPE, syntax.CIRCUMFLEX, syntax.LTLT, syntax.GTGT,
}

// binary is x op y.
func binary(t *starlark.Thread, op syntax.Token, x, y starlark.Value) (starlark.Value, error) {
	w, err := operators[op](x, y)
	if err != nil {
		return nil, err
	}
	charge(t, w)
	if slices.Contains(comparisons, op) {
		ok, err := starlark.Compare(op, x, y)
		return starlark.Bool(ok), err
	}
	z, err := starlark.Binary(op, x, y)
	if n, isInt := z.(starlark.Int); isInt && bits(n) > maxBits {
		return nil, errTooLarge
	}
	return z, err
}

// augment is x op= y, where x is a value or an [elem].
func augment(t *starlark.Thread, op syntax.Token, x, y starlark.Value) (starlark.Value, error) {
	e, isElem := x.(*elem)
	if isElem {
		x = e.value
	}
	z, err := inPlace(t, op, x, y)
	if err != nil || !isElem {
		return z, err
	}
	return starlark.None, e.set(z)
}

// inPlace returns x op y. += on a list and |= on a dict change the value in place, as in
// Starlark, so other variables see the change.
func inPlace(t *starlark.Thread, op syntax.Token, x, y starlark.Value) (starlark.Value, error) {
	if list, ok := x.(*starlark.List); ok && op == syntax.PLUS {
		if items, ok := y.(starlark.Iterable); ok {
			return list, extend(t, list, items)
		}
	}
	if into, ok := x.(*starlark.Dict); ok && op == syntax.PIPE {
		if from, ok := y.(*starlark.Dict); ok {
			w, err := unionWeight(x, y)
			if err != nil {
				return nil, err
			}
			charge(t, w)
			for _, entry := range from.Items() {
				if err := into.SetKey(entry[0], entry[1]); err != nil {
					return nil, err
				}
			}
			return into, nil
		}
	}
	return binary(t, op, x, y)
}

func extend(t *starlark.Thread, list *starlark.List, items starlark.Iterable) error {
	n, err := length(items)
	if err != nil {
		return err
	}
	if n+list.Len() > maxItems {
		return errTooLarge
	}
	charge(t, 16*n)
	added := make([]starlark.Value, 0, n) // first: items may be the list
	for item := range starlark.Elements(items) {
		added = append(added, item)
	}
	for _, item := range added {
		if err := list.Append(item); err != nil {
			return err
		}
	}
	return nil
}

// scalarWeight is for operators of numbers.
func scalarWeight(x, y starlark.Value) (int, error) { return numberWeight(x) + numberWeight(y), nil }

func numberWeight(v starlark.Value) int {
	if n, ok := v.(starlark.Int); ok {
		return bits(n) / 8
	}
	return 8
}

// sumWeight is for x + y, whose size is the sum of the sizes.
func sumWeight(x, y starlark.Value) (int, error) { return within(flatWeight(x) + flatWeight(y)) }

func within(weight int) (int, error) {
	if weight > maxBytes {
		return 0, errTooLarge
	}
	return weight, nil
}

// flatWeight is the weight of a value without what its elements hold.
func flatWeight(v starlark.Value) int {
	switch v := v.(type) {
	case starlark.String:
		return len(v)
	case starlark.Bytes:
		return len(v)
	case starlark.Int:
		return bits(v) / 8
	}
	return 8 * max(1, starlark.Len(v))
}

// productWeight is for x * y.
func productWeight(x, y starlark.Value) (int, error) {
	if _, isInt := x.(starlark.Int); isInt {
		x, y = y, x
	}
	n, ok := y.(starlark.Int)
	if !ok {
		return 8, nil
	}
	if m, isInt := x.(starlark.Int); isInt {
		if bits(m)+bits(n) > maxBits {
			return 0, errTooLarge
		}
		return (bits(m) + bits(n)) / 8, nil
	}
	if _, isSequence := x.(starlark.Indexable); !isSequence {
		return 8, nil // a float
	}
	times, ok := n.Int64()
	if !ok || times > maxBytes {
		return 0, errTooLarge
	}
	return within(int(max(0, times)) * flatWeight(x))
}

// formatWeight is for x % y, which repeats all of y for each %(name)s of a mapping.
func formatWeight(x, y starlark.Value) (int, error) {
	text, ok := x.(starlark.String)
	if !ok {
		return scalarWeight(x, y)
	}
	w, err := weigh(y)
	if err != nil {
		return 0, err
	}
	if _, named := y.(starlark.Mapping); named {
		w *= strings.Count(string(text), "%(") + 1
	}
	return within(len(text) + w)
}

// unionWeight is for the operators of sets and dicts, which hash keys.
func unionWeight(x, y starlark.Value) (int, error) {
	sum := 0
	for _, v := range []starlark.Value{x, y} {
		switch v.(type) {
		case *starlark.Dict, *starlark.Set:
			w, err := keysWeight(v, itself)
			if err != nil {
				return 0, err
			}
			sum += w
		default:
			sum += numberWeight(v)
		}
	}
	return sum, nil
}

// searchWeight is for x in y.
func searchWeight(x, y starlark.Value) (int, error) {
	switch y := y.(type) {
	case starlark.String, starlark.Bytes:
		return flatWeight(y), nil
	case *starlark.List, starlark.Tuple:
		return weigh(x, y)
	}
	return keyWeight(x)
}

// compareWeight is for comparisons.
func compareWeight(x, y starlark.Value) (int, error) {
	switch x := x.(type) {
	case starlark.String, starlark.Bytes, starlark.Int:
		return min(flatWeight(x), flatWeight(y)), nil
	case *starlark.List, starlark.Tuple, *starlark.Dict, *starlark.Set:
		return weigh(x, y)
	}
	return 8, nil
}

// An elem is the x[k] of x[k] op= y, evaluated once.
type elem struct {
	starlark.Value // makes it a valid argument; a script never sees it

	of, key, value starlark.Value
}

// elemGuard reads x[k] for an augmented assignment.
func elemGuard(t *starlark.Thread, b *starlark.Builtin, args starlark.Tuple, kwargs []starlark.Tuple) (starlark.Value, error) {
	if _, err := keyGuard(t, b, args[1:], kwargs); err != nil {
		return nil, err
	}
	e := &elem{Value: starlark.None, of: args[0], key: args[1]}
	switch of := e.of.(type) {
	case starlark.Mapping:
		v, found, err := of.Get(e.key)
		if err != nil {
			return nil, err
		}
		if !found {
			return nil, fmt.Errorf("key %v not in %s", e.key, of.Type())
		}
		e.value = v
	case starlark.Indexable:
		i, err := index(of, e.key)
		if err != nil {
			return nil, err
		}
		e.value = of.Index(i)
	default:
		return nil, fmt.Errorf("unhandled index operation %s[%s]", of.Type(), e.key.Type())
	}
	return e, nil
}

// set is x[k] = v.
func (e *elem) set(v starlark.Value) error {
	switch of := e.of.(type) {
	case starlark.HasSetKey:
		return of.SetKey(e.key, v)
	case starlark.HasSetIndex:
		i, err := index(of, e.key)
		if err != nil {
			return err
		}
		return of.SetIndex(i, v)
	}
	return fmt.Errorf("%s value does not support item assignment", e.of.Type())
}

// index returns the place that a key means, counted from the end if it is negative.
func index(of starlark.Indexable, key starlark.Value) (int, error) {
	i, err := starlark.AsInt32(key)
	if err != nil {
		return 0, fmt.Errorf("%s index: %w", of.Type(), err)
	}
	n := of.Len()
	at := i
	if at < 0 {
		at += n
	}
	if at < 0 || at >= n {
		return 0, fmt.Errorf("%s index %d out of range [%d:%d]", of.Type(), i, -n, n-1)
	}
	return at, nil
}
