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

// regexMatcher is match: {regex: …}.
type regexMatcher struct {
	source string
	re     *regexp.Regexp
	all    bool // condition: findall
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
	return &regexMatcher{source: pattern, re: re, all: condition == "findall"}, ""
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
	if m.all {
		names["match"] = m.re.FindAllString(text, maxFound)
	}
	for i, name := range m.re.SubexpNames() {
		if name != "" {
			names[name] = found[i]
		}
	}
	return names, "", true
}

func (m *regexMatcher) scope(s *expr.Scope) *expr.Scope {
	out := s.With("match", expr.TextList).With("args", expr.Text).WithGroups(m.re.NumSubexp())
	if m.all {
		out = out.WithGroups(manyGroups)
	}
	for _, name := range m.re.SubexpNames() {
		if name != "" {
			out = out.With(name, expr.Text)
		}
	}
	return out
}

func (m *regexMatcher) String() string { return "/" + m.source + "/" }

// conditions say where a regular expression must match: anywhere, at the beginning, or the
// whole text. With findall, match is every place where it matches.
var conditions = []string{"search", "match", "fullmatch", "findall"}

// maxFound is the most places of findall.
const maxFound = 100

// loadRegex reads regex: and its options.
func (l *loader) loadRegex(n *config.Node, s *config.Section) []matcher {
	sensitive := s.Bool("case-sensitive", true)
	condition := s.String("condition", "search")
	if v := s.Get("condition"); v != nil && !contains(conditions, condition) {
		l.problems.Add(v, "unknown condition %s%s", v.Quote(), hint(condition, conditions))
		return nil
	}
	src, ok := n.Text(l.problems)
	if !ok {
		return nil
	}
	m, wrong := compileRegex(src, sensitive, condition)
	if wrong != "" {
		if n.Expanded {
			wrong = "not a regular expression"
		}
		l.problems.Add(n, "%s", wrong)
		return nil
	}
	for _, name := range m.re.SubexpNames() {
		if isReserved(name) {
			l.problems.Add(n, "a group cannot be named %s", strconv.Quote(name))
			return nil
		}
	}
	return []matcher{m}
}
