package skill

import (
	"regexp"
	"strconv"
	"strings"

	"github.com/larkspur-dev/larkspur/internal/config"
	"github.com/larkspur-dev/larkspur/skill/internal/expr"
)

// parseMatcher is match: {parse: 'say {text} {n:int} times'}: fixed text with values in
// braces, which is the whole message. A value is text, word, int or number.
type parseMatcher struct {
	source string
	re     *regexp.Regexp
	types  map[string]string // by name
}

// parseTypes are the patterns of the types in {name:type}.
var parseTypes = map[string]string{
	"text": `.+?`, "word": `\S+`, "int": `[-+]?[0-9]{1,18}`, "number": `[-+]?[0-9]{1,18}(?:\.[0-9]{1,18})?`,
}

var parseTypeNames = []string{"text", "word", "int", "number"}

// loadParse reads parse:.
func (l *loader) loadParse(n *config.Node, s *config.Section) []matcher {
	sensitive := s.Bool("case-sensitive", false)
	src, ok := n.Text(l.problems)
	if !ok {
		return nil
	}
	m := &parseMatcher{source: src, types: map[string]string{}}
	if len(src) > maxPattern {
		l.problems.Add(n, "the format is longer than 1000 bytes")
		return nil
	}
	before := len(*l.problems)
	pattern := `\A\s*` + l.parsePattern(n, src, m) + `\s*\z`
	if len(*l.problems) > before {
		return nil
	}
	if len(m.types) == 0 {
		l.problems.Add(n, "the format has no values in braces; use keywords or regex")
		return nil
	}
	if !sensitive {
		pattern = "(?i:" + pattern + ")"
	}
	re, err := regexp.Compile(pattern)
	if err != nil {
		l.problems.Add(n, "%s", regexProblem(err))
		return nil
	}
	m.re = re
	return []matcher{m}
}

// parsePattern converts a format to a regular expression.
func (l *loader) parsePattern(n *config.Node, src string, m *parseMatcher) string {
	var out strings.Builder
	for rest, offset := src, 0; rest != ""; offset = len(src) - len(rest) {
		fixed, after, found := strings.Cut(rest, "{")
		out.WriteString(strings.Join(quoteWords(fixed), `\s+`))
		if !found {
			break
		}
		inner, tail, closed := strings.Cut(after, "}")
		if !closed {
			*l.problems = append(*l.problems, n.ProblemAt(offset+len(fixed), `no closing "}" for this "{"`))
			return ""
		}
		name, typ, typed := strings.Cut(inner, ":")
		if !typed {
			typ = "text"
		}
		wrong := ""
		switch {
		case !isName(name):
			wrong = strconv.Quote(name) + " is not a name; use letters, digits and _"
		case isReserved(name):
			wrong = "a value cannot be named " + strconv.Quote(name)
		case parseTypes[typ] == "":
			wrong = "unknown type " + strconv.Quote(typ) + hint(typ, parseTypeNames)
		case m.types[name] != "":
			wrong = "there are two values named " + strconv.Quote(name)
		}
		if wrong != "" {
			*l.problems = append(*l.problems, n.ProblemAt(offset+len(fixed), "%s", wrong))
			return ""
		}
		m.types[name] = typ
		out.WriteString("(?P<" + name + ">" + parseTypes[typ] + ")")
		rest = tail
	}
	return out.String()
}

// quoteWords quotes the words of a text for a regular expression. Spaces at its ends
// become empty words.
func quoteWords(text string) []string {
	words := strings.Fields(text)
	for i := range words {
		words[i] = regexp.QuoteMeta(words[i])
	}
	if len(words) == 0 && text != "" {
		return []string{"", ""}
	}
	if strings.HasPrefix(text, " ") {
		words = append([]string{""}, words...)
	}
	if strings.HasSuffix(text, " ") {
		words = append(words, "")
	}
	return words
}

func (m *parseMatcher) match(text string) (map[string]any, string, bool) {
	found := m.re.FindStringSubmatch(text)
	if found == nil {
		return nil, "", false
	}
	names := map[string]any{"match": found, "args": text}
	for i, name := range m.re.SubexpNames() {
		switch m.types[name] {
		case "":
		case "int":
			n, _ := strconv.ParseInt(found[i], 10, 64) // the pattern fits in
			names[name] = n
		case "number":
			f, _ := strconv.ParseFloat(found[i], 64) // as above
			names[name] = f
		default:
			names[name] = found[i]
		}
	}
	return names, "", true
}

func (m *parseMatcher) scope(s *expr.Scope) *expr.Scope {
	out := s.With("match", expr.TextList).With("args", expr.Text).WithGroups(m.re.NumSubexp())
	for name, typ := range m.types {
		shape := expr.Text
		if typ == "int" || typ == "number" {
			shape = expr.Number
		}
		out = out.With(name, shape)
	}
	return out
}

func (m *parseMatcher) String() string { return m.source }
