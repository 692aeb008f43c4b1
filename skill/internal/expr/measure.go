package expr

import (
	"errors"
	"fmt"

	"go.starlark.net/starlark"
)

// Limits of values. A chat message has 500 characters and a value in memory 64 KiB, so
// these leave room for any reasonable script.
const (
	maxBytes = 1 << 20 // weight of a value that is copied, compared or shown as a whole
	maxItems = 1 << 17 // elements that one step may handle
	maxBits  = 1 << 15 // of a whole number, about 10,000 digits
	maxDepth = 100     // of lists in lists
	maxKey   = 4 << 10 // weight of a key of a dict or set
)

var (
	errTooLarge = errors.New("the result would be too large")
	errTooDeep  = errors.New("this value is nested too deeply")
	errLargeKey = errors.New("this value is too large for a key")
)

// A scale adds up the weight of values: about the bytes of their text form. An element
// that occurs twice counts twice, because showing or comparing the value visits it twice.
type scale struct {
	size, limit int
}

// weigh returns the weight of values. It stops with an error at maxBytes, so it is fast
// even for a list that contains another a million times.
func weigh(values ...starlark.Value) (int, error) {
	s := scale{limit: maxBytes}
	for _, v := range values {
		if err := s.add(v, 0); err != nil {
			return 0, err
		}
	}
	return s.size, nil
}

func (s *scale) count(n int) error {
	if s.size += n; s.size > s.limit || n > s.limit {
		return errTooLarge
	}
	return nil
}

func (s *scale) add(v starlark.Value, depth int) error {
	if depth > maxDepth {
		return errTooDeep
	}
	if err := s.count(8); err != nil {
		return err
	}
	switch v := v.(type) {
	case starlark.String:
		return s.count(len(v))
	case starlark.Bytes:
		return s.count(4 * len(v))
	case starlark.Int:
		return s.count(bits(v) / 3)
	case starlark.IterableMapping:
		for k, item := range starlark.Entries(v) {
			if err := s.add(k, depth+1); err != nil {
				return err
			}
			if err := s.add(item, depth+1); err != nil {
				return err
			}
		}
	case starlark.Sequence:
		if v.Type() == "range" {
			return nil
		}
		for item := range starlark.Elements(v) {
			if err := s.add(item, depth+1); err != nil {
				return err
			}
		}
	case *Record:
		return s.addJSON(v.fields)
	}
	return nil
}

// addJSON weighs the fields of a record.
func (s *scale) addJSON(v any) error {
	switch v := v.(type) {
	case map[string]any:
		for key, item := range v {
			if err := s.count(len(key) + 4); err != nil {
				return err
			}
			if err := s.addJSON(item); err != nil {
				return err
			}
		}
	case []any:
		for _, item := range v {
			if err := s.addJSON(item); err != nil {
				return err
			}
		}
	case string:
		return s.count(len(v) + 3)
	default:
		return s.count(len(fmt.Sprint(v)) + 2)
	}
	return nil
}

// bits returns the size of a whole number.
func bits(n starlark.Int) int {
	if _, small := n.Int64(); small {
		return 64
	}
	return n.BigInt().BitLen()
}

// keyWeight returns the cost of hashing a value, or an error if it is too high. Hashing
// a tuple visits all elements of its nested tuples, each as often as it occurs.
func keyWeight(k starlark.Value) (int, error) {
	switch k.(type) {
	case starlark.String, starlark.Bytes, starlark.Tuple:
		s := scale{limit: maxKey}
		if err := s.add(k, 0); err != nil {
			return 0, errLargeKey
		}
		return s.size, nil
	}
	return 8, nil
}

// keysWeight returns the cost of adding keys to a dict or set: key returns the key of
// each element of v.
func keysWeight(v starlark.Value, key func(starlark.Value) starlark.Value) (int, error) {
	n, err := length(v)
	if err != nil {
		return 0, err
	}
	sum := 16 * n
	collisions := make(map[uint32]int, n)
	iter := starlark.Iterate(v)
	if iter == nil {
		return sum, nil // the built-in function reports it
	}
	defer iter.Done()
	var item starlark.Value
	for iter.Next(&item) {
		k := key(item)
		if k == nil {
			continue
		}
		w, err := keyWeight(k)
		if err != nil {
			return 0, err
		}
		if sum += w; sum > 16*maxBytes {
			return 0, errTooLarge
		}
		h, err := k.Hash()
		if err != nil {
			continue // unhashable; reported as above
		}
		// Values with the same hash are compared with one another.
		collisions[h]++
		if sum += 4 * collisions[h]; sum > 16*maxBytes {
			return 0, errTooLarge
		}
	}
	return sum, nil
}

func itself(v starlark.Value) starlark.Value { return v }

// first returns the first element of a pair, nil if there is none.
func first(pair starlark.Value) (k starlark.Value) {
	iter := starlark.Iterate(pair)
	if iter == nil {
		return nil
	}
	defer iter.Done()
	iter.Next(&k)
	return k
}

// length returns the number of elements of a value that can be iterated over, 0 for
// others, and an error if it is too large.
func length(v starlark.Value) (int, error) {
	n := starlark.Len(v)
	if n < 0 {
		n = 0
		if iter := starlark.Iterate(v); iter != nil {
			defer iter.Done()
			var item starlark.Value
			for n <= maxItems && iter.Next(&item) {
				n++
			}
		}
	}
	if _, isText := v.(starlark.String); isText {
		return 0, nil
	}
	if n > maxItems {
		return 0, errTooLarge
	}
	return n, nil
}

// freezable returns an error if freezing the values would take too long. Tuples and
// functions have no mark that they are frozen, so they are visited as often as they
// occur.
func freezable(globals starlark.StringDict) error {
	f := freezer{seen: map[starlark.Value]bool{}}
	for _, v := range globals {
		if err := f.visit(v, 0); err != nil {
			return err
		}
	}
	return nil
}

type freezer struct {
	seen  map[starlark.Value]bool // lists, dicts and sets
	steps int
}

func (f *freezer) visit(v starlark.Value, depth int) error {
	if f.steps++; f.steps > 16*maxBytes/8 || depth > 10_000 {
		return errTooLarge
	}
	switch v := v.(type) {
	case *starlark.List, *starlark.Dict, *starlark.Set:
		if f.seen[v] {
			return nil
		}
		f.seen[v] = true
	case *starlark.Builtin:
		if v.Receiver() != nil {
			return f.visit(v.Receiver(), depth+1)
		}
	case *starlark.Function:
		for i := range v.NumParams() {
			if d := v.ParamDefault(i); d != nil {
				if err := f.visit(d, depth+1); err != nil {
					return err
				}
			}
		}
		for i := range v.NumFreeVars() {
			if _, held := v.FreeVar(i); held != nil {
				if err := f.visit(held, depth+1); err != nil {
					return err
				}
			}
		}
		return nil
	}
	return f.visitElements(v, depth)
}

func (f *freezer) visitElements(v starlark.Value, depth int) error {
	switch v := v.(type) {
	case starlark.IterableMapping:
		for k, item := range starlark.Entries(v) {
			if err := errors.Join(f.visit(k, depth+1), f.visit(item, depth+1)); err != nil {
				return errTooLarge
			}
		}
	case starlark.Sequence:
		if v.Type() == "range" {
			return nil
		}
		for item := range starlark.Elements(v) {
			if err := f.visit(item, depth+1); err != nil {
				return err
			}
		}
	}
	return nil
}
