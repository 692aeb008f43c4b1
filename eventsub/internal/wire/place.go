package wire

import "strconv"

// A place is where a value begins that could not be read. Its path is found only when
// it is needed, so that decoding does not have to keep track of paths.
type place struct {
	at   int
	want string
}

// record remembers that the value at a place could not be read.
func (r *Reader) record(at int, want string) {
	if r.err == nil {
		r.places = append(r.places, place{at: at, want: want})
	}
}

// unread returns the recorded values. The text is known to be well-formed at least where
// they are, and they are in the order of the text.
func (r *Reader) unread() []Unread {
	l := locator{raw: r.raw, left: r.places}
	_, _ = l.value(space(r.raw, 0), nil)
	return l.found
}

// A locator walks over a text once, to find the paths of places in it.
type locator struct {
	raw   []byte
	left  []place // in the order of the text
	found []Unread
}

// value visits the value at i, whose path is known, and returns where it ends.
func (l *locator) value(i int, path []byte) (next int, err error) {
	if next, err = skipValue(l.raw, i); err != nil {
		return 0, err
	}
	if l.before(i + 1) {
		l.found = append(l.found, Unread{Path: string(path), Got: jsonType(l.raw[i:next]), Want: l.left[0].want})
		l.left = l.left[1:]
	}
	if !l.before(next) {
		return next, nil
	}
	switch l.raw[i] {
	case '{':
		return members(l.raw, i, func(key []byte, at int) (int, error) {
			inner := path
			if len(path) > 0 {
				inner = append(inner, '.')
			}
			if unusual(key) {
				key = []byte(fold(key))
			}
			return l.value(at, append(inner, key...))
		})
	case '[':
		n := -1
		return elements(l.raw, i, func(at int) (int, error) {
			n++
			return l.value(at, append(strconv.AppendInt(append(path, '['), int64(n), 10), ']'))
		})
	}
	return next, nil
}

// before reports whether the next place lies before i.
func (l *locator) before(i int) bool { return len(l.left) > 0 && l.left[0].at < i }
