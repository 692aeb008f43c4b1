package wire

import (
	"encoding/binary"
	"errors"
	"fmt"
	"math/bits"
)

// An envelope is small, its shape is fixed, and the event inside is decoded on its
// own later. Scanning it without reflection takes a fraction of the time of
// encoding/json, which would also scan the event twice.

var errSyntax = errors.New("malformed JSON")

// members calls visit for each member of the object at i, with the key as it is
// between its quotes and where the value begins. visit returns where the value
// ends, or 0 to have it skipped. Values are only checked as far as is needed to
// find their ends. members returns where the object ends; null has no members.
func members(raw []byte, i int, visit func(key []byte, at int) (next int, err error)) (int, error) {
	if next, ok := null(raw, i); ok {
		return next, nil
	}
	if i == len(raw) || raw[i] != '{' {
		return 0, fmt.Errorf("%w: not an object", errSyntax)
	}
	for first := true; ; first = false {
		key, at, next, err := member(raw, i, first)
		if err != nil {
			return 0, err
		}
		if key == nil {
			return next, nil
		}
		if i, err = visit(key, at); err != nil {
			return 0, err
		}
		if i == 0 {
			if i, err = skipValue(raw, at); err != nil {
				return 0, err
			}
		}
	}
}

// member finds the next key of an object and where its value begins. i is where
// the object begins or where the value before ended. At the end of the object key
// is nil and next is behind it.
func member(raw []byte, i int, first bool) (key []byte, valueAt, next int, err error) {
	i, done, err := advance(raw, i, first, '}')
	if done || err != nil {
		return nil, 0, i, err
	}
	if i == len(raw) || raw[i] != '"' {
		return nil, 0, 0, errSyntax
	}
	keyEnd, err := skipString(raw, i)
	if err != nil {
		return nil, 0, 0, err
	}
	key = raw[i+1 : keyEnd-1]
	i = space(raw, keyEnd)
	if i == len(raw) || raw[i] != ':' {
		return nil, 0, 0, errSyntax
	}
	return key, space(raw, i+1), 0, nil
}

// elements calls visit for each element of the array at i, with where it begins,
// and returns where the array ends. visit returns where the element ends.
func elements(raw []byte, i int, visit func(at int) (next int, err error)) (int, error) {
	for first := true; ; first = false {
		at, done, err := advance(raw, i, first, ']')
		if done || err != nil {
			return at, err
		}
		if i, err = visit(at); err != nil {
			return 0, err
		}
	}
}

// advance steps over the opening bracket at i, or over the comma behind the value
// that ended at i, to the next item. At the closing bracket done is true and the
// position is behind it.
func advance(raw []byte, i int, first bool, closing byte) (at int, done bool, err error) {
	if first {
		i = space(raw, i+1)
		if i < len(raw) && raw[i] == closing {
			return i + 1, true, nil
		}
		return i, false, nil
	}
	i = space(raw, i)
	switch {
	case i == len(raw):
		return 0, false, errSyntax
	case raw[i] == closing:
		return i + 1, true, nil
	case raw[i] != ',':
		return 0, false, errSyntax
	}
	return space(raw, i+1), false, nil
}

// end checks that nothing but space follows.
func end(raw []byte, i int) error {
	if space(raw, i) != len(raw) {
		return errSyntax
	}
	return nil
}

func space(raw []byte, i int) int {
	for i < len(raw) && (raw[i] == ' ' || raw[i] == '\n' || raw[i] == '\t' || raw[i] == '\r') {
		i++
	}
	return i
}

// null reports whether the value at i is null, and where it ends.
func null(raw []byte, i int) (next int, ok bool) {
	next = i + len("null")
	return next, next <= len(raw) && string(raw[i:next]) == "null" && (next == len(raw) || endsScalar(raw[next]))
}

// skipValue returns where the value at i ends.
func skipValue(raw []byte, i int) (int, error) {
	if i == len(raw) {
		return 0, errSyntax
	}
	switch raw[i] {
	case '"':
		return skipString(raw, i)
	case '{', '[':
		return skipNested(raw, i)
	}
	start := i
	for i < len(raw) && !endsScalar(raw[i]) {
		i++
	}
	if i == start {
		return 0, errSyntax
	}
	return i, nil
}

func skipNested(raw []byte, i int) (int, error) {
	depth := 0
	for i < len(raw) {
		switch raw[i] {
		case '{', '[':
			depth++
		case '}', ']':
			if depth--; depth == 0 {
				return i + 1, nil
			}
		case '"':
			next, err := skipString(raw, i)
			if err != nil {
				return 0, err
			}
			i = next
			continue
		}
		i++
	}
	return 0, errSyntax
}

// skipString returns where the string that begins at i ends.
func skipString(raw []byte, i int) (int, error) {
	end, _ := endOfString(raw, i+1)
	if end == 0 {
		return 0, errSyntax
	}
	return end + 1, nil
}

// endOfString returns where the quote is that ends the string whose text begins at i,
// or 0. plain is set if the text contains only ASCII and no escapes. It looks at eight
// bytes at once.
func endOfString(raw []byte, i int) (end int, plain bool) {
	const ones, highs = 0x0101010101010101, 0x8080808080808080
	for len(raw)-i >= 8 {
		w := binary.LittleEndian.Uint64(raw[i:])
		quote, escape := w^(ones*'"'), w^(ones*'\\')
		// The lowest bit of found belongs to the first byte that is a quote, a
		// backslash or not ASCII.
		found := ((quote-ones)&^quote | (escape-ones)&^escape | w) & highs
		if found == 0 {
			i += 8
			continue
		}
		i += bits.TrailingZeros64(found) / 8
		if raw[i] == '"' {
			return i, true
		}
		break
	}
	return endOfOther(raw, i)
}

// endOfOther is endOfString from the first byte on that is not plain, or for the last
// bytes of the text.
func endOfOther(raw []byte, i int) (end int, plain bool) {
	plain = true
	for ; i < len(raw); i++ {
		switch b := raw[i]; {
		case b == '"':
			return i, plain
		case b == '\\':
			plain = false
			i++ // the next byte is no end, whatever it is
		case b >= 0x80:
			plain = false
		}
	}
	return 0, false
}

func endsScalar(b byte) bool {
	switch b {
	case ',', ']', '}', ' ', '\n', '\t', '\r':
		return true
	}
	return false
}
