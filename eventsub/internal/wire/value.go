package wire

import (
	"bytes"
	"time"
	"unicode/utf8"
)

// The methods in this file read one scalar each, from any JSON type in which its meaning
// is clear. Each first handles what Twitch documents, and leaves the rest to scalar.go.

// String reads a string.
func (r *Reader) String() string {
	i := r.at
	if i < len(r.raw) && r.raw[i] == '"' {
		if end, plain := endOfString(r.raw, i+1); plain {
			r.at = end + 1
			return r.cut(i+1, end)
		}
	}
	return r.otherString()
}

func (r *Reader) otherString() string {
	start := r.at
	raw := r.value()
	if len(raw) > 0 && raw[0] == '"' && bytes.IndexByte(raw, '\\') < 0 && utf8.Valid(raw) {
		return r.cut(start+1, r.at-1)
	}
	s, ok := text(raw)
	if !ok {
		r.record(start, "string")
	}
	return s
}

// Bool reads a boolean.
func (r *Reader) Bool() bool {
	start := r.at
	b, ok := boolean(r.value())
	if !ok {
		r.record(start, "boolean")
	}
	return b
}

// Int reads a whole number.
func (r *Reader) Int() int {
	start := r.at
	n, ok := integer(r.value())
	if !ok || int64(int(n)) != n {
		r.record(start, "number")
		return 0
	}
	return int(n)
}

// Float reads a number.
func (r *Reader) Float() float64 {
	start := r.at
	f, ok := float(r.value())
	if !ok {
		r.record(start, "number")
		return 0
	}
	return f
}

// Time reads a time.
func (r *Reader) Time() time.Time {
	start := r.at
	at, ok := moment(r.value())
	if !ok {
		r.record(start, "time")
	}
	return at
}

// New sets into to a new value and returns true, or to nil and skips the value if that
// is null.
func New[T any](r *Reader, into **T) bool {
	if next, ok := null(r.raw, r.at); ok {
		r.at, *into = next, nil
		return false
	}
	*into = new(T)
	return true
}

// List begins to read an array into a list, and reports whether it has an element:
//
//	for more := wire.List(r, &e.Badges); more; more = r.Element() {
//		wire.Add(&e.Badges).read(r)
//	}
//
// An empty array is an empty list, null is nil.
func List[T any](r *Reader, into *[]T) bool {
	array := r.at < len(r.raw) && r.raw[r.at] == '['
	switch more := r.Array(); {
	case more:
		*into = make([]T, 0, firstElements)
		return true
	case array:
		*into = []T{}
	default:
		*into = nil
	}
	return false
}

// firstElements is the first capacity of a list: enough for most lists in events.
const firstElements = 4

// Add adds a zero element to a list and returns it.
func Add[T any](list *[]T) *T {
	var zero T
	*list = append(*list, zero)
	return &(*list)[len(*list)-1]
}
