package wire

import (
	"encoding"
	"encoding/json"
	"reflect"
	"strings"
	"sync"
	"time"
)

// A shape describes a Go type for the decoder. It is built once for each type.
type shape struct {
	typ    reflect.Type
	kind   kind
	want   string // the JSON type it is read from, for an Unread
	elem   *shape // of a pointer, slice or map
	fields []*field
	byName map[string]*field
	odd    bool   // some field's name is unusual
	text   *field // the field that receives a plain string sent in place of the struct
}

type field struct {
	name     string
	index    int // in the Go struct
	position int // in shape.fields
	shape    *shape
}

type kind int

const (
	kindOther kind = iota // decoded by encoding/json
	kindStruct
	kindSlice
	kindMap
	kindPointer
	kindString
	kindBool
	kindInt
	kindUint
	kindFloat
	kindTime
)

var shapes sync.Map // reflect.Type → *shape

func shapeOf(t reflect.Type) *shape {
	if s, ok := shapes.Load(t); ok {
		return s.(*shape)
	}
	s := makeShape(t, map[reflect.Type]*shape{})
	stored, _ := shapes.LoadOrStore(t, s)
	return stored.(*shape)
}

var (
	timeType        = reflect.TypeFor[time.Time]()
	unmarshaler     = reflect.TypeFor[json.Unmarshaler]()
	textUnmarshaler = reflect.TypeFor[encoding.TextUnmarshaler]()
)

// makeShape describes t. made holds the shapes that are complete or under way, for
// types that contain themselves.
func makeShape(t reflect.Type, made map[reflect.Type]*shape) *shape {
	if s, ok := made[t]; ok {
		return s
	}
	s := &shape{typ: t, want: t.String()}
	made[t] = s
	if t == timeType {
		s.kind, s.want = kindTime, "time"
		return s
	}
	if p := reflect.PointerTo(t); p.Implements(unmarshaler) || p.Implements(textUnmarshaler) {
		return s // it has its own UnmarshalJSON
	}
	switch t.Kind() { //nolint:exhaustive // encoding/json reads the others
	case reflect.String:
		s.kind, s.want = kindString, "string"
	case reflect.Bool:
		s.kind, s.want = kindBool, "boolean"
	case reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64:
		s.kind, s.want = kindInt, "number"
	case reflect.Uint, reflect.Uint8, reflect.Uint16, reflect.Uint32, reflect.Uint64:
		s.kind, s.want = kindUint, "number"
	case reflect.Float32, reflect.Float64:
		s.kind, s.want = kindFloat, "number"
	case reflect.Pointer:
		s.kind, s.elem = kindPointer, makeShape(t.Elem(), made)
	case reflect.Slice:
		if t.Elem().Kind() == reflect.Uint8 {
			return s // bytes are base64
		}
		s.kind, s.want, s.elem = kindSlice, "array", makeShape(t.Elem(), made)
	case reflect.Map:
		if t.Key().Kind() != reflect.String || reflect.PointerTo(t.Key()).Implements(textUnmarshaler) {
			return s
		}
		s.kind, s.want, s.elem = kindMap, "object", makeShape(t.Elem(), made)
	case reflect.Struct:
		s.want = "object"
		if plain(t) {
			s.kind = kindStruct
			s.addFields(made)
		}
	}
	return s
}

// plain reports whether a struct uses only field names of encoding/json's tags.
func plain(t reflect.Type) bool {
	for f := range t.Fields() {
		name, options, _ := strings.Cut(f.Tag.Get("json"), ",")
		if name == "-" && options == "" {
			continue
		}
		if f.Anonymous || strings.Contains(","+options+",", ",string,") {
			return false
		}
	}
	return true
}

func (s *shape) addFields(made map[reflect.Type]*shape) {
	s.byName = map[string]*field{}
	for i := range s.typ.NumField() {
		f := s.typ.Field(i)
		tag := f.Tag.Get("json")
		if !f.IsExported() || tag == "-" {
			continue
		}
		name, _, _ := strings.Cut(tag, ",")
		if name == "" {
			name = f.Name
		}
		inner := &field{name: name, index: i, position: len(s.fields), shape: makeShape(f.Type, made)}
		s.fields = append(s.fields, inner)
		s.byName[name] = inner
		s.odd = s.odd || unusual([]byte(name))
		if name == "text" && inner.shape.kind == kindString {
			s.text = inner
		}
	}
}

// find returns the field that a key names, or nil. guess is the position of the
// field that is likely. The case of letters does not matter, as in encoding/json.
func (s *shape) find(key []byte, guess int) *field {
	if guess < len(s.fields) && s.fields[guess].name == string(key) {
		return s.fields[guess]
	}
	if f, ok := s.byName[string(key)]; ok {
		return f
	}
	if !s.odd && !unusual(key) {
		return nil
	}
	name := unescape(key)
	for _, f := range s.fields {
		if strings.EqualFold(f.name, name) {
			return f
		}
	}
	return nil
}

// unusual reports whether a key contains anything but lower-case letters, digits and
// underscores. Nearly all of Twitch's keys contain only these.
func unusual(key []byte) bool {
	for _, b := range key {
		if b == '\\' || b >= 0x80 || b >= 'A' && b <= 'Z' {
			return true
		}
	}
	return false
}

// fold returns a key in lower case, as far as encoding/json ignores the case of keys.
func fold(key []byte) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r >= 'A' && r <= 'Z':
			return r + 'a' - 'A'
		case r == '\u017F': // the long s
			return 's'
		case r == '\u212A': // the sign of Kelvin
			return 'k'
		}
		return r
	}, unescape(key))
}
