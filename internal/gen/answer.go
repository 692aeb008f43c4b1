package gen

import (
	"fmt"
	"slices"
	"strings"
)

// answer sets the verb of a method and declares the types of its result.
func (h *helixWriter) answer(e SpecEndpoint, m *Method, g *Group) {
	m.Verb = verb(e)
	if use, ok := h.overlay.rename("verbs", h.overlay.Helix.Verbs, e.ID); ok {
		m.Verb = use
	}
	if m.Verb == "none" || m.Verb == "text" {
		if m.Verb == "text" {
			m.Result = "string"
		}
		return
	}
	data := e.Response.Fields[slices.IndexFunc(e.Response.Fields, func(f SpecField) bool { return f.Name == "data" })]
	isList := data.Type == "array"
	switch m.Verb {
	case "whole":
		m.Item = h.whole(e, m, g, data, isList)
	case "oneWith":
		m.Single = h.item(e, m, g, data)
		m.Item = h.oneWith(e, m, g)
	default:
		m.Item = h.item(e, m, g, data)
	}
	switch m.Verb {
	case "one", "oneWith", "whole":
		m.Result = "*" + m.Item
	case "list":
		m.Result = "[]" + m.Item
	case "page":
		m.Result = "*Page[" + m.Item + "]"
	default:
		h.fail("%s: no verb is called %s", e.ID, m.Verb)
	}
	if e.Pagination != nil && isList {
		m.All = allName(m.Name)
		m.AllItem = h.item(e, m, g, data)
		m.AllDoc = wrap(fmt.Sprintf("%s iterates over all pages of [%s.%s]. It fetches each page when the loop reaches it.", m.All, g.Service, m.Name))
	}
}

// verb returns the verb for the shape of a response.
func verb(e SpecEndpoint) string {
	if e.Response == nil {
		return "none"
	}
	if e.Response.ContentType != "application/json" {
		return "text"
	}
	for _, f := range e.Response.Fields {
		if f.Name == "data" && f.Type == "object" && e.Pagination == nil {
			return "one"
		}
		if f.Name != "data" && f.Name != "pagination" {
			return "whole"
		}
	}
	switch {
	case e.Pagination != nil:
		return "page"
	case e.Method == "GET":
		return "list"
	}
	return "one"
}

// item returns the Go type of the elements of the response's data.
func (h *helixWriter) item(e SpecEndpoint, m *Method, g *Group, data SpecField) string {
	element := data.element()
	fields, ok := data.object()
	if !ok {
		return h.goType(element, e.ID+"/data", itemName(e.Name))
	}
	name, origin := h.named("types", h.types.Structs, e.ID+"/data", itemName(e.Name))
	s := h.structs[name]
	if s == nil {
		s = &Struct{Name: name, origin: origin}
		s.Doc = wrap(fmt.Sprintf("%s is %s [%s.%s] returns.", name, what(m.Verb), g.Service, m.Name))
		h.declare(s)
	} else if s.origin != origin {
		h.fail("%s: the name %s is taken; give one of the two a name in the overlay", e.ID, name)
	}
	h.fill(s, fields, e.ID+"/data")
	return name
}

func what(verb string) string {
	switch verb {
	case "one":
		return "what"
	case "oneWith":
		return "part of what"
	}
	return "an element of what"
}

// whole declares the struct for a response that holds more than data. A list with
// a cursor is embedded as a Page.
func (h *helixWriter) whole(e SpecEndpoint, m *Method, g *Group, data SpecField, isList bool) string {
	s := h.answerStruct(e, m, g)
	for _, f := range e.Response.Fields {
		switch {
		case f.Name == "data" && isList && e.Pagination != nil:
			s.Embed = []string{"Page[" + h.item(e, m, g, data) + "]"}
		case f.Name == "pagination" && isList:
		case f.Name == "data":
			rule := h.rule(e.ID + "/data")
			typ := h.item(e, m, g, data)
			if isList {
				typ = "[]" + typ
			}
			h.add(s, e.ID+"/data", rule, &Field{Name: "Items", JSON: "data", Type: typ, Tag: `json:"data"`})
		default:
			f.Optional = false
			h.fill(s, []SpecField{f}, e.ID)
		}
	}
	return s.Name
}

// oneWith declares the struct for a response with one object in data and values
// beside it. The object is embedded.
func (h *helixWriter) oneWith(e SpecEndpoint, m *Method, g *Group) string {
	s := h.answerStruct(e, m, g)
	s.Embed = []string{m.Single}
	for _, f := range e.Response.Fields {
		if f.Name != "data" {
			f.Optional = false
			h.fill(s, []SpecField{f}, e.ID)
		}
	}
	return s.Name
}

// answerStruct declares the struct for a whole response.
func (h *helixWriter) answerStruct(e SpecEndpoint, m *Method, g *Group) *Struct {
	at := e.ID + "/answer"
	name, origin := h.named("types", h.types.Structs, at, strings.TrimPrefix(m.Name, "Get")+"Page")
	s := h.structs[name]
	if s == nil {
		s = &Struct{Name: name, origin: origin}
		s.Doc = wrap(fmt.Sprintf("%s is what [%s.%s] returns.", name, g.Service, m.Name))
		h.declare(s)
	} else if s.origin != origin {
		h.fail("%s: the name %s is taken; give one of the two a name in the overlay", at, name)
	}
	return s
}
