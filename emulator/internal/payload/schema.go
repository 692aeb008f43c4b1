// Package payload makes the events of EventSub: any type, with values that Twitch could
// have sent. It knows the fields from Twitch's documentation, not from the types of
// package eventsub, so that a mistake in those is found when they decode the events.
//
//	s, ok := payload.Lookup(eventsub.Type{Name: "channel.follow", Version: "2"})
//	event, err := s.Plausible(people, assignments, seed)
//	noise := s.Random(seed)
//
// The same seed gives the same event.
package payload

import (
	"strconv"
	"strings"
	"sync"

	"github.com/larkspur-dev/larkspur/eventsub"
)

// A Schema is what the events of one type look like.
type Schema struct {
	Type   eventsub.Type
	Fields []*Field
}

// A Field is a field of an event. The fields of an object, or of each object of a list, are in
// Fields.
type Field struct {
	Name     string
	Kind     string // string, integer, boolean, object, time, uri or color
	List     bool
	Nullable bool
	Optional bool // may be absent
	Ranged   bool // from Min to Max
	Min, Max int
	Values   []string // that Twitch lists; it may add others
	Fields   []*Field
}

// Lookup returns the schema of a type.
func Lookup(t eventsub.Type) (*Schema, bool) {
	s, ok := all()[t]
	return s, ok
}

var all = sync.OnceValue(func() map[eventsub.Type]*Schema {
	found := map[eventsub.Type]*Schema{}
	var levels []*[]*Field // where fields of each depth belong
	for line := range strings.Lines(schemas) {
		words := strings.Fields(line)
		if len(words) < 2 {
			continue
		}
		depth := len(line) - len(strings.TrimLeft(line, " "))
		if depth == 0 {
			s := &Schema{Type: eventsub.Type{Name: words[0], Version: words[1]}}
			found[s.Type] = s
			levels = []*[]*Field{&s.Fields}
			continue
		}
		f := parse(words)
		levels = append(levels[:depth], &f.Fields)
		*levels[depth-1] = append(*levels[depth-1], f)
	}
	return found
})

// parse reads a line of the generated schemas: name, kind with its marks, range, values.
func parse(words []string) *Field {
	f := &Field{Name: words[0]}
	kind, list := strings.CutPrefix(words[1], "[]")
	f.List = list
	f.Optional = strings.HasSuffix(kind, "~")
	kind = strings.TrimSuffix(kind, "~")
	f.Nullable = strings.HasSuffix(kind, "?")
	f.Kind = strings.TrimSuffix(kind, "?")
	for _, word := range words[2:] {
		low, high, ranged := strings.Cut(word, "..")
		if !ranged {
			f.Values = strings.Split(word, "|")
			continue
		}
		f.Ranged = true
		f.Min, _ = strconv.Atoi(low)
		f.Max, _ = strconv.Atoi(high)
	}
	return f
}

// named returns the field with a name.
func named(fields []*Field, name string) *Field {
	for _, f := range fields {
		if f.Name == name {
			return f
		}
	}
	return nil
}
