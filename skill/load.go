package skill

import (
	"context"
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
	l.checkRuns(set)
	set.finish()
	return set, problems
}

// finish prepares the set for an [Engine].
func (s *Set) finish() {
	s.index = newIndex(s.rules)
	for _, r := range s.rules {
		if r.otherwise {
			s.otherwise = append(s.otherwise, r)
		}
		if slices.ContainsFunc(r.timers, func(t *timer) bool { return t.lines > 0 }) {
			s.lineTimers = append(s.lineTimers, r)
		}
	}
}

// A runNode is a place where a skill is named, by run:.
type runNode struct {
	at   *config.Node
	name string
}

// skillName reads the name of a skill, which is checked when all are known.
func (l *loader) skillName(n *config.Node) func(context.Context, *call) (any, error) {
	name, ok := n.Text(l.problems)
	if !ok {
		return nil
	}
	l.runs = append(l.runs, runNode{n, name})
	return constant(name)
}

// checkRuns reports skills that are named but do not exist.
func (l *loader) checkRuns(set *Set) {
	for _, r := range l.runs {
		if !slices.Contains(set.names, r.name) {
			l.problems.Add(r.at, "there is no skill %q%s", r.name, config.DidYouMean(r.name, set.names))
		}
	}
}

// A loader reads skills, one after another.
type loader struct {
	options  LoadOptions
	problems *config.Problems
	needs    *Needs
	catalog  catalog

	// About the skill that is being read:
	chat    bool   // a chat message triggers it
	author  string // template of the id of the author of that message
	actor   bool   // every event names the user who caused it
	held    bool   // every event is about a message that AutoMod holds
	redeems bool   // every event is a redemption of a custom reward

	step    *loadedStep // the action that is being read
	runs    []runNode   // skills that run: names
	results []string    // names that the actions so far define for later ones
}

// skillKeys are the keys of a skill.
var skillKeys = append(append([]string{}, triggerKeys...), "triggers", "script", "when", "live", "min-lines", "channels",
	"allow", "deny", "refused", "cooldown", "cooling", "stop", "config", "do", "enabled")

func (l *loader) skill(name string, n *config.Node) []*rule {
	s := n.Section(l.problems, skillKeys...)
	if n.Kind != config.Map {
		if n.Kind == config.Null {
			l.problems.Add(n, "is empty; want on, match or script, and do")
		}
		return nil
	}
	r := l.conditions(name, s)
	var rules []*rule
	if script := s.Get("script"); script != nil {
		for _, key := range append([]string{"triggers", "when", "do"}, triggerKeys...) {
			if v := s.Get(key); v != nil {
				l.problems.Add(v, "cannot be combined with script; the script registers its own triggers and actions")
			}
		}
		rules = l.script(r, script)
	} else if l.rule(r, n, s) {
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

// conditions reads the settings that all rules of a skill share.
func (l *loader) conditions(name string, s *config.Section) *rule {
	r := &rule{skill: name}
	if w := loadUserSet(s.Get("allow"), l.problems); w != nil && !w.empty() {
		r.allow = []*userSet{w}
	}
	r.deny = loadUserSet(s.Get("deny"), l.problems)
	if r.ages = l.loadAges(s.Get("allow")); r.ages != nil {
		r.looksUp = true
	}
	for _, key := range []string{"follower", "account-age"} {
		if n := s.Get("deny").Field(key); n != nil {
			l.problems.Add(n, "%s belongs to allow", key)
		}
	}
	r.cooldown = loadCooldown(s.Get("cooldown"), l.problems)
	r.config = l.loadConfig(s.Get("config"))
	r.stop = s.Bool("stop", false)
	if n := s.Get("live"); n != nil {
		if live, ok := n.Bool(l.problems); ok {
			r.live, r.looksUp = &live, true
		}
	}
	if n := s.Get("min-lines"); n != nil {
		lines, ok := n.Int(l.problems)
		if ok && lines < 0 {
			l.problems.Add(n, "want a number of chat lines")
		}
		r.minLines = int64(lines)
	}
	for _, channel := range s.StringList("channels") {
		r.channels = append(r.channels, strings.ToLower(strings.TrimPrefix(channel, "@")))
	}
	return r
}

// rule reads the triggers, the condition and the actions of a skill. If the triggers are
// unknown, the rest is checked as far as any trigger allows it.
func (l *loader) rule(r *rule, n *config.Node, s *config.Section) bool {
	// A disabled skill adds nothing to the needs.
	needs := l.needs
	if !s.Bool("enabled", true) {
		l.needs = &Needs{}
		defer func() { l.needs = needs }()
	}
	found, read := l.loadTriggers(r, s)
	if !found {
		l.problems.Add(n, "the skill has no trigger; add on, match, every or script")
	}
	known := l.scope(r)
	if !found || !read {
		known = known.Unchecked()
		l.chat, l.actor, l.author = true, true, "{event.user_id}"
		l.held, l.redeems = true, true
	}
	r.setTriggers(r.triggers)
	l.checkUserSets(r, s)
	r.refused, r.cooling = l.loadAnswer(s.Get("refused"), known), l.loadAnswer(s.Get("cooling"), known)
	if w := s.Get("when"); w != nil {
		r.when = compileCondition(w, l.problems, known)
	}
	if do := s.Need("do"); do != nil {
		l.results = nil
		r.steps = l.loadSteps(do, known)
	}
	r.looksUp = r.looksUp || r.when != nil && (r.when.Uses("channel") || r.when.Uses("viewer") || r.when.Uses("uptime"))
	r.moderates = slices.ContainsFunc(r.steps, loadedStep.moderates)
	return found
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
