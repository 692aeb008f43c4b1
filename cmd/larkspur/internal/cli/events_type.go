package cli

import (
	"fmt"
	"io"
	"reflect"
	"strings"
	"time"

	"github.com/larkspur-dev/larkspur/eventsub"
)

// An eventField is a field of an event's JSON.
type eventField struct {
	Name     string       `json:"name"`
	Type     string       `json:"type"` // string, time, number, boolean, object; "array of " before it
	Nullable bool         `json:"nullable,omitempty"`
	Fields   []eventField `json:"fields,omitempty"` // of an object, or of the objects of an array
}

// maxFieldDepth bounds how deep eventFields follows objects.
const maxFieldDepth = 8

// eventFields returns the fields of a type's events, in Twitch's order.
func eventFields(info eventsub.Info) []eventField {
	return fieldsOf(reflect.TypeOf(info.New()).Elem(), 0)
}

func fieldsOf(t reflect.Type, depth int) []eventField {
	if t.Kind() != reflect.Struct || t == reflect.TypeFor[time.Time]() || depth == maxFieldDepth {
		return nil
	}
	var fields []eventField
	for f := range t.Fields() {
		name, _, _ := strings.Cut(f.Tag.Get("json"), ",")
		switch {
		case !f.IsExported(), name == "-":
		case f.Anonymous && name == "":
			fields = append(fields, fieldsOf(f.Type, depth+1)...)
		default:
			fields = append(fields, newEventField(name, f.Type, depth))
		}
	}
	return fields
}

func newEventField(name string, t reflect.Type, depth int) eventField {
	f := eventField{Name: name}
	if t.Kind() == reflect.Pointer {
		t, f.Nullable = t.Elem(), true
	}
	array := ""
	for t.Kind() == reflect.Slice {
		t, array = t.Elem(), array+"array of "
	}
	f.Type = array + jsonType(t)
	f.Fields = fieldsOf(t, depth+1)
	return f
}

// jsonType names a type as typeName does, and times.
func jsonType(t reflect.Type) string {
	switch {
	case t == reflect.TypeFor[time.Time]():
		return "time"
	case t.Kind() == reflect.Int:
		return "number"
	default:
		return typeName(t)
	}
}

// printTypes prints everything about types.
func printTypes(w io.Writer, all []listedType) error {
	for i, l := range all {
		if i > 0 {
			fmt.Fprintln(w)
		}
		fmt.Fprintf(w, "%s version %s: %s\n", l.Type, l.Version, l.Name)
		rows := append([][]string{{"  status", string(l.Status)}}, l.scopeRows()...)
		rows = append(rows,
			[]string{"  condition", conditionText(l.Condition, l.ExactlyOne)},
			[]string{"  transports", strings.Join(l.Transports, ", ")})
		if len(l.Roles) > 0 {
			rows = append(rows, []string{"  role", "the " + grantedBy(l.TokenUser) + " must be " + roleText(l.Roles) + " of the channel"})
		}
		if l.Batched {
			rows = append(rows, []string{"  batches", "a notification can hold several events"})
		}
		if err := printTable(w, rows); err != nil {
			return err
		}
		fmt.Fprintln(w, "Fields of the event:")
		if err := printTable(w, fieldRows(l.Fields, "  ")); err != nil {
			return err
		}
	}
	return nil
}

// scopeRows says who must grant which scopes, each group on a line.
func (l listedType) scopeRows() [][]string {
	if len(l.Scopes) == 0 {
		return [][]string{{"  scopes", "none"}}
	}
	rows := [][]string{{"  scopes", "granted by the user in " + l.TokenUser + ":"}}
	for _, group := range l.Scopes {
		rows = append(rows, []string{"", "  " + strings.Join(group, " or ")})
	}
	return rows
}

func fieldRows(fields []eventField, indent string) [][]string {
	var rows [][]string
	for _, f := range fields {
		kind := f.Type
		if f.Nullable {
			kind += " or null"
		}
		rows = append(rows, []string{indent + f.Name, kind})
		rows = append(rows, fieldRows(f.Fields, indent+"  ")...)
	}
	return rows
}
