package expr

import (
	"encoding"
	"encoding/json"
	"maps"
	"reflect"
	"slices"
	"strings"
	"time"

	startime "go.starlark.net/lib/time"
	"go.starlark.net/starlark"

	"github.com/larkspur-dev/larkspur/helix"
)

// kind is what a [Shape] describes.
type kind uint8

const (
	anything kind = iota // unknown, not checked
	text
	number
	truth
	object
	list
	dict
)

// A Shape is the static type of a value: expressions are checked against it when the
// configuration is loaded.
type Shape struct {
	kind   kind
	name   string // of an object, for problems: "channel.follow"
	fields map[string]*Shape
	elem   *Shape // of a list or dict
}

// The shapes of simple values.
var (
	Any      = &Shape{}
	Text     = &Shape{kind: text}
	Number   = &Shape{kind: number}
	Bool     = &Shape{kind: truth}
	TextList = List(Text)
	TextDict = &Shape{kind: dict, elem: Text}
	Time     = timeShape()
)

var (
	jsonReader = reflect.TypeFor[json.Unmarshaler]()
	textReader = reflect.TypeFor[encoding.TextUnmarshaler]()
)

// List returns the shape of a list whose elements have the given shape.
func List(elem *Shape) *Shape { return &Shape{kind: list, elem: elem} }

// NewShape returns the shape of an object with the given fields. Its name appears in
// problems: "channel.follow has no attribute …".
func NewShape(name string, fields map[string]*Shape) *Shape {
	return &Shape{kind: object, name: name, fields: maps.Clone(fields)}
}

// timeShape returns the shape of a [time.Time]: hour, minute, unix and so on.
func timeShape() *Shape {
	s := &Shape{kind: object, name: "now", fields: map[string]*Shape{}}
	for _, name := range startime.Time(time.Time{}).AttrNames() {
		s.fields[name] = Any
	}
	return s
}

// ShapeOf describes the JSON of a Go type by its tags.
func ShapeOf(name string, t reflect.Type) *Shape {
	return shaper{}.of(name, t)
}

// A shaper converts Go types to shapes. It remembers the types it has seen, so that
// recursive types end.
type shaper map[reflect.Type]*Shape

func (s shaper) of(name string, t reflect.Type) *Shape {
	for t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	if known, ok := s[t]; ok {
		return known
	}
	if t == reflect.TypeFor[time.Time]() || t == reflect.TypeFor[helix.Time]() {
		return Text // expressions see what Twitch sent
	}
	if t.Implements(jsonReader) || reflect.PointerTo(t).Implements(jsonReader) {
		return Any // a type with its own decoder, such as a lenient number
	}
	if reflect.PointerTo(t).Implements(textReader) {
		return Text
	}
	switch t.Kind() {
	case reflect.String:
		return Text
	case reflect.Bool:
		return Bool
	case reflect.Int, reflect.Int64, reflect.Int32, reflect.Uint, reflect.Uint64, reflect.Uint32, reflect.Float64, reflect.Float32:
		return Number
	case reflect.Slice, reflect.Array:
		return &Shape{kind: list, elem: s.of(name, t.Elem())}
	case reflect.Map:
		return &Shape{kind: dict, elem: s.of(name, t.Elem())}
	case reflect.Struct:
		out := &Shape{kind: object, name: name, fields: map[string]*Shape{}}
		s[t] = out
		s.fields(out, t)
		return out
	default:
		return Any
	}
}

func (s shaper) fields(out *Shape, t reflect.Type) {
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

// Has reports whether the shape is an object's with the given field.
func (s *Shape) Has(field string) bool { return s.fields[field] != nil }

// Fields returns the names of an object's fields, sorted.
func (s *Shape) Fields() []string { return slices.Sorted(maps.Keys(s.fields)) }

// With returns a copy of an object's shape with more fields, under a new name.
func (s *Shape) With(name string, more map[string]*Shape) *Shape {
	out := &Shape{kind: object, name: name, fields: map[string]*Shape{}}
	maps.Copy(out.fields, s.fields)
	maps.Copy(out.fields, more)
	return out
}

// attrs returns the attributes of values of this shape. ok is false if they are unknown.
func (s *Shape) attrs() (names []string, ok bool) {
	switch s.kind {
	case object:
		return s.Fields(), true
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

// attr returns the shape of an attribute.
func (s *Shape) attr(name string) *Shape {
	if f, ok := s.fields[name]; ok {
		return f
	}
	return Any
}

// what returns the name of the shape for problems.
func (s *Shape) what() string {
	switch s.kind {
	case object:
		return s.name
	case text:
		return "text"
	case number:
		return "number"
	case truth:
		return "boolean"
	case list:
		return "list"
	case dict:
		return "dict"
	case anything:
	}
	return "this"
}
