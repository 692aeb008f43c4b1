package gen

import (
	"fmt"
	"slices"
)

// params returns the struct of an operation's inputs, nil if there are none.
func (h *helixWriter) params(e SpecEndpoint, m *Method, service string) *Struct {
	s := &Struct{Name: exported(e.Name) + "Params"}
	s.Doc = []string{fmt.Sprintf("%s are the inputs of [%s.%s].", s.Name, service, m.Name)}
	var body []SpecField
	if e.Body != nil {
		body, _ = bodyFields(e)
	}
	for _, f := range e.Query {
		h.input(s, e, f, "query", owner(e.Auth, f.Name))
	}
	for _, f := range body {
		h.input(s, e, f, "body", owner(e.Auth, f.Name))
	}
	if len(s.Fields) == 0 {
		return nil
	}
	return s
}

// owner returns "must" or "may" if a parameter must or may name the token's user.
func owner(a SpecAuth, param string) string {
	names := func(ref SpecParamRef) bool { return ref.Param == param }
	switch {
	case slices.ContainsFunc(a.TokenUserMatches, names):
		return "must"
	case slices.ContainsFunc(a.TokenUserMatchesAny, names):
		return "may"
	}
	return ""
}

func (h *helixWriter) input(s *Struct, e SpecEndpoint, f SpecField, in string, owner string) {
	place := e.ID + "/" + in + "/" + f.Name
	rule := h.rule(place)
	if rule.Type == "drop" {
		return
	}
	typ := h.inputType(f, place, exported(e.Name)+"Params")
	name := exported(f.Name)
	if f.Repeated {
		w := words(f.Name)
		w[len(w)-1] = plural(w[len(w)-1])
		typ, name = "[]"+typ, join(w)
	}
	if zeroDiffers(e, f, in) {
		typ = "*" + typ
	}
	omit := ",omitzero"
	if f.Required {
		omit = ""
	}
	tag := fmt.Sprintf(`json:"%s%s"`, f.Name, omit)
	if in == "query" {
		tag = fmt.Sprintf(`url:"%s%s" json:"-"`, f.Name, omit)
	}
	h.add(s, place, rule, &Field{Name: name, JSON: in + f.Name, Type: typ, Tag: tag, Comment: requestComment(f, owner)})
}

// inputType returns the Go type of a parameter. Types inside parameters are
// declared like those of answers, but with tags that leave out what is not set.
func (h *helixWriter) inputType(f SpecField, place, owner string) string {
	h.sending = true
	defer func() { h.sending = false }()
	f.Optional, f.Nullable = false, false
	return h.goType(f, place, owner)
}

// zeroDiffers reports whether an absent parameter differs in meaning from its zero
// value, so that a pointer is needed.
func zeroDiffers(e SpecEndpoint, f SpecField, in string) bool {
	if f.Required || f.Repeated || f.enum() != nil || f.Format == "date-time" {
		return false
	}
	changes := e.Method == "PATCH" // what is left out stays as it is
	switch f.Type {
	case "boolean":
		return changes || f.Default == true
	case "integer", "number":
		low, ok := bound(f.Min)
		return changes && (!ok || low <= 0)
	case "string":
		return changes && in == "body" || f.EmptyValueClears
	}
	return false
}
