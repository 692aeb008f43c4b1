package eventsub

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/larkspur-dev/larkspur/helix"
)

// NewCondition returns a condition of type t with the given fields, named as Twitch
// names them. It is for programs that read types and fields from a file or a command
// line; others use the generated types:
//
//	c, err := eventsub.NewCondition(eventsub.Type{Name: "stream.online", Version: "1"},
//		map[string]string{"broadcaster_user_id": "1001"})
//
// A field with an empty value counts as missing. NewCondition returns an error that
// wraps [ErrUnknownType] if this package does not know t, and an error that names the
// field if t has no such field or requires one that is missing. It does not check
// whether a transport can deliver t.
func NewCondition(t Type, fields map[string]string) (Condition, error) {
	info, ok := Lookup(t)
	if !ok {
		return nil, unknownType(t)
	}
	c := &anyCondition{info: info, fields: make(map[string]string, len(fields))}
	for _, name := range slices.Sorted(maps.Keys(fields)) {
		if !slices.ContainsFunc(info.Condition, func(f ConditionField) bool { return f.Name == name }) {
			return nil, unknownField(info, name)
		}
		if fields[name] != "" {
			c.fields[name] = fields[name]
		}
	}
	if err := checkFields(info, c.fields); err != nil {
		return nil, fmt.Errorf("eventsub: %s %w", t, err)
	}
	return c, nil
}

// checkFields returns an error if Twitch would refuse the fields of a condition.
func checkFields(info Info, fields map[string]string) error {
	for _, f := range info.Condition {
		if f.Required && fields[f.Name] == "" {
			return fmt.Errorf("%w: the condition lacks %s", errCondition, f.Name)
		}
	}
	set := 0
	for _, name := range info.ExactlyOne {
		if fields[name] != "" {
			set++
		}
	}
	if len(info.ExactlyOne) > 0 && set != 1 {
		return fmt.Errorf("%w: the condition needs exactly one of %s", errCondition, strings.Join(info.ExactlyOne, ", "))
	}
	return nil
}

// anyCondition is a condition of any type. Its pointer is one, so that conditions can be
// compared with ==.
type anyCondition struct {
	info   Info
	fields map[string]string // without empty ones
}

// Type implements [Condition].
func (c *anyCondition) Type() Type { return c.info.Type }

// Fields implements [Condition].
func (c *anyCondition) Fields() map[string]string { return maps.Clone(c.fields) }

// Scopes returns the scopes that a subscription needs, like that method of the
// generated conditions.
func (c *anyCondition) Scopes() helix.Scopes { return c.info.Scopes }

// MarshalJSON returns the fields, as the generated conditions do.
func (c *anyCondition) MarshalJSON() ([]byte, error) { return json.Marshal(c.fields) }

// String returns the type and the fields for logs.
func (c *anyCondition) String() string { return keyOf(c.info.Type, c.fields) }

func unknownType(t Type) error {
	var versions, names []string
	for _, info := range types {
		if info.Type.Name == t.Name {
			versions = append(versions, info.Type.Version)
		}
		names = append(names, info.Type.Name)
	}
	if len(versions) > 0 {
		return fmt.Errorf("eventsub: %s: %w; it exists in version %s", t, ErrUnknownType, strings.Join(versions, " and "))
	}
	if near := nearest(t.Name, names); near != "" {
		return fmt.Errorf("eventsub: %s: %w; did you mean %s?", t, ErrUnknownType, near)
	}
	return fmt.Errorf("eventsub: %s: %w", t, ErrUnknownType)
}

func unknownField(info Info, field string) error {
	names := make([]string, len(info.Condition))
	for i, f := range info.Condition {
		names[i] = f.Name
	}
	hint := "it has " + strings.Join(names, ", ")
	if near := nearest(field, names); near != "" {
		hint = "did you mean " + near + "?"
	}
	return fmt.Errorf("eventsub: the condition of %s has no field %q; %s", info.Type, field, hint)
}

// nearest returns the first name that differs from word in one place only, by at most
// two bytes, or "": "chanel.follow" becomes "channel.follow".
func nearest(word string, names []string) string {
	for _, name := range names {
		short := min(len(word), len(name))
		front := 0
		for front < short && word[front] == name[front] {
			front++
		}
		back := 0
		for back < short-front && word[len(word)-1-back] == name[len(name)-1-back] {
			back++
		}
		if max(len(word), len(name))-front-back <= 2 {
			return name
		}
	}
	return ""
}
