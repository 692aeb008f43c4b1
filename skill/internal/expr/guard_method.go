package expr

import (
	"strings"
	"unicode"

	"go.starlark.net/starlark"
)

// methodGuard returns a bound method that measures its arguments before it runs.
func methodGuard(inner *starlark.Builtin) starlark.Value {
	recv := inner.Receiver()
	return starlark.NewBuiltin(inner.Name(), func(t *starlark.Thread, b *starlark.Builtin, args starlark.Tuple, kwargs []starlark.Tuple) (starlark.Value, error) {
		if list, ok := recv.(*starlark.List); ok && b.Name() == "extend" && len(args) == 1 {
			if items, ok := args[0].(starlark.Iterable); ok {
				return starlark.None, extend(t, list, items)
			}
		}
		w, err := methodWeight(recv, b.Name(), args, kwargs)
		if err != nil {
			return nil, err
		}
		charge(t, w)
		return starlark.Call(t, inner, args, kwargs)
	}).BindReceiver(recv)
}

// methodWeight measures a call of recv.name.
func methodWeight(recv starlark.Value, name string, args starlark.Tuple, kwargs []starlark.Tuple) (int, error) {
	switch recv := recv.(type) {
	case starlark.String:
		return textMethodWeight(string(recv), name, args, kwargs)
	case *starlark.List:
		switch name {
		case "index", "remove":
			return weigh(append(starlark.Tuple{recv}, args...)...)
		case "insert", "pop":
			return recv.Len(), nil
		}
	case *starlark.Dict:
		switch name {
		case "get", "pop", "setdefault":
			return firstKeyWeight(args)
		case "update":
			return dictWeight(args)
		case "items":
			return 64 * recv.Len(), nil
		case "keys", "values", "clear":
			return 16 * recv.Len(), nil
		}
	case *starlark.Set:
		switch name {
		case "add", "discard", "remove":
			return firstKeyWeight(args)
		}
		return setWeight(append(starlark.Tuple{recv}, args...))
	}
	return 8, nil
}

// firstKeyWeight is for methods whose first argument is a key.
func firstKeyWeight(args starlark.Tuple) (int, error) {
	if len(args) == 0 {
		return 0, nil
	}
	return keyWeight(args[0])
}

// setWeight is for functions that put elements into sets.
func setWeight(args starlark.Tuple) (int, error) {
	sum := 0
	for _, a := range args {
		w, err := keysWeight(a, itself)
		if err != nil {
			return 0, err
		}
		sum += w
	}
	return sum, nil
}

// dictWeight is for functions that put a dict, or pairs, into a dict.
func dictWeight(args starlark.Tuple) (int, error) {
	if len(args) == 0 {
		return 0, nil
	}
	key := first
	if _, isMapping := args[0].(starlark.IterableMapping); isMapping {
		key = itself
	}
	return keysWeight(args[0], key)
}

// textMethodWeight measures a call of a text's method.
func textMethodWeight(s, name string, args starlark.Tuple, kwargs []starlark.Tuple) (int, error) {
	w, err := weigh(args...)
	if err != nil {
		return 0, err
	}
	for _, kv := range kwargs {
		more, err := weigh(kv[1])
		if err != nil {
			return 0, err
		}
		w += more
	}
	switch text := textArg(args, 0); name {
	case "join":
		n := 0
		if len(args) > 0 {
			if n, err = length(args[0]); err != nil {
				return 0, err
			}
		}
		return within(w + len(s)*n)
	case "format":
		// Each pair of braces may insert the largest argument.
		return within(len(s) + (strings.Count(s, "{")+1)*w)
	case "replace":
		return within(len(s) + w + strings.Count(s, text)*len(textArg(args, 1)))
	case "split", "rsplit", "splitlines":
		n := strings.Count(s, "\n") + strings.Count(s, "\r")
		switch {
		case name == "splitlines":
		case text != "":
			n = strings.Count(s, text)
		default:
			n = countWords(s)
		}
		return within(len(s) + 8*n)
	case "strip", "lstrip", "rstrip":
		if !isASCII(text) {
			// Each character is looked up in the whole argument.
			return within(len(s) + len(s)*len(text)/64)
		}
	}
	return within(len(s) + w)
}

// textArg returns the argument at i, or "" if it is missing or no text.
func textArg(args starlark.Tuple, i int) string {
	if i >= len(args) {
		return ""
	}
	s, _ := starlark.AsString(args[i])
	return s
}

func isASCII(s string) bool {
	return !strings.ContainsFunc(s, func(r rune) bool { return r > unicode.MaxASCII })
}

// countWords returns len(strings.Fields(s)) without allocating.
func countWords(s string) int {
	n, space := 0, true
	for _, r := range s {
		now := unicode.IsSpace(r)
		if space && !now {
			n++
		}
		space = now
	}
	return n
}
