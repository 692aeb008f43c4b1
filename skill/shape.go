package skill

import (
	"encoding/json"
	"maps"
	"reflect"
	"slices"
	"strings"
	"time"

	"go.starlark.net/starlark"

	"github.com/larkspur-dev/larkspur/helix"
)

// kind is what a [shape] describes.
type kind uint8

const (
	anything kind = iota // nothing is known, nothing is checked
	text
	number
	truth
	object
	list
	dict
)

// A shape is what is known of a value before it exists: expressions are checked
// against it when the configuration is loaded.
type shape struct {
	kind   kind
	name   string // of an object, for problems: "channel.follow"
	fields map[string]*shape
	elem   *shape // of a list or dict
}

var (
	anyShape   = &shape{}
	textShape  = &shape{kind: text}
	numShape   = &shape{kind: number}
	boolShape  = &shape{kind: truth}
	textList   = &shape{kind: list, elem: textShape}
	jsonReader = reflect.TypeFor[json.Unmarshaler]()
)

// shapeOf describes the JSON of a Go type by its tags.
func shapeOf(name string, t reflect.Type) *shape {
	return shaper{}.of(name, t)
}

// shaper remembers the types on the way down, for types that hold themselves.
type shaper map[reflect.Type]*shape

func (s shaper) of(name string, t reflect.Type) *shape {
	for t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	if known, ok := s[t]; ok {
		return known
	}
	if t == reflect.TypeFor[time.Time]() || t == reflect.TypeFor[helix.Time]() {
		return textShape // expressions see what Twitch sent
	}
	if t.Implements(jsonReader) || reflect.PointerTo(t).Implements(jsonReader) {
		return anyShape // reads itself: a tolerant number or id
	}
	switch t.Kind() {
	case reflect.String:
		return textShape
	case reflect.Bool:
		return boolShape
	case reflect.Int, reflect.Int64, reflect.Int32, reflect.Uint, reflect.Uint64, reflect.Uint32, reflect.Float64, reflect.Float32:
		return numShape
	case reflect.Slice, reflect.Array:
		return &shape{kind: list, elem: s.of(name, t.Elem())}
	case reflect.Map:
		return &shape{kind: dict, elem: s.of(name, t.Elem())}
	case reflect.Struct:
		out := &shape{kind: object, name: name, fields: map[string]*shape{}}
		s[t] = out
		s.fields(out, t)
		return out
	default:
		return anyShape
	}
}

func (s shaper) fields(out *shape, t reflect.Type) {
	for f := range t.Fields() {
		tag, _, _ := strings.Cut(f.Tag.Get("json"), ",")
		switch {
		case tag == "-" || !f.IsExported():
		case tag == "" && f.Anonymous && f.Type.Kind() == reflect.Struct:
			s.fields(out, f.Type)
		case tag == "":
			out.fields[f.Name] = s.of(out.name+"."+f.Name, f.Type)
		default:
			out.fields[tag] = s.of(out.name+"."+tag, f.Type)
		}
	}
}

// with returns a copy of an object's shape with more fields.
func (s *shape) with(name string, more map[string]*shape) *shape {
	out := &shape{kind: object, name: name, fields: map[string]*shape{}}
	maps.Copy(out.fields, s.fields)
	maps.Copy(out.fields, more)
	return out
}

// attrs returns the names that may follow a dot. ok is false where that is not known.
func (s *shape) attrs() (names []string, ok bool) {
	switch s.kind {
	case object:
		return slices.Sorted(maps.Keys(s.fields)), true
	case text:
		return starlark.String("").AttrNames(), true
	case list:
		return starlark.NewList(nil).AttrNames(), true
	case dict:
		return starlark.NewDict(0).AttrNames(), true
	case number, truth:
		return nil, true
	case anything:
	}
	return nil, false
}

// attr returns the shape of what follows a dot.
func (s *shape) attr(name string) *shape {
	if f, ok := s.fields[name]; ok {
		return f
	}
	return anyShape
}

// what names the shape in a problem.
func (s *shape) what() string {
	switch s.kind {
	case object:
		return s.name
	case text:
		return "a text"
	case number:
		return "a number"
	case truth:
		return "true or false"
	case list:
		return "a list"
	case dict:
		return "a dict"
	case anything:
	}
	return "this"
}
