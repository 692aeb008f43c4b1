package skill

import (
	"cmp"
	"slices"
	"strings"

	"github.com/larkspur-dev/larkspur/chat"
	"github.com/larkspur-dev/larkspur/skill/internal/words"
)

// An index finds the rules that a message may trigger without asking each of them:
// commands by their first word, keywords all together in one pass over the text.
type index struct {
	commands map[string][]candidate // by the first word, in lower case
	folded   *words.Finder          // keywords in lower case; nil if there are none
	exact    *words.Finder          // keywords as they are written; nil if there are none
	keywords []candidate            // by the number of the finder; first those of folded
	others   []candidate            // asked for every message
}

// A candidate is a rule and one of its matchers.
type candidate struct {
	order   int // of the rule in the file
	rule    *rule
	matcher matcher
}

func newIndex(rules []*rule) *index {
	x := &index{commands: map[string][]candidate{}}
	var folded, exact [][]string
	var foldedRules, exactRules []candidate
	for i, r := range rules {
		for _, m := range r.matches {
			c := candidate{i, r, m}
			switch m := m.(type) {
			case *command:
				head := m.words[0].fixed
				x.commands[head] = append(x.commands[head], c)
			case *keywordMatcher:
				if m.sensitive {
					exact, exactRules = append(exact, m.words), append(exactRules, c)
				} else {
					folded, foldedRules = append(folded, m.words), append(foldedRules, c)
				}
			default:
				x.others = append(x.others, c)
			}
		}
	}
	x.folded, x.exact = words.New(folded), words.New(exact)
	x.keywords = append(foldedRules, exactRules...)
	return x
}

// find returns the candidates for a text in the order of their rules, each rule with the
// first of its matchers that may match.
func (x *index) find(text string) []candidate {
	found := slices.Clone(x.others)
	found = append(found, x.command(text)...)
	seen := map[int]bool{}
	first := 0
	for _, f := range []struct {
		finder *words.Finder
		text   func() string
	}{
		{x.folded, func() string { return strings.ToLower(text) }},
		{x.exact, func() string { return text }},
	} {
		if f.finder == nil {
			continue
		}
		folded := f.text()
		f.finder.Find(folded, func(list, start, end int) {
			c := x.keywords[first+list]
			if m, ok := c.matcher.(*keywordMatcher); ok && !seen[first+list] && (!m.whole || isWhole(folded, start, end)) {
				seen[first+list] = true
				found = append(found, candidate{c.order, c.rule, foundKeyword{m, folded[start:end]}})
			}
		})
		first += f.finder.Lists()
	}
	slices.SortStableFunc(found, func(a, b candidate) int { return cmp.Compare(a.order, b.order) })
	return found
}

// command returns the commands that a text calls. Of "!quote" and "!quote add", a message
// that begins with "!quote add" calls the second only.
func (x *index) command(text string) []candidate {
	all := x.commands[firstWord(text)]
	if len(all) < 2 {
		return all
	}
	var most int
	var out []candidate
	for _, c := range all {
		m, ok := c.matcher.(*command)
		if !ok || !m.called(text) {
			continue
		}
		switch n := m.heads(); {
		case n > most:
			most, out = n, []candidate{c}
		case n == most:
			out = append(out, c)
		}
	}
	return out
}

// called reports whether a text begins with the fixed words of the command.
func (c *command) called(text string) bool {
	for _, w := range c.words[:c.heads()] {
		var field string
		if field, text = cutWord(text); strings.ToLower(field) != w.fixed {
			return false
		}
	}
	return true
}

// foundKeyword is a keyword matcher that has matched.
type foundKeyword struct {
	*keywordMatcher

	word string
}

func (f foundKeyword) match(text string) (map[string]any, string, bool) {
	return map[string]any{"match": []string{f.word}, "args": text}, "", true
}

func (f foundKeyword) String() string { return "keyword " + f.word }

// wanted reports whether a candidate may run for a message.
func (c candidate) wanted(m *chat.Message, f first) bool {
	mm, ok := c.matcher.(messageMatcher)
	return !ok || mm.wants(m, f)
}
