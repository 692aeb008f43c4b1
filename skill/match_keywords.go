package skill

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/larkspur-dev/larkspur/internal/config"
	"github.com/larkspur-dev/larkspur/skill/internal/expr"
)

// keywordMatcher is match: {keywords: […]}: a message that contains one of some words.
// All keyword matchers of a set are searched for together, see [index].
type keywordMatcher struct {
	words     []string // as compared: in lower case unless sensitive
	sensitive bool
	whole     bool // not inside of a longer word
}

// The limits of keywords.
const (
	maxKeywords = 10_000
	maxKeyword  = 200 // bytes
)

// loadKeywords reads keywords:.
func (l *loader) loadKeywords(n *config.Node, s *config.Section) []matcher {
	m := &keywordMatcher{sensitive: s.Bool("case-sensitive", false), whole: s.Bool("whole-words", true)}
	words := n.StringList(l.problems)
	if n.Kind == config.List && len(n.Items) == 0 {
		l.problems.Add(n, "the list of keywords is empty")
	}
	if len(words) > maxKeywords {
		l.problems.Add(n, "a skill can have %d keywords, these are %d", maxKeywords, len(words))
		return nil
	}
	for _, w := range words {
		if w = strings.Join(strings.Fields(w), " "); w == "" || len(w) > maxKeyword {
			l.problems.Add(n, "a keyword is empty or longer than %d bytes", maxKeyword)
			return nil
		}
		if !m.sensitive {
			w = strings.ToLower(w)
		}
		m.words = append(m.words, w)
	}
	if len(m.words) == 0 {
		return nil
	}
	return []matcher{m}
}

// match searches for the keywords one by one; the index is faster for many.
func (m *keywordMatcher) match(text string) (map[string]any, string, bool) {
	folded := text
	if !m.sensitive {
		folded = strings.ToLower(text)
	}
	for _, w := range m.words {
		for at := 0; ; {
			i := strings.Index(folded[at:], w)
			if i < 0 {
				break
			}
			if start := at + i; !m.whole || isWhole(folded, start, start+len(w)) {
				return map[string]any{"match": []string{w}, "args": text}, "", true
			}
			at += i + 1
		}
	}
	return nil, "", false
}

// isWhole reports whether no letter or digit adjoins text[start:end].
func isWhole(text string, start, end int) bool {
	before, _ := utf8.DecodeLastRuneInString(text[:start])
	after, _ := utf8.DecodeRuneInString(text[end:])
	first, _ := utf8.DecodeRuneInString(text[start:end])
	last, _ := utf8.DecodeLastRuneInString(text[start:end])
	if start > 0 && isWordRune(before) && isWordRune(first) {
		return false
	}
	return end == len(text) || !isWordRune(after) || !isWordRune(last)
}

func isWordRune(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) || r == '_' }

func (m *keywordMatcher) scope(s *expr.Scope) *expr.Scope {
	return s.With("match", expr.TextList).With("args", expr.Text).WithGroups(0)
}

func (m *keywordMatcher) String() string { return "keyword " + m.words[0] }
