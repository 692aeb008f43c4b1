package skill

import (
	"slices"
	"strings"

	"github.com/larkspur-dev/larkspur/internal/config"
	"github.com/larkspur-dev/larkspur/skill/internal/expr"
)

// triggerKeys are the keys of a skill that say when it runs.
var triggerKeys = []string{"on", "match", "every", "cron", "after-lines", "first-message", "reward", "otherwise"}

// loadTriggers reads the triggers of a skill: keys of the skill itself, and the entries of
// triggers:. found reports whether there is any, known whether all could be read.
func (l *loader) loadTriggers(r *rule, s *config.Section) (found, known bool) {
	known = true
	load := func(key string, n *config.Node) {
		found = true
		before := r.triggerCount()
		if l.loadTrigger(r, key, n); r.triggerCount() == before {
			known = false
		}
	}
	for _, key := range triggerKeys {
		if n := s.Get(key); n != nil {
			load(key, n)
		}
	}
	list := s.Get("triggers")
	switch {
	case list == nil:
	case list.Kind != config.List || len(list.Items) == 0:
		l.problems.Add(list, "want a list of triggers, such as [{on: channel.follow}, {match: {command: '!hello'}}]")
		found, known = true, false
	default:
		for _, item := range list.Items {
			one := item.Section(l.problems, triggerKeys...)
			if item.Kind == config.Map && len(item.Fields) != 1 {
				l.problems.Add(item, "a trigger has one key; start the next one with its own dash")
			}
			for _, key := range triggerKeys {
				if n := one.Get(key); n != nil {
					load(key, n)
				}
			}
		}
		found = true
	}
	return found, known
}

// triggerCount returns how many triggers a rule has.
func (r *rule) triggerCount() int {
	n := len(r.matches) + len(r.triggers) + len(r.timers)
	if r.otherwise {
		n++
	}
	return n
}

// loadTrigger reads one trigger.
func (l *loader) loadTrigger(r *rule, key string, n *config.Node) {
	switch key {
	case "on":
		r.triggers = append(r.triggers, l.loadOn(n)...)
	case "match":
		r.matches = append(r.matches, l.loadMatch(n)...)
	case "every":
		r.addTimer(l.loadEvery(n))
	case "cron":
		r.addTimer(l.loadCron(n))
	case "after-lines":
		r.addTimer(l.loadAfterLines(n))
	case "first-message":
		if m := l.loadFirst(n); m != nil {
			r.matches = append(r.matches, m)
		}
	case "reward":
		r.triggers = append(r.triggers, l.loadReward(n)...)
	case "otherwise":
		r.otherwise, _ = n.Bool(l.problems)
	}
}

// scope returns the names that expressions of a rule may use: those that every trigger
// defines.
func (l *loader) scope(r *rule) *expr.Scope {
	known := map[string]*expr.Shape{
		"channel": channelShape, "now": expr.Time, "config": r.config.Shape(), "memory": expr.Any, "uptime": expr.Any, "viewer": viewerShape,
	}
	for name := range functions {
		known[name] = expr.Any
	}
	base := expr.NewScope(known)
	var events []*expr.Shape
	if len(r.matches) > 0 || r.otherwise {
		events = append(events, messageShape)
	}
	l.chat, l.actor, l.author = true, true, "{event.user_id}"
	only := func(prefix string) bool {
		return len(r.triggers) > 0 && r.triggerCount() == len(r.triggers) &&
			!slices.ContainsFunc(r.triggers, func(t trigger) bool { return !strings.HasPrefix(t.typ.Name, prefix) })
	}
	l.held, l.redeems = only("automod.message.hold"), only(customRedemptions)
	for _, t := range r.triggers {
		if !slices.Contains(events, t.shape) {
			events = append(events, t.shape)
		}
		l.chat = l.chat && t.typ.Name == chatMessage
		l.actor = l.actor && t.namesActor()
	}
	if len(r.matches) == 0 && !r.otherwise {
		l.author = "{event.chatter_user_id}"
	} else if len(r.triggers) > 0 {
		l.chat = false
	}
	if len(r.timers) > 0 {
		events = append(events, timerShape)
		l.chat, l.actor = false, false
	}
	base = base.WithEvents(events...)
	if slices.ContainsFunc(r.triggers, func(t trigger) bool { return t.signal == signalRun }) {
		return base.Unchecked() // the names are those of the skill that runs this one
	}
	switch {
	case len(r.triggers)+len(r.timers) > 0:
		return base
	case r.otherwise:
		return commonScope(base, append(slices.Clip(r.matches), anyMatcher{}))
	case len(r.matches) == 0:
		return base
	}
	return commonScope(base, r.matches)
}

// commonScope returns base with the names that all matchers define.
func commonScope(base *expr.Scope, matches []matcher) *expr.Scope {
	first := matches[0].scope(expr.NewScope(nil))
	if len(matches) == 1 {
		return matches[0].scope(base)
	}
	out := base
	for _, name := range first.Names() {
		shape := first.Shape(name)
		everywhere := !slices.ContainsFunc(matches[1:], func(m matcher) bool {
			other := m.scope(expr.NewScope(nil))
			if other.Shape(name) != shape {
				shape = expr.Any
			}
			return !slices.Contains(other.Names(), name)
		})
		if everywhere {
			out = out.With(name, shape)
		}
	}
	return out.WithGroups(manyGroups)
}

// manyGroups switches off the check of indices of match.
const manyGroups = 1 << 20

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

// customRedemptions is the prefix of those of rewards that the channel made.
const customRedemptions = "channel.channel_points_custom_reward_redemption"

// addTimer adds a timer, unless it could not be read.
func (r *rule) addTimer(t *timer) {
	if t != nil {
		r.timers = append(r.timers, t)
	}
}

// need adds the events of a rule to the needs.
func (l *loader) need(r *rule) {
	if len(r.matches) > 0 || r.otherwise || r.minLines > 0 || slices.ContainsFunc(r.timers, func(t *timer) bool { return t.lines > 0 }) {
		l.needs.Chat = true
	}
	for _, t := range r.triggers {
		switch t.signal {
		case signalJoin, signalPart:
			l.needs.Membership = true
		case signalStop:
			l.needs.Stop = true
		case "":
			l.needs.addEvent(t.typ)
		}
	}
}
