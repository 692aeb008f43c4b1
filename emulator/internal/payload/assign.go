package payload

import (
	"encoding/json"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// An Assignment gives a field of an event a value: event.user_name=Grace,
// event.choices[1].title=Italian. The leading "event." may be left out.
type Assignment struct{ Path, Value string }

// ParseAssignment splits path=value.
func ParseAssignment(text string) (Assignment, error) {
	path, value, ok := strings.Cut(text, "=")
	if !ok || path == "" {
		return Assignment{}, fmt.Errorf("%q: want path=value, such as event.user_name=Grace", text)
	}
	return Assignment{path, value}, nil
}

var index = regexp.MustCompile(`\[(\d+)\]`)

// path returns the path with dots only, without "event".
func (a Assignment) path() string {
	path := index.ReplaceAllString(a.Path, ".$1")
	return strings.TrimPrefix(strings.TrimPrefix(path, "event."), ".")
}

// assign gives a field of the event its value. Objects on the way that are null are made.
func (g *plausible) assign(event *Object, a Assignment) error {
	steps := strings.Split(a.path(), ".")
	o, fields, shown := event, g.of.Fields, "event"
	for i := 0; ; i++ {
		f := named(fields, steps[i])
		if f == nil {
			return unknown(shown, steps[i], fields)
		}
		shown += "." + f.Name
		at := strings.Join(steps[:i+1], ".")
		if f.List && i+1 < len(steps) {
			i++
			n, err := strconv.Atoi(steps[i])
			list, _ := o.Get(f.Name).([]any)
			if err != nil || n < 0 || n > len(list) {
				return fmt.Errorf("%s is a list with %d elements: want an index from 0 to %d, such as %s[0]", shown, len(list), len(list), shown)
			}
			shown = fmt.Sprintf("%s[%d]", shown, n)
			if n == len(list) {
				list = append(list, g.value(f, at+"."+steps[i], o))
				o.set(f.Name, list)
			}
			if i+1 == len(steps) {
				value, err := scalar(f, shown, a.Value)
				list[n] = value
				return err
			}
			inner, ok := list[n].(*Object)
			if !ok {
				return fmt.Errorf("%s has no fields", shown)
			}
			o, fields = inner, f.Fields
			continue
		}
		if i+1 == len(steps) {
			return g.put(o, f, shown, a.Value)
		}
		if f.Kind != "object" {
			return fmt.Errorf("%s has no fields", shown)
		}
		inner, ok := o.Get(f.Name).(*Object)
		if !ok {
			inner = g.object(f.Fields, at+".")
			o.set(f.Name, inner)
		}
		o, fields = inner, f.Fields
	}
}

// put sets a field of an object.
func (g *plausible) put(o *Object, f *Field, shown, text string) error {
	if text == "null" && (f.Nullable || f.Kind != "string") {
		if !f.Nullable {
			return fmt.Errorf("%s cannot be null", shown)
		}
		o.set(f.Name, nil)
		return nil
	}
	if f.List {
		return putList(o, f, shown, text)
	}
	value, err := scalar(f, shown, text)
	if err != nil {
		return err
	}
	o.set(f.Name, value)
	if fragments, ok := o.Get("fragments").([]any); ok && f.Name == "text" && len(fragments) == 1 {
		if only, ok := fragments[0].(*Object); ok { // the text of a message is that of its fragments
			only.set("text", value)
		}
	}
	return nil
}

func putList(o *Object, f *Field, shown, text string) error {
	var elements []string
	if err := json.Unmarshal([]byte(text), &elements); err != nil || f.Kind == "object" && len(elements) > 0 {
		if f.Kind == "object" {
			return fmt.Errorf("%s is a list of objects: set their fields, such as %s[0].%s, or [] for none", shown, shown, f.Fields[0].Name)
		}
		return fmt.Errorf(`%s is a list: set an element, such as %s[0], or the list as JSON: ["a","b"]`, shown, shown)
	}
	list := make([]any, len(elements))
	for i, element := range elements {
		value, err := scalar(f, shown, element)
		if err != nil {
			return err
		}
		list[i] = value
	}
	o.set(f.Name, list)
	return nil
}

// scalar reads a value of the field's kind.
func scalar(f *Field, shown, text string) (any, error) {
	switch f.Kind {
	case "object":
		if len(f.Fields) == 0 {
			return &Object{}, nil
		}
		return nil, fmt.Errorf("%s is an object: set its fields, such as %s.%s", shown, shown, f.Fields[0].Name)
	case "boolean":
		value, err := strconv.ParseBool(text)
		if err != nil {
			return nil, fmt.Errorf("%s=%s: want true or false", shown, text)
		}
		return value, nil
	case "integer":
		value, err := strconv.Atoi(text)
		if err != nil {
			return nil, fmt.Errorf("%s=%s: want a whole number", shown, text)
		}
		return value, nil
	}
	return text, nil
}

// unknown reports a field that does not exist, and the one that was most likely meant.
func unknown(parent, name string, fields []*Field) error {
	names := make([]string, 0, len(fields))
	for _, f := range fields {
		names = append(names, f.Name)
	}
	if near := Nearest(name, names); near != "" {
		return fmt.Errorf("%s.%s does not exist; did you mean %s.%s?", parent, name, parent, near)
	}
	slices.Sort(names)
	return fmt.Errorf("%s.%s does not exist; %s has %s", parent, name, parent, strings.Join(names, ", "))
}

// Nearest returns the name with the fewest different letters, "" if all have many.
func Nearest(name string, names []string) string {
	best, least := "", 1+len(name)/3
	for _, other := range names {
		if d := distance(name, other); d <= least {
			best, least = other, d-1
		}
	}
	return best
}

// distance is the number of letters to insert, remove or replace.
func distance(a, b string) int {
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		before := row[0]
		row[0] = i + 1
		for j := range len(b) {
			next := min(row[j]+1, row[j+1]+1, before+1)
			if a[i] == b[j] {
				next = min(next, before)
			}
			before, row[j+1] = row[j+1], next
		}
	}
	return row[len(b)]
}
