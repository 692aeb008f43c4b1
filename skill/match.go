package skill

import (
	"slices"
	"strings"
	"unicode"

	"github.com/larkspur-dev/larkspur/chat"
	"github.com/larkspur-dev/larkspur/internal/config"
	"github.com/larkspur-dev/larkspur/skill/internal/expr"
)

// A matcher decides whether a chat message triggers a skill.
type matcher interface {
	// match returns the names that the text defines. usage is set if the text is a
	// call of the command with wrong arguments.
	match(text string) (names map[string]any, usage string, ok bool)
	// scope returns s with the names that match returns.
	scope(s *expr.Scope) *expr.Scope
	// String names the matcher in reports.
	String() string
}

// A messageMatcher is a matcher that looks at more of a message than its text.
type messageMatcher interface {
	matcher
	wants(m *chat.Message, f first) bool
}

// matchKeys are the kinds of matchers.
var matchKeys = []string{"command", "regex", "parse", "keywords", "any"}

// matchOptions are the other keys of match:, with the kinds that they belong to.
var matchOptions = map[string][]string{
	"aliases":        {"command"},
	"case-sensitive": {"regex", "parse", "keywords"},
	"condition":      {"regex"},
	"whole-words":    {"keywords"},
}

// loadMatch reads match:. It returns no matcher after reporting a problem.
func (l *loader) loadMatch(n *config.Node) []matcher {
	s := n.Section(l.problems, append(slices.Clip(matchKeys), "aliases", "case-sensitive", "condition", "whole-words")...)
	if n.Kind != config.Map {
		if n.Kind == config.Null {
			l.problems.Add(n, "want {command: …}, {regex: …}, {parse: …} or {keywords: […]}")
		}
		return nil
	}
	kind := ""
	for _, key := range matchKeys {
		if !s.Has(key) {
			continue
		}
		if kind != "" {
			l.problems.Add(n, "want either %s or %s; use triggers for several", kind, key)
			return nil
		}
		kind = key
	}
	if kind == "" {
		l.problems.Add(n, "want one of %s", strings.Join(matchKeys, ", "))
		return nil
	}
	for key, kinds := range matchOptions {
		if v := s.Get(key); v != nil && !contains(kinds, kind) {
			l.problems.Add(v, "is an option of %s, not of %s", strings.Join(kinds, ", "), kind)
		}
	}
	switch value := s.Get(kind); kind {
	case "command":
		return l.loadCommand(value, s.Get("aliases"))
	case "regex":
		return l.loadRegex(value, s)
	case "parse":
		return l.loadParse(value, s)
	case "keywords":
		return l.loadKeywords(value, s)
	default:
		if yes, ok := value.Bool(l.problems); ok && !yes {
			l.problems.Add(value, "want true: the skill runs for every message")
			return nil
		}
		return []matcher{anyMatcher{}}
	}
}

// loadCommand reads command: and aliases:, whose arguments are those of the command.
func (l *loader) loadCommand(n, aliases *config.Node) []matcher {
	src, ok := n.Text(l.problems)
	if !ok {
		return nil
	}
	c, wrong := parseCommand(src)
	for _, w := range wrong {
		*l.problems = append(*l.problems, n.ProblemAt(w.Offset, "%s", w.Text))
	}
	if c == nil {
		return nil
	}
	out := []matcher{c}
	for _, alias := range aliases.StringList(l.problems) {
		words := strings.Fields(strings.ToLower(alias))
		if len(words) == 0 || strings.ContainsAny(alias, "{}") {
			l.problems.Add(aliases, "an alias is a fixed word such as !t; the arguments are those of the command")
			continue
		}
		out = append(out, c.alias(words))
	}
	return out
}

// anyMatcher is match: {any: true}: every message.
type anyMatcher struct{}

func (anyMatcher) match(text string) (map[string]any, string, bool) {
	return map[string]any{"match": []string{text}, "args": text}, "", true
}

func (anyMatcher) scope(s *expr.Scope) *expr.Scope {
	return s.With("match", expr.TextList).With("args", expr.Text).WithGroups(0)
}

func (anyMatcher) String() string { return "any message" }

// A firstMatcher is first-message:: the first message of a chatter.
type firstMatcher struct {
	anyMatcher

	ever bool // in this channel at all; otherwise during this stream
}

func (f firstMatcher) String() string {
	if f.ever {
		return "first message ever"
	}
	return "first message of the stream"
}

// wants implements [messageMatcher].
func (f firstMatcher) wants(m *chat.Message, is first) bool {
	if f.ever {
		return m.FirstMessage || is.ever && m.Raw == ""
	}
	return is.stream
}

// loadFirst reads first-message:.
func (l *loader) loadFirst(n *config.Node) matcher {
	what, ok := n.Text(l.problems)
	if ok && what != "ever" && what != "stream" {
		l.problems.Add(n, "unknown value %s; want ever or stream", n.Quote())
		ok = false
	}
	if !ok {
		return nil
	}
	return firstMatcher{ever: what == "ever"}
}

// firstWord returns the first word of a text in lower case.
func firstWord(text string) string {
	text = strings.TrimLeftFunc(text, unicode.IsSpace)
	if end := strings.IndexFunc(text, unicode.IsSpace); end >= 0 {
		text = text[:end]
	}
	return strings.ToLower(text)
}
