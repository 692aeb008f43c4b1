package skill

import (
	"regexp"
	"regexp/syntax"
	"strconv"
	"strings"

	"github.com/larkspur-dev/larkspur/internal/config"
	"github.com/larkspur-dev/larkspur/skill/internal/expr"
)

// maxPattern is the longest pattern in bytes. Go's regular expressions are linear in the
// text, but a long pattern takes memory.
const maxPattern = 1000

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

// regexMatcher is match: {regex: …}.
type regexMatcher struct {
	source string
	re     *regexp.Regexp
}

// compileRegex compiles a pattern. condition is one of conditions.
func compileRegex(pattern string, caseSensitive bool, condition string) (*regexMatcher, string) {
	if len(pattern) > maxPattern {
		return nil, "the regular expression is longer than 1000 bytes"
	}
	whole := pattern
	switch condition {
	case "match":
		whole = `\A(?:` + pattern + `)`
	case "fullmatch":
		whole = `\A(?:` + pattern + `)\z`
	}
	if !caseSensitive {
		whole = "(?i:" + whole + ")"
	}
	// Compile the bare pattern first, so that errors do not show the wrapping.
	if _, err := regexp.Compile(pattern); err != nil {
		return nil, regexProblem(err)
	}
	re, err := regexp.Compile(whole)
	if err != nil {
		return nil, regexProblem(err)
	}
	return &regexMatcher{source: pattern, re: re}, ""
}

func regexProblem(err error) string {
	text := strings.TrimPrefix(err.Error(), "error parsing regexp: ")
	if strings.Contains(text, "invalid or unsupported Perl syntax") || strings.Contains(text, string(syntax.ErrInvalidPerlOp)) {
		text += "; look-around and back references are not supported"
	}
	return "not a regular expression: " + text
}

func (m *regexMatcher) match(text string) (map[string]any, string, bool) {
	found := m.re.FindStringSubmatch(text)
	if found == nil {
		return nil, "", false
	}
	names := map[string]any{"match": found, "args": found[0]}
	for i, name := range m.re.SubexpNames() {
		if name != "" {
			names[name] = found[i]
		}
	}
	return names, "", true
}

func (m *regexMatcher) scope(s *expr.Scope) *expr.Scope {
	out := s.With("match", expr.TextList).With("args", expr.Text).WithGroups(m.re.NumSubexp())
	for _, name := range m.re.SubexpNames() {
		if name != "" {
			out = out.With(name, expr.Text)
		}
	}
	return out
}

func (m *regexMatcher) String() string { return "/" + m.source + "/" }

// conditions say where a regular expression must match: anywhere, at the beginning, or
// the whole text.
var conditions = []string{"search", "match", "fullmatch"}

// loadMatch reads match:.
func loadMatch(n *config.Node, ps *config.Problems) matcher {
	s := n.Section(ps, "regex", "command", "case-sensitive", "condition")
	regex, command := s.Get("regex"), s.Get("command")
	if n.Kind != config.Map {
		if n.Kind == config.Null {
			ps.Add(n, "want {regex: …} or {command: …}")
		}
		return nil
	}
	if (regex == nil) == (command == nil) {
		ps.Add(n, "want either regex or command")
		return nil
	}
	if command != nil {
		for _, key := range []string{"case-sensitive", "condition"} {
			if v := s.Get(key); v != nil {
				ps.Add(v, "is an option of regex, not of command")
			}
		}
		src, ok := command.Text(ps)
		if !ok {
			return nil
		}
		m, wrong := parseCommand(src)
		for _, w := range wrong {
			*ps = append(*ps, command.ProblemAt(w.Offset, "%s", w.Text))
		}
		if m == nil {
			return nil
		}
		return m
	}
	sensitive := s.Bool("case-sensitive", true)
	condition := s.String("condition", "search")

	if v := s.Get("condition"); v != nil && !contains(conditions, condition) {
		ps.Add(v, "unknown condition %s%s", v.Quote(), hint(condition, conditions))
		return nil
	}
	src, ok := regex.Text(ps)
	if !ok {
		return nil
	}
	m, wrong := compileRegex(src, sensitive, condition)
	if wrong != "" {
		if regex.Expanded {
			wrong = "not a regular expression"
		}
		ps.Add(regex, "%s", wrong)
		return nil
	}
	for _, name := range m.re.SubexpNames() {
		if isReserved(name) {
			ps.Add(regex, "a group cannot be named %s", strconv.Quote(name))
			return nil
		}
	}
	return m
}
