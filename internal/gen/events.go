package gen

import (
	"fmt"
	"slices"
	"strings"
)

// An eventsWriter builds the model of package eventsub.
type eventsWriter struct {
	*resolver
	overlay *Overlay
}

func writeEventSub(spec *Spec, o *Overlay) (map[string][]byte, error) {
	w := &eventsWriter{resolver: newResolver(o, "events", o.Events.Types, "helix."), overlay: o}
	var files []*EventFile
	for _, e := range spec.Events {
		name := e.Group
		if use, ok := o.rename("files", o.Events.Files, e.Type); ok {
			name = use
		}
		i := slices.IndexFunc(files, func(f *EventFile) bool { return f.Name == name })
		if i < 0 {
			i = len(files)
			files = append(files, &EventFile{Name: name})
		}
		files[i].Events = append(files[i].Events, &Event{spec: e})
	}
	var all []*Event // in Twitch's order; types belong to the first file that needs them
	for _, f := range files {
		for _, e := range f.Events {
			w.event(e)
		}
		f.Imports = imports(f)
	}
	for _, e := range spec.Events {
		for _, f := range files {
			for _, event := range f.Events {
				if event.Type == e.Type && event.Version == e.Version {
					all = append(all, event)
				}
			}
		}
	}
	decoders := make([]*DecodersFile, len(files))
	for i, f := range files { // after all fields of shared types are known
		decoders[i] = w.decoders(f)
	}
	if err := w.err(); err != nil {
		return nil, err
	}
	written := make(map[string][]byte)
	for i, f := range files {
		if err := render(written, "eventsub/"+f.Name+"_decode_gen.go", "decoders.tmpl", decoders[i]); err != nil {
			return nil, err
		}
		if err := render(written, "eventsub/"+f.Name+"_gen.go", "events.tmpl", f); err != nil {
			return nil, err
		}
	}
	if err := render(written, "eventsub/decode_gen.go", "decode.tmpl", all); err != nil {
		return nil, err
	}
	return written, render(written, "eventsub/types_gen.go", "types.tmpl", all)
}

// event fills in e from its spec.
func (w *eventsWriter) event(e *Event) {
	s := e.spec
	e.Type, e.Version, e.Name = s.Type, s.Version, w.eventName(s)
	place := s.Type + "." + s.Version
	w.decls = &e.Decls
	e.Payload = &Struct{Name: e.Name, origin: e.Name, Lead: []string{"Meta Meta `json:\"-\"`"}}
	w.structs[e.Name] = e.Payload
	e.Payload.Doc = w.payloadDoc(e, place)
	w.fill(e.Payload, s.Event.Fields, place)
	e.Condition = w.condition(e)
	e.Scopes = scopesLiteral(s.Auth.Scopes, "helix.")
	e.Key = w.key(e, place)
	e.Info = w.info(e)
}

// eventName returns ChannelFollow for channel.follow. The version that the overlay pins
// has the name without a version, even if Twitch adds later versions.
func (w *eventsWriter) eventName(s SpecEvent) string {
	name := s.Type
	for _, r := range w.overlay.Events.Names {
		if strings.Contains(name, r.At) {
			w.overlay.used["names "+r.At] = true
			name = strings.ReplaceAll(name, r.At, r.Use)
		}
	}
	pin, ok := w.overlay.Events.Pins[s.Type]
	if !ok {
		w.fail("%s: no version is pinned in the overlay", s.Type)
	}
	if pin == s.Version {
		w.overlay.used["pins "+s.Type] = true
		return exported(name)
	}
	return exported(name) + "V" + exported(s.Version)
}

func (w *eventsWriter) payloadDoc(e *Event, place string) []string {
	s := e.spec
	sentence, ok := w.overlay.Events.Sentences[place]
	if !ok {
		w.fail("%s has no sentence in the overlay", place)
	}
	w.overlay.used["events sentences "+place] = true
	lines := append(wrap(e.Name+" "+sentence), "", fmt.Sprintf("Twitch: %s, %s version %s.", s.Name, s.Type, s.Version))
	scope := scopeText(s.Auth.Scopes)
	if scope == "" {
		scope = "none"
	}
	lines = append(lines, wrap("Scope: "+scope+".")...)
	if len(s.Auth.Roles) > 0 {
		lines = append(lines, wrap("The token's user must be the channel's "+or(s.Auth.Roles)+".")...)
	}
	if s.Status == "beta" {
		lines = append(lines, "Beta: Twitch may change it at any time.")
	}
	return append(lines, s.Docs)
}
