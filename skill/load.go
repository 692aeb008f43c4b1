package skill

import (
	"slices"
	"strings"

	"github.com/larkspur-dev/larkspur/internal/config"
	"github.com/larkspur-dev/larkspur/skill/internal/expr"
)

// LoadOptions configure [Load] and [Parse]. The zero value is usable.
type LoadOptions struct {
	Dir        string   // where script: files are; default: the current directory
	Connectors []string // names that send: may use; nil: any
}

// Parse reads the skills of a configuration file: the mapping under skills:.
// Variables such as ${NAME} come from the environment. The error holds all mistakes;
// each is a [ConfigError].
func Parse(file string, src []byte, o LoadOptions) (*Set, error) {
	root, problems := config.Parse(file, src, config.Options{})
	node := root.Section(&problems).Need("skills")
	set, more := Load(node, o)
	if problems = append(problems, more...); len(problems) > 0 {
		return nil, problems.Err()
	}
	return set, nil
}

// Load checks the skills in a mapping from names to skills. The set is never nil, but
// incomplete if there are problems; do not run it then.
func Load(node *config.Node, o LoadOptions) (*Set, config.Problems) {
	var problems config.Problems
	set := &Set{}
	l := &loader{options: o, problems: &problems, needs: &set.needs, catalog: catalog{twitchTypes()}}
	if o.Dir == "" {
		l.options.Dir = "."
	}
	for _, f := range node.Section(&problems).Fields() {
		rules := l.skill(f.Key, f.Value)
		if len(rules) > 0 {
			set.names = append(set.names, f.Key)
			set.rules = append(set.rules, rules...)
		}
	}
	return set, problems
}

// A loader reads skills, one after another.
type loader struct {
	options  LoadOptions
	problems *config.Problems
	needs    *Needs
	catalog  catalog

	// About the skill that is being read:
	chat   bool   // a chat message triggers it
	author string // template of the id of the author of that message
	actor  bool   // every event names the user who caused it

	step    *loadedStep // the action that is being read
	results []string    // names that the actions so far define for later ones
}

// skillKeys are the keys of a skill.
var skillKeys = []string{"on", "match", "script", "when", "allow", "deny", "cooldown", "config", "do", "enabled"}

func (l *loader) skill(name string, n *config.Node) []*rule {
	s := n.Section(l.problems, skillKeys...)
	if n.Kind != config.Map {
		if n.Kind == config.Null {
			l.problems.Add(n, "is empty; want on, match or script, and do")
		}
		return nil
	}
	r := &rule{skill: name}
	if w := loadUserSet(s.Get("allow"), l.problems); w != nil {
		r.allow = []*userSet{w}
	}
	r.deny = loadUserSet(s.Get("deny"), l.problems)
	r.cooldown = loadCooldown(s.Get("cooldown"), l.problems)
	r.config = l.loadConfig(s.Get("config"))

	var rules []*rule
	on, match, script := s.Get("on"), s.Get("match"), s.Get("script")
	switch {
	case script != nil:
		for _, key := range []string{"on", "match", "when", "do"} {
			if v := s.Get(key); v != nil {
				l.problems.Add(v, "cannot be combined with script; the script registers its own triggers and actions")
			}
		}
		rules = l.script(r, script)
	case on != nil && match != nil:
		l.problems.Add(match, "cannot be combined with on; use two skills")
		l.rule(r, s, nil, nil)
	case on == nil && match == nil:
		l.problems.Add(n, "the skill has no trigger; add on, match or script")
		l.rule(r, s, nil, nil)
	default:
		l.rule(r, s, on, match)
		rules = []*rule{r}
	}
	if !s.Bool("enabled", true) {
		return nil
	}
	for _, r := range rules {
		l.need(r)
	}
	return rules
}

