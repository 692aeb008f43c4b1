package gen

import (
	"slices"
	"strings"
)

// atSecond in a key is the second in which Twitch sent the notification: for events
// that carry neither an id nor a time.
const atSecond = "@second"

// recurs in a key means that nothing in it is unique: it is the same when the same
// thing happens again.
const recurs = "@recurs"

// key writes the expression for the semantic key of a payload e: the type and the
// values of the fields that the overlay names.
func (w *eventsWriter) key(e *Event, place string) string {
	fields, ok := w.overlay.Events.Keys[place]
	if !ok || len(fields) == 0 {
		w.fail("%s has no key in the overlay", place)
		return `""`
	}
	w.overlay.used["keys "+place] = true
	if fields[0] == recurs {
		e.Recurs, fields = true, fields[1:]
	}
	words := slices.Clone(fields)
	for i, f := range words {
		if f == atSecond {
			words[i] = "the second it was sent"
		}
	}
	e.KeyDoc = "the type, " + strings.Join(words[:len(words)-1], ", ")
	if len(words) > 1 {
		e.KeyDoc += " and "
	} else {
		words := slices.Clone(fields)
		for i, f := range words {
			if f == atSecond {
				words[i] = "the second it was sent"
			}
		}
		e.KeyDoc = "the type and "
	}
	e.KeyDoc += words[len(words)-1]
	texts := make([]string, len(fields))
	for i, path := range fields {
		texts[i] = w.text(e.Payload, "e", path, place)
	}
	return quote(place+"|") + " + " + strings.Join(texts, ` + "|" + `)
}

// text writes an expression for a field as a string. A dot in path selects a field of a nested struct.
func (w *eventsWriter) text(s *Struct, expr, path, place string) string {
	if path == atSecond {
		return "strconv.FormatInt(" + expr + ".Meta.Timestamp.Unix(), 10)"
	}
	name, rest, deeper := strings.Cut(path, ".")
	i := slices.IndexFunc(s.Fields, func(f *Field) bool { return f.JSON == name })
	if i < 0 {
		w.fail("%s: the key names %s, which %s does not have", place, name, s.Name)
		return `""`
	}
	f := s.Fields[i]
	expr += "." + f.Name
	if deeper {
		inner := w.structs[f.Type]
		if inner == nil {
			w.fail("%s: the key goes into %s, which is a %s", place, name, f.Type)
			return `""`
		}
		return w.text(inner, expr, rest, place)
	}
	switch {
	case f.Type == "string":
		return expr
	case f.Type == "int":
		return "strconv.Itoa(" + expr + ")"
	case f.Type == "*int":
		return "optional(" + expr + ")"
	case f.Type == "bool":
		return "strconv.FormatBool(" + expr + ")"
	case f.Type == w.time, f.Type == w.openTime:
		// Helix cuts some times to the second that EventSub sends in full.
		return expr + ".UTC().Format(time.RFC3339)"
	case w.enums[f.Type] != nil:
		return "string(" + expr + ")"
	}
	w.fail("%s: a key cannot hold %s, which is a %s", place, name, f.Type)
	return `""`
}

// imports returns what a file of events needs.
func imports(f *EventFile) []string {
	needs := map[string]bool{}
	for _, e := range f.Events {
		needs["strconv"] = needs["strconv"] || strings.Contains(e.Key, "strconv.")
		needs["time"] = needs["time"] || strings.Contains(e.Key, "time.") || e.Payload.hasTimes() || slices.ContainsFunc(e.Decls, Decl.hasTimes)
	}
	var list []string
	for _, name := range []string{"strconv", "time"} {
		if needs[name] {
			list = append(list, name)
		}
	}
	return list
}
