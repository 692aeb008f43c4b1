package wire

import "fmt"

// A Reader reads an event into a struct whose fields are known to the caller. The
// generated decoders of package eventsub use it:
//
//	for more := r.Object(); more; more = r.Next() {
//		switch r.Key() {
//		case "user_id":
//			e.UserID = r.String()
//		case "reward":
//			e.Reward.read(r)
//		default:
//			r.Skip()
//		}
//	}
//
// Each turn of the loop must read or skip exactly one value. A value of the wrong type
// is read as the zero value and recorded; [Reader.End] returns the record. After a
// syntax error all loops end, and End returns the error.
//
// The methods of a Reader are called directly and never through a function value or an
// interface, so that a Reader stays on the stack of its caller.
type Reader struct {
	raw  []byte
	text string // a copy of raw from base on, of which the strings that are read are parts; "": each is a copy of its own
	base int
	at   int // where the next value begins, or where the last one ended

	keyAt, keyEnd int    // the current key, between its quotes
	folded        string // the current key in lower case; "" for a key that is as usual
	again         bool   // the current member is visited again, with its folded key

	err    error
	places []place
}

// NewReader returns a Reader of a JSON object, or of null, which has no members. All
// strings that are read from it share one copy of the text.
func NewReader(event []byte) Reader {
	r := Reader{raw: event, text: string(event)}
	r.start()
	return r
}

// start moves to the first value, which has to be an object or null.
func (r *Reader) start() {
	r.at = space(r.raw, 0)
	if r.at < len(r.raw) && r.raw[r.at] == '{' {
		return
	}
	if _, ok := null(r.raw, r.at); !ok {
		r.fail(fmt.Errorf("%w: not an object", errSyntax))
	}
}

// End checks that nothing follows the object, and returns the values that could not be
// read.
func (r *Reader) End() ([]Unread, error) {
	if r.err == nil {
		r.err = end(r.raw, r.at)
	}
	if r.err != nil || r.places == nil {
		return nil, r.err
	}
	return r.unread(), nil
}

// fail ends all loops.
func (r *Reader) fail(err error) {
	if r.err == nil {
		r.err = err
	}
	r.at = len(r.raw)
}

// Object begins to read an object, and reports whether it has a member. A value that is
// neither an object nor null is recorded.
func (r *Reader) Object() bool {
	if r.at == len(r.raw) || r.raw[r.at] != '{' {
		r.other("object")
		return false
	}
	i := r.space(r.at + 1)
	if i < len(r.raw) && r.raw[i] == '}' {
		r.at = i + 1
		return false
	}
	return r.member(i)
}

// ObjectOrText is like Object, but reads a string into text: Twitch has been seen to
// send a message as its plain text.
func (r *Reader) ObjectOrText(into *string) bool {
	if r.at == len(r.raw) || r.raw[r.at] != '"' {
		return r.Object()
	}
	start := r.at
	s, ok := text(r.value())
	if *into = s; !ok {
		r.record(start, "object")
	}
	return false
}

// Next moves behind the value that was read to the next member of the object, and
// reports whether there is one.
func (r *Reader) Next() bool {
	if r.again {
		r.again = false
		return true
	}
	i := r.space(r.at)
	switch {
	case i == len(r.raw):
	case r.raw[i] == ',':
		return r.member(r.space(i + 1))
	case r.raw[i] == '}':
		r.at = i + 1
		return false
	}
	r.fail(errSyntax)
	return false
}

// member reads the key that begins at i and moves to its value.
func (r *Reader) member(i int) bool {
	if i < len(r.raw) && r.raw[i] == '"' {
		if end, _ := endOfString(r.raw, i+1); end > 0 {
			r.keyAt, r.keyEnd, r.folded = i+1, end, ""
			if i = r.space(end + 1); i < len(r.raw) && r.raw[i] == ':' {
				r.at = r.space(i + 1)
				return true
			}
		}
	}
	r.fail(errSyntax)
	return false
}

// Key returns the key of the current member.
func (r *Reader) Key() string {
	if r.folded != "" {
		return r.folded
	}
	return r.cut(r.keyAt, r.keyEnd)
}

// Skip skips the value of an unknown key. If the key has capital letters or escapes, the
// member is visited once more with the key in lower case: as in encoding/json, the case
// of keys does not matter.
func (r *Reader) Skip() {
	if key := r.raw[r.keyAt:r.keyEnd]; r.folded == "" && unusual(key) {
		r.folded, r.again = fold(key), true
		return
	}
	r.value()
}

// Array begins to read an array, and reports whether it has an element. A value that is
// neither an array nor null is recorded.
func (r *Reader) Array() bool {
	if r.at == len(r.raw) || r.raw[r.at] != '[' {
		r.other("array")
		return false
	}
	i := r.space(r.at + 1)
	if i < len(r.raw) && r.raw[i] == ']' {
		r.at = i + 1
		return false
	}
	r.at = i
	return true
}

// Element moves behind the value that was read to the next element of the array, and
// reports whether there is one.
func (r *Reader) Element() bool {
	i := r.space(r.at)
	switch {
	case i == len(r.raw):
	case r.raw[i] == ',':
		r.at = r.space(i + 1)
		return true
	case r.raw[i] == ']':
		r.at = i + 1
		return false
	}
	r.fail(errSyntax)
	return false
}

// value skips the value and returns it. It returns nil after a syntax error.
func (r *Reader) value() []byte {
	start := r.at
	next, err := skipValue(r.raw, start)
	if err != nil {
		r.fail(err)
		return nil
	}
	r.at = next
	return r.raw[start:next]
}

// other skips a value of another type than wanted, and records it unless it is null.
func (r *Reader) other(want string) {
	start := r.at
	if raw := r.value(); raw != nil && string(raw) != "null" {
		r.record(start, want)
	}
}

// cut returns a part of the text.
func (r *Reader) cut(from, to int) string {
	if r.text == "" {
		return string(r.raw[from:to])
	}
	return r.text[from-r.base : to-r.base]
}

// space is like the function space. It is small enough to be inlined.
func (r *Reader) space(i int) int {
	if i < len(r.raw) && r.raw[i] > ' ' {
		return i
	}
	return space(r.raw, i)
}
