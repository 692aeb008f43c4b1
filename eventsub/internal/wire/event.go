package wire

import (
	"bytes"
	"encoding/json"
	"fmt"
	"reflect"
	"strconv"
	"time"
)

// DecodeEvent reads the object raw into the struct that target points to, which
// must be zero. It returns the values that could not be read. It returns an error if
// raw is not a JSON object; target may then be partly filled.
//
// Struct tags work as in encoding/json. Types that encoding/json handles specially
// are decoded by it.
func DecodeEvent(raw []byte, target any) (unread []Unread, err error) {
	v := reflect.ValueOf(target).Elem()
	d := decoder{raw: raw}
	i := space(raw, 0)
	if next, ok := null(raw, i); ok {
		return nil, end(raw, next)
	}
	if i == len(raw) || raw[i] != '{' {
		return nil, fmt.Errorf("%w: not an object", errSyntax)
	}
	s := shapeOf(v.Type())
	if s.kind != kindStruct { // the type's own UnmarshalJSON decides what is an error
		return nil, json.Unmarshal(raw, target)
	}
	next, err := d.value(i, v, s)
	if err == nil {
		err = end(raw, next)
	}
	return d.unread, err
}

type decoder struct {
	raw    []byte
	path   []step
	unread []Unread
}

// A step is one part of the path to a value: the name of a field or, if that is
// empty, the index of an element.
type step struct {
	name  string
	index int
}

// value reads the value at i into v and returns where it ends.
func (d *decoder) value(i int, v reflect.Value, s *shape) (next int, err error) {
	if i == len(d.raw) {
		return 0, errSyntax
	}
	switch s.kind { //nolint:exhaustive // all others are scalars
	case kindStruct:
		if d.raw[i] == '{' {
			return d.object(i, v, s)
		}
	case kindSlice:
		if d.raw[i] == '[' {
			return d.array(i, v, s)
		}
	case kindMap:
		if d.raw[i] == '{' {
			return d.table(i, v, s)
		}
	case kindPointer:
		if d.raw[i] != 'n' {
			inner := reflect.New(s.elem.typ)
			next, err = d.value(i, inner.Elem(), s.elem)
			v.Set(inner)
			return next, err
		}
	}
	next, err = skipValue(d.raw, i)
	if err != nil {
		return 0, err
	}
	if raw := d.raw[i:next]; !set(v, s, raw) {
		v.SetZero()
		d.unread = append(d.unread, Unread{Path: d.where(), Got: jsonType(raw), Want: s.want})
	}
	return next, nil
}

// set reads a scalar, or any value into a type with its own UnmarshalJSON.
func set(v reflect.Value, s *shape, raw []byte) bool {
	switch s.kind { //nolint:exhaustive // value has handled the others
	case kindString:
		text, ok := text(raw)
		v.SetString(text)
		return ok
	case kindBool:
		b, ok := boolean(raw)
		v.SetBool(b)
		return ok
	case kindInt:
		n, ok := integer(raw)
		if !ok || v.OverflowInt(n) {
			return false
		}
		v.SetInt(n)
		return true
	case kindUint:
		n, ok := integer(raw)
		if !ok || n < 0 || v.OverflowUint(uint64(n)) {
			return false
		}
		v.SetUint(uint64(n))
		return true
	case kindFloat:
		f, ok := float(raw)
		if !ok || v.OverflowFloat(f) {
			return false
		}
		v.SetFloat(f)
		return true
	case kindTime:
		at, ok := moment(raw)
		*v.Addr().Interface().(*time.Time) = at
		return ok
	case kindOther:
		return json.Unmarshal(raw, v.Addr().Interface()) == nil
	case kindStruct:
		// Twitch has been seen to send a message as its plain text.
		if s.text != nil && raw[0] == '"' {
			return set(v.Field(s.text.index), s.text.shape, raw)
		}
	}
	return string(raw) == "null"
}

func (d *decoder) object(i int, v reflect.Value, s *shape) (next int, err error) {
	d.path = append(d.path, step{})
	here := len(d.path) - 1
	guess := 0 // Twitch mostly sends fields in the order of its documentation
	for first := true; ; first = false {
		key, valueAt, end, err := member(d.raw, i, first)
		if err != nil {
			return 0, err
		}
		if key == nil {
			d.path = d.path[:here]
			return end, nil
		}
		f := s.find(key, guess)
		if f == nil {
			if i, err = skipValue(d.raw, valueAt); err != nil {
				return 0, err
			}
			continue
		}
		guess = f.position + 1
		d.path[here].name = f.name
		if i, err = d.value(valueAt, v.Field(f.index), f.shape); err != nil {
			return 0, err
		}
	}
}

func (d *decoder) array(i int, v reflect.Value, s *shape) (next int, err error) {
	d.path = append(d.path, step{})
	here := len(d.path) - 1
	v.Set(reflect.MakeSlice(s.typ, 0, 0))
	for n := 0; ; n++ {
		at, done, err := advance(d.raw, i, n == 0, ']')
		if err != nil {
			return 0, err
		}
		if done {
			d.path = d.path[:here]
			return at, nil
		}
		if n == v.Cap() {
			v.Grow(1)
		}
		v.SetLen(n + 1)
		v.Index(n).SetZero()
		d.path[here].index = n
		if i, err = d.value(at, v.Index(n), s.elem); err != nil {
			return 0, err
		}
	}
}

func (d *decoder) table(i int, v reflect.Value, s *shape) (next int, err error) {
	d.path = append(d.path, step{})
	here := len(d.path) - 1
	v.Set(reflect.MakeMap(s.typ))
	for first := true; ; first = false {
		key, valueAt, end, err := member(d.raw, i, first)
		if err != nil {
			return 0, err
		}
		if key == nil {
			d.path = d.path[:here]
			return end, nil
		}
		name := unescape(key)
		d.path[here].name = name
		elem := reflect.New(s.elem.typ).Elem()
		if i, err = d.value(valueAt, elem, s.elem); err != nil {
			return 0, err
		}
		v.SetMapIndex(reflect.ValueOf(name).Convert(s.typ.Key()), elem)
	}
}

// where returns the path of the value that is being read: "message.fragments[0].text".
func (d *decoder) where() string {
	var path []byte
	for _, s := range d.path {
		switch {
		case s.name == "":
			path = append(path, '[')
			path = strconv.AppendInt(path, int64(s.index), 10)
			path = append(path, ']')
		case len(path) == 0:
			path = append(path, s.name...)
		default:
			path = append(append(path, '.'), s.name...)
		}
	}
	return string(path)
}

// unescape returns a key as text.
func unescape(key []byte) string {
	if bytes.IndexByte(key, '\\') < 0 {
		return string(key)
	}
	var s string
	if json.Unmarshal(append(append([]byte{'"'}, key...), '"'), &s) != nil {
		return string(key)
	}
	return s
}