// rule reads the trigger, condition and actions of a skill. The trigger is on or match; if
// both are nil, it is unknown, and the rest is checked as far as any trigger allows it.
func (l *loader) rule(r *rule, s *config.Section, on, match *config.Node) {
	// A disabled skill adds nothing to the needs.
	needs := l.needs
	if !s.Bool("enabled", true) {
		l.needs = &Needs{}
		defer func() { l.needs = needs }()
	}
	known := expr.NewScope(map[string]*expr.Shape{"channel": channelShape, "now": expr.Time, "config": r.config.Shape()})
	switch {
	case match != nil:
		known = known.WithEvents(messageShape)
		l.chat, l.author, l.actor = true, "{event.user_id}", true
		if r.match = loadMatch(match, l.problems); r.match == nil {
			known = known.Unchecked()
		} else {
			known = r.match.scope(known)
		}
	case on != nil:
		r.triggers = l.loadOn(on)
		l.chat, l.author = true, "{event.chatter_user_id}" // true also if no event is known
		l.actor = true
		var shapes []*expr.Shape
		for _, t := range r.triggers {
			shapes = append(shapes, t.shape)
			l.chat = l.chat && t.typ.Name == chatMessage
			l.actor = l.actor && t.namesActor()
		}
		if known = known.WithEvents(shapes...); len(shapes) == 0 {
			known = known.Unchecked()
		}
		l.checkUserSets(r, s)
	default:
		known = known.Unchecked()
		l.chat, l.author, l.actor = true, "{event.user_id}", true
	}
	if w := s.Get("when"); w != nil {
		r.when = compileCondition(w, l.problems, known)
	}
	if do := s.Need("do"); do != nil {
		l.results = nil
		r.steps = l.loadSteps(do, known)
	}
	r.looksUp = r.when != nil && r.when.Uses("channel")
	r.moderates = slices.ContainsFunc(r.steps, loadedStep.moderates)
	r.setTriggers(r.triggers)
}

// setTriggers sets the events that trigger a rule and the fields that depend on them.
func (r *rule) setTriggers(triggers []trigger) {
	r.triggers = triggers
	for _, t := range triggers {
		r.looksUp = r.looksUp || t.alias != nil && t.alias.looksUp
		r.redemption = r.redemption || strings.HasPrefix(t.typ.Name, redemptions)
	}
}

// redemptions is the prefix of the event types of channel point redemptions.
const redemptions = "channel.channel_points_"

// need adds the events of a rule to the needs.
func (l *loader) need(r *rule) {
	if r.match != nil {
		l.needs.Chat = true
	}
	for _, t := range r.triggers {
		if t.membership != "" {
			l.needs.Membership = true
			continue
		}
		l.needs.addEvent(t.typ)
	}
}

// loadConfig reads config:, the settings of the skill.
func (l *loader) loadConfig(n *config.Node) *expr.Record {
	if n == nil {
		return expr.NewRecord(nil, expr.NewShape("config", nil))
	}
	n.Section(l.problems)
	value, s := plain(n, "config")
	fields, ok := value.(map[string]any)
	if !ok {
		return expr.NewRecord(nil, expr.Any)
	}
	return expr.NewRecord(fields, s)
}

// plain converts a node to the form of decoded JSON, and returns its shape.
func plain(n *config.Node, name string) (any, *expr.Shape) {
	switch n.Kind {
	case config.String:
		return n.Value, expr.Text
	case config.Bool:
		return n.Value, expr.Bool
	case config.Int, config.Float:
		return n.Value, expr.Number
	case config.List:
		items, elem := make([]any, len(n.Items)), expr.Any
		for i, item := range n.Items {
			var s *expr.Shape
			if items[i], s = plain(item, name); i == 0 {
				elem = s
			} else if s != elem {
				elem = expr.Any
			}
		}
		return items, expr.List(elem)
	case config.Map:
		fields, shapes := map[string]any{}, map[string]*expr.Shape{}
		for _, f := range n.Fields {
			fields[f.Key], shapes[f.Key] = plain(f.Value, name+"."+f.Key)
		}
		return fields, expr.NewShape(name, shapes)
	case config.Null:
	}
	return nil, expr.Any
}
