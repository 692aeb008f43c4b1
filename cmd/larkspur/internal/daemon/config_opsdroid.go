package daemon

import (
	"fmt"
	"slices"
	"strings"

	"github.com/larkspur-dev/larkspur/internal/config"
)

// opsdroidSections are the sections of opsdroid's configuration that have no effect here,
// each with its replacement.
var opsdroidSections = map[string]string{
	"logging":         "--log-level sets how much is logged",
	"parsers":         "skills match commands and regular expressions",
	"databases":       "the bot keeps its state in the state directory (--state)",
	"module-path":     "there are no modules to install",
	"welcome-message": "there is no such message",
	"autoreload":      "restart the bot after changing the configuration",
	"timezone":        "times are in UTC",
	"lang":            "messages are in English",
}

// opsdroidConnectors are opsdroid's other connectors. Here they are addresses to send to.
var opsdroidConnectors = []string{
	"facebook", "github", "gitlab", "gitter", "matrix", "mattermost", "rocketchat", "shell",
	"slack", "teams", "telegram", "webexteams", "websocket",
}

var (
	// moduleSources are the keys that say where opsdroid finds a skill's Python code.
	moduleSources = []string{"path", "repo", "gist", "module"}
	// moduleKeys are all keys with which opsdroid loads that code.
	moduleKeys = append([]string{"branch", "key_path", "no-cache", "no-dep", "no-deps", "type"}, moduleSources...)
	// ruleKeys are the keys of which a skill has at least one here.
	ruleKeys = []string{"on", "match", "script"}
)

// fromOpsdroid returns root without the parts that only opsdroid supports, and adds a
// note about each of them.
func (c *Config) fromOpsdroid(root *config.Node, ps *config.Problems) *config.Node {
	if root == nil || root.Kind != config.Map {
		return root
	}
	out := *root
	out.Fields = nil
	for _, f := range root.Fields {
		switch instead, ignored := opsdroidSections[f.Key]; {
		case ignored:
			c.leaveOut(root, f, "%s", instead)
			continue
		case f.Key == "connectors":
			f.Value = c.opsdroidConnectors(c.fromList(f.Value, ps))
		case f.Key == "skills":
			f.Value = c.opsdroidSkills(c.fromList(f.Value, ps))
		}
		out.Fields = append(out.Fields, f)
	}
	return &out
}

// leaveOut notes that a field of n has no effect, and why.
func (c *Config) leaveOut(n *config.Node, f config.Field, format string, args ...any) {
	path := f.Key
	if n.Path != "" {
		path = n.Path + "." + f.Key
	}
	p := config.Problem{File: n.File, Line: f.Line, Column: f.Column, Path: path, Text: "has no effect: " + fmt.Sprintf(format, args...)}
	c.Notes = append(c.Notes, p.Error())
}

// fromList turns the list form of older files into a mapping. An item is a mapping with
// a name, a mapping with one key, or a name alone.
func (c *Config) fromList(n *config.Node, ps *config.Problems) *config.Node {
	if n.Kind != config.List {
		return n
	}
	c.Notes = append(c.Notes, n.Problem("is a list, as in old files of opsdroid; it is read as a mapping").Error())
	out := *n
	out.Kind, out.Items = config.Map, nil
	for _, item := range n.Items {
		if f, ok := named(item); ok {
			out.Fields = append(out.Fields, f)
			continue
		}
		ps.Add(item, "want a name, as in {name: twitch, …} or {twitch: …}")
	}
	return &out
}

// named returns an item of a list as a field of a mapping.
func named(item *config.Node) (config.Field, bool) {
	f := config.Field{Line: item.Line, Column: item.Column}
	if name, ok := item.Value.(string); ok && item.Kind == config.String {
		f.Key = name
		f.Value = &config.Node{Kind: config.Null, Path: item.Path, File: item.File, Line: item.Line, Column: item.Column}
		return f, true
	}
	if item.Kind != config.Map {
		return f, false
	}
	if name := item.Field("name"); name != nil && name.Kind == config.String {
		rest := *item
		rest.Fields = slices.DeleteFunc(slices.Clone(item.Fields), func(f config.Field) bool { return f.Key == "name" })
		f.Key, f.Value = name.Value.(string), &rest
		return f, true
	}
	if len(item.Fields) == 1 {
		return item.Fields[0], true
	}
	return f, false
}

// opsdroidConnectors leaves out opsdroid's other connectors, unless they have an address.
func (c *Config) opsdroidConnectors(n *config.Node) *config.Node {
	if n.Kind != config.Map {
		return n
	}
	out := *n
	out.Fields = nil
	for _, f := range n.Fields {
		if slices.Contains(opsdroidConnectors, f.Key) && f.Value.Field("url") == nil {
			c.leaveOut(n, f, "the bot lives on Twitch only; to send messages there, give it a url (docs/guides/relays.md)")
			continue
		}
		out.Fields = append(out.Fields, f)
	}
	return &out
}

// opsdroidSkills leaves out skills in Python and the keys with which opsdroid loads them.
func (c *Config) opsdroidSkills(n *config.Node) *config.Node {
	if n.Kind != config.Map {
		return n
	}
	out := *n
	out.Fields = nil
	for _, f := range n.Fields {
		has := func(key string) bool { return f.Value.Field(key) != nil }
		isRule := slices.ContainsFunc(ruleKeys, has)
		source := slices.IndexFunc(moduleSources, has)
		if source >= 0 && !isRule {
			c.leaveOut(n, f, "its %s leads to Python code of opsdroid, which does not run here; write it with %s (examples/recipes)",
				moduleSources[source], strings.Join(ruleKeys, ", "))
			continue
		}
		if isRule && slices.ContainsFunc(moduleKeys, has) {
			rule := *f.Value
			rule.Fields = nil
			for _, key := range f.Value.Fields {
				if slices.Contains(moduleKeys, key.Key) {
					c.leaveOut(f.Value, key, "no Python code is loaded")
					continue
				}
				rule.Fields = append(rule.Fields, key)
			}
			f.Value = &rule
		}
		out.Fields = append(out.Fields, f)
	}
	return &out
}
