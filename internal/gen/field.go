package gen

import (
	"fmt"
	"slices"
)

// SpecField is a parameter or a field of a body, an answer or an event.
type SpecField struct {
	Name     string
	Type     string // string, integer, number, boolean, object, array, map
	Format   string
	Unit     string
	Required bool
	Repeated bool

	// In answers and events.
	Optional    bool
	Nullable    bool
	Emptyable   bool
	AcceptTypes []string
	Deprecated  any

	Enum     []any
	EnumRef  string // the list in the same file that holds the values: shardStatus
	OpenEnum bool
	Const    any // the only value that Twitch sends
	Fields   []SpecField
	Items    *SpecField // of an array
	Values   *SpecField // of a map

	// In requests.
	Default          any
	TokenOnly        string
	EmptyValueClears bool
	Min, Max         any
	MinItems         int
	MaxItems         int
	MinLength        int
	MaxLength        int
	MaxBytes         int
	Pattern          string

	// Rules that tie a parameter to others or to the token, see rules.go.
	Requires           []string
	RequiredWhen       SpecWhen
	RequiredUnless     SpecWhen
	UsedWhen           SpecWhen
	ForbiddenWhen      SpecWhen
	ForbiddenWith      []string
	OnlyWith           []string
	InvalidWithToken   string
	RequiredWithToken  string
	ScopeWhenSet       []string
	ExtraScopeWhenTrue []string

	// Split is set if a list of more than MaxItems is sent in several calls. It is a
	// decision of this library, not a fact about Twitch.
	Split bool `json:"-"`
}

// element returns the element of an array, or the field itself if it is not an array.
func (f SpecField) element() SpecField {
	if f.Type != "array" || f.Items == nil {
		return f
	}
	e := *f.Items
	e.Name = f.Name
	return e
}

// object reports whether the field is, holds or maps to objects with known fields.
func (f SpecField) object() ([]SpecField, bool) {
	switch e := f.element(); {
	case e.Type == "object":
		return e.Fields, true
	case e.Type == "map" && e.Values != nil && e.Values.Type == "object":
		return e.Values.Fields, true
	}
	return nil, false
}

// enum returns the values of a closed or open set of strings; numbers keep their type.
func (f SpecField) enum() []string {
	values := f.element().Enum
	if len(values) == 0 {
		values = f.Enum
	}
	if f.element().Type != "string" || len(values) == 0 {
		return nil
	}
	return texts(values)
}

func texts(values []any) []string {
	var out []string
	for _, v := range values {
		out = append(out, fmt.Sprint(v))
	}
	return out
}

// lenient reports whether Twitch has been seen to send both JSON types.
func (f SpecField) lenient(a, b string) bool {
	return slices.Contains(f.AcceptTypes, a) && slices.Contains(f.AcceptTypes, b)
}

// bound returns a limit of a number; one that is written as text bounds text.
func bound(v any) (limit float64, ok bool) {
	limit, ok = v.(float64)
	return limit, ok
}
