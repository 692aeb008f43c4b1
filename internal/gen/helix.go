package gen

import (
	"fmt"
	"slices"
)

// A helixWriter builds the model of package helix.
type helixWriter struct {
	*resolver
	overlay *Overlay
	names   map[string]string // method names of all services, to find collisions
}

func writeHelix(spec *Spec, o *Overlay) (map[string][]byte, error) {
	h := &helixWriter{
		resolver: newResolver(o, "helix", o.Helix.Types, ""),
		overlay:  o,
		names:    make(map[string]string),
	}
	groups := h.groups(spec.Endpoints)
	if err := h.err(); err != nil {
		return nil, err
	}
	files := make(map[string][]byte)
	for _, g := range groups {
		name := fileName(g.Title)
		if err := render(files, "helix/"+name+"_gen.go", "group.tmpl", g); err != nil {
			return nil, err
		}
		if err := render(files, "helix/endpoints_"+name+"_gen.go", "endpoints.tmpl", g); err != nil {
			return nil, err
		}
	}
	if err := render(files, "helix/endpoints_gen.go", "table.tmpl", groups); err != nil {
		return nil, err
	}
	writeDocs(files, groups, spec.Endpoints)
	return files, render(files, "helix/client_gen.go", "client.tmpl", groups)
}

// groups returns the sections in Twitch's order; an operation that came later
// joins its section at the end.
func (h *helixWriter) groups(endpoints []SpecEndpoint) []*Group {
	var groups []*Group
	for _, e := range endpoints {
		i := slices.IndexFunc(groups, func(g *Group) bool { return g.Title == e.Group })
		if i < 0 {
			i = len(groups)
			groups = append(groups, &Group{Title: e.Group, Name: exported(e.Group), Service: exported(e.Group) + "Service", Docs: e.Docs})
		}
		groups[i].Methods = append(groups[i].Methods, nil) // filled below: types belong to the first file that needs them
	}
	for _, g := range groups {
		g.Methods = g.Methods[:0]
		for _, e := range endpoints {
			if e.Group == g.Title {
				g.Methods = append(g.Methods, h.method(e, g))
			}
		}
	}
	return groups
}

func (h *helixWriter) method(e SpecEndpoint, g *Group) *Method {
	m := &Method{Name: methodName(e.Name, e.Group)}
	if use, ok := h.overlay.rename("methods", h.overlay.Helix.Methods, e.ID); ok {
		m.Name = use
	}
	e.Query = h.decide(e)
	h.decls = &m.Decls
	m.Params = h.params(e, m, g.Service)
	h.answer(e, m, g)
	h.take(g, e.ID, m.Name)
	if m.All != "" {
		h.take(g, e.ID, m.All)
	}
	m.Doc = h.doc(e, m)
	m.Endpoint = h.endpoint(e)
	return m
}

// decide returns the query parameters with this library's decisions. The rule: a
// list of ids, logins or names that are looked up may be longer than Twitch allows.
func (h *helixWriter) decide(e SpecEndpoint) []SpecField {
	query := slices.Clone(e.Query)
	for i := range query {
		f := &query[i]
		place := e.ID + "/query/" + f.Name
		last := words(f.Name)[len(words(f.Name))-1]
		f.Split = e.Method == "GET" && f.Repeated && f.MaxItems > 0 && slices.Contains([]string{"id", "login", "name"}, last)
		if use, ok := h.overlay.rename("split", h.overlay.Helix.Split, place); ok {
			f.Split = use == "yes"
		}
		if use, ok := h.overlay.rename("lenient", h.overlay.Helix.Lenient, place); ok {
			switch use {
			case "requiredWhen":
				f.RequiredWhen = nil
			case "onlyWith":
				f.OnlyWith = nil
			default:
				h.fail("overlay: lenient: %s: cannot drop %s", place, use)
			}
		}
	}
	return query
}

// take gives a name to an operation and reports an error if another has it.
func (h *helixWriter) take(g *Group, id, name string) {
	full := g.Name + "." + name
	if other, taken := h.names[full]; taken {
		h.fail("%s: the method name %s is taken by %s", id, full, other)
	}
	h.names[full] = id
}

func (h *helixWriter) endpoint(e SpecEndpoint) *Endpoint {
	idempotent := e.Method != "POST"
	if use, ok := h.overlay.rename("repeat", h.overlay.Helix.Repeat, e.ID); ok {
		idempotent = use == "yes"
	}
	source, err := endpointLiteral(e, idempotent)
	if err != nil {
		h.fail("%w", err)
	}
	return &Endpoint{Var: unexported(e.Name), ID: e.ID, Literal: source}
}

// doc writes the comment of a method: what it does, then Twitch's name for it and its
// requirements.
func (h *helixWriter) doc(e SpecEndpoint, m *Method) []string {
	sentence, ok := h.overlay.Helix.Sentences[e.ID]
	if !ok {
		h.fail("%s has no sentence in the overlay", e.ID)
	}
	h.overlay.used["helix sentences "+e.ID] = true
	lines := append(wrap(m.Name+" "+sentence), "", fmt.Sprintf("Twitch: %s, %s %s.", e.Name, e.Method, e.Path))
	lines = append(lines, authDoc(e.Auth)...)
	lines = append(lines, limitDoc(e.RateLimits)...)
	if e.Status == "beta" {
		lines = append(lines, "Beta: Twitch may change it at any time.")
	}
	lines = append(lines, e.Docs)
	if d := e.Deprecated; d != nil {
		lines = append(lines, "")
		lines = append(lines, wrap(fmt.Sprintf("Deprecated: Twitch answers %d since %s; see %s.", d.GoneStatus, d.GoneSince, d.Replacement))...)
	}
	return lines
}
