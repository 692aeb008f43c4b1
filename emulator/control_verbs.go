package emulator

import (
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"net/http"
	"reflect"
	"slices"
	"strings"
)

// A verb is one action of the control API: POST /larkspur/NAME.
type verb struct {
	name    string
	fields  string // of the body, in order; those that may be left out end with ?
	text    string // a sentence
	example string // of fields, as a shell has them
	do      func(s *Server, o order) (any, error)
}

// verbs are all verbs, in the order of GET /larkspur/.
var verbs = slices.Concat(peopleVerbs, noticeVerbs, accountVerbs, communityVerbs, supportVerbs, heatVerbs, extensionVerbs, tokenVerbs, triggerVerbs, faultVerbs, eventSubVerbs, chatVerbs)

// A view is what the control API shows: GET /larkspur/NAME.
type view struct {
	name string
	text string
	show func(s *Server) any
}

// views are all views, in the order of GET /larkspur/.
var views = []view{
	{"state", "The channels, with their followers, moderators and so on.", func(s *Server) any {
		return map[string]any{"client_id": s.ClientID(), "channels": s.state()}
	}},
	{"grants", "Who granted what to which client.", func(s *Server) any { return s.logins() }},
	{"sessions", "The ids of the connected EventSub sessions, oldest first.", func(s *Server) any {
		return map[string]any{"sessions": s.EventSubSessions()}
	}},
	{"connections", "The IRC connections with their channels, oldest first.", func(s *Server) any {
		return map[string]any{"connections": s.ChatConnections()}
	}},
	{"subscriptions", "The EventSub subscriptions of all clients, oldest first.", func(s *Server) any {
		return map[string]any{"subscriptions": s.push.All()}
	}},
	{"conduits", "The conduits of all clients with their shards.", func(s *Server) any {
		return map[string]any{"conduits": s.EventSubConduits()}
	}},
	{"counts", "How many notifications of EventSub were lost, dropped and retried on another shard.", func(s *Server) any {
		return s.EventSubCounts()
	}},
	{"types", "The event types that trigger can send.", func(*Server) any { return map[string]any{"types": typeVersions()} }},
}

// A Verb describes a verb or a view of the control API.
type Verb struct {
	Method  string // "POST"; "GET" if it only shows something
	Name    string // the last part of the path: /larkspur/NAME
	Fields  []VerbField
	Text    string // what happens, in a sentence
	Example string // of fields, as NAME=VALUE in a shell; "" if none is needed
}

// A VerbField is a field of a verb's body.
type VerbField struct {
	Name     string
	Type     string // "text", "number", "boolean", "list" of texts, or "JSON"
	Required bool
}

// Verbs describes the control API: its views, then its verbs.
func Verbs() []Verb {
	all := make([]Verb, 0, len(views)+len(verbs))
	for _, v := range views {
		all = append(all, Verb{Method: http.MethodGet, Name: v.name, Text: v.text})
	}
	for _, v := range verbs {
		d := Verb{Method: http.MethodPost, Name: v.name, Text: v.text, Example: v.example}
		for name := range strings.FieldsSeq(v.fields) {
			name, optional := strings.CutSuffix(name, "?")
			d.Fields = append(d.Fields, VerbField{Name: name, Type: orderTypes[name], Required: !optional})
		}
		all = append(all, d)
	}
	return all
}

// fieldText lists the fields of the body, those that may be left out in brackets.
func (v Verb) fieldText() string {
	var required, optional []string
	for _, f := range v.Fields {
		if f.Required {
			required = append(required, f.Name)
		} else {
			optional = append(optional, f.Name)
		}
	}
	text := strings.Join(required, ", ")
	switch {
	case len(optional) > 0 && text != "":
		text += "[, " + strings.Join(optional, ", ") + "]"
	case len(optional) > 0:
		text = "[" + strings.Join(optional, ", ") + "]"
	}
	return text
}

// orderTypes are the types of the fields of an order, by their JSON names.
var orderTypes = func() map[string]string {
	types := map[string]string{}
	for f := range reflect.TypeFor[order]().Fields() {
		kind := "text"
		switch f.Type.Kind() {
		case reflect.Int, reflect.Uint64, reflect.Float64:
			kind = "number"
		case reflect.Bool:
			kind = "boolean"
		case reflect.Slice:
			if kind = "list"; f.Type == reflect.TypeFor[json.RawMessage]() {
				kind = "JSON"
			}
		default:
		}
		types[f.Tag.Get("json")] = kind
	}
	return types
}()

// read decodes the body of a request. Fields that another verb has are errors too.
func (v verb) read(body io.Reader) (order, error) {
	var o order
	var given map[string]json.RawMessage
	raw, err := io.ReadAll(body)
	if err == nil {
		err = json.Unmarshal(raw, &given)
	}
	if err != nil {
		return o, err
	}
	fields := strings.Fields(v.fields)
	for _, name := range slices.Sorted(maps.Keys(given)) {
		if !slices.Contains(fields, name) && !slices.Contains(fields, name+"?") {
			return o, fmt.Errorf("%s has no field %q; it takes %s", v.name, name, v.takes())
		}
	}
	for _, name := range fields {
		if _, ok := given[name]; !ok && !strings.HasSuffix(name, "?") {
			return o, fmt.Errorf("%s needs %s; it takes %s", v.name, name, v.takes())
		}
	}
	return o, json.Unmarshal(raw, &o)
}

// takes lists the fields for an error.
func (v verb) takes() string {
	if v.fields == "" {
		return "none"
	}
	all := strings.Fields(v.fields)
	for i, name := range all {
		if name, optional := strings.CutSuffix(name, "?"); optional {
			all[i] = name + " (optional)"
		}
	}
	return strings.Join(all, ", ")
}
