package gen

import (
	"errors"
	"fmt"
	"os"
	"path"
	"path/filepath"
	"slices"

	"github.com/goccy/go-yaml"
)

// Overlay is spec/overlay.yaml: the decisions of this library, which complement the
// facts about Twitch.
//
// A place in the spec is written "get-polls/data/choices", "ban-user/query/user_id",
// "create-poll/body/title" or, for events, "channel.follow.2/user_id". A star stands
// for any text between two slashes.
type Overlay struct {
	Helix  HelixOverlay  `yaml:"helix"`
	Events EventsOverlay `yaml:"events"`
	Scopes []Rename      `yaml:"scopes"`

	used map[string]bool
	all  []string
}

// HelixOverlay holds the decisions about endpoints.
type HelixOverlay struct {
	Types     `yaml:",inline"`
	Sentences map[string]string `yaml:"sentences"` // the first line of a method's comment, without the method's name
	Methods   []Rename          `yaml:"methods"`   // where the rule for names reads badly
	Verbs     []Rename          `yaml:"verbs"`     // one, list, page, none, whole: where the rule is wrong
	Repeat    []Rename          `yaml:"repeat"`    // idempotent although the HTTP method is not
	Split     []Rename          `yaml:"split"`     // whether a long list is sent in several calls, where the rule is wrong
	Lenient   []Rename          `yaml:"lenient"`   // rules of the spec that are not checked, because they may be wrong
}

// EventsOverlay holds the decisions about event types.
type EventsOverlay struct {
	Types     `yaml:",inline"`
	Sentences map[string]string   `yaml:"sentences"` // the comment of the payload, without its name
	Names     []Rename            `yaml:"names"`     // words of a type's name that read badly
	Pins      map[string]string   `yaml:"pins"`      // type: the version that has the bare name
	Files     []Rename            `yaml:"files"`     // which file a type is in
	Keys      map[string][]string `yaml:"keys"`      // type and version: the fields that make the semantic key
}

// Types are the decisions about Go types that endpoints and events share.
type Types struct {
	Structs []Shared    `yaml:"types"`
	Enums   []Shared    `yaml:"enums"`
	Fields  []FieldRule `yaml:"fields"`
}

// Rename gives something a name or another word.
type Rename struct {
	At  string `yaml:"at"`
	Use string `yaml:"use"`
	Why string `yaml:"why"`
}

// Shared names the Go type at one or more places. Where several structs share a
// name their fields are united.
type Shared struct {
	Name   string            `yaml:"name"`
	At     []string          `yaml:"at"`
	Values map[string]string `yaml:"values"` // of an enum: names of its constants
	Why    string            `yaml:"why"`
}

// FieldRule changes one field.
type FieldRule struct {
	At      string `yaml:"at"`
	Name    string `yaml:"name"`
	Type    string `yaml:"type"` // a Go type; "pointer": a pointer to the default type; "drop": no field
	Comment string `yaml:"comment"`
	Why     string `yaml:"why"`
}

func readOverlay(dir string) (*Overlay, error) {
	raw, err := os.ReadFile(filepath.Join(dir, "overlay.yaml"))
	if err != nil {
		return nil, err
	}
	o := &Overlay{used: make(map[string]bool)}
	if err := yaml.UnmarshalWithOptions(raw, o, yaml.Strict()); err != nil {
		return nil, fmt.Errorf("overlay.yaml: %w", err)
	}
	return o, o.register()
}

// register lists all entries, so that unused can report those that matched nothing.
func (o *Overlay) register() error {
	var problems []error
	add := func(section, at, why string, needsReason bool) {
		o.all = append(o.all, section+" "+at)
		if needsReason && why == "" {
			problems = append(problems, fmt.Errorf("overlay.yaml: %s: %s gives no reason", section, at))
		}
	}
	for section, list := range map[string][]Rename{
		"methods": o.Helix.Methods, "verbs": o.Helix.Verbs, "repeat": o.Helix.Repeat,
		"split": o.Helix.Split, "lenient": o.Helix.Lenient,
		"names": o.Events.Names, "files": o.Events.Files, "scopes": o.Scopes,
	} {
		for _, r := range list {
			add(section, r.At, r.Why, true)
		}
	}
	for section, types := range map[string]Types{"helix": o.Helix.Types, "events": o.Events.Types} {
		for kind, list := range map[string][]Shared{"types": types.Structs, "enums": types.Enums} {
			names := make(map[string]bool)
			for _, s := range list {
				if names[s.Name] && s.Name != plainText {
					problems = append(problems, fmt.Errorf("overlay.yaml: %s %s: %s has two entries; put all places into one", section, kind, s.Name))
				}
				names[s.Name] = true
				for _, at := range s.At {
					add(section+" "+kind, at, s.Why, true)
				}
				for value := range s.Values {
					add(section+" value of "+s.Name, value, "", false)
				}
			}
		}
		for _, f := range types.Fields {
			add(section+" fields", f.At, f.Why, true)
		}
	}
	for id := range o.Helix.Sentences {
		add("helix sentences", id, "", false)
	}
	for section, list := range map[string]map[string]string{"events sentences": o.Events.Sentences, "pins": o.Events.Pins} {
		for id := range list {
			add(section, id, "", false)
		}
	}
	for id := range o.Events.Keys {
		add("keys", id, "", false)
	}
	return errors.Join(problems...)
}

// rename returns the value of the first matching entry.
func (o *Overlay) rename(section string, list []Rename, at string) (use string, ok bool) {
	for _, r := range list {
		if o.match(section, r.At, at) {
			return r.Use, true
		}
	}
	return "", false
}

// match reports whether a pattern of the overlay matches a place, and records the match.
func (o *Overlay) match(section, pattern, at string) bool {
	if ok, err := path.Match(pattern, at); err != nil || !ok {
		return false
	}
	o.used[section+" "+pattern] = true
	return true
}

// unused returns an error that lists every entry that matched nothing.
func (o *Overlay) unused() error {
	var problems []error
	slices.Sort(o.all)
	for _, entry := range slices.Compact(o.all) {
		if !o.used[entry] {
			problems = append(problems, fmt.Errorf("overlay.yaml: %s matches nothing in the spec", entry))
		}
	}
	return errors.Join(problems...)
}
