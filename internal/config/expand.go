package config

import (
	"fmt"
	"strings"
)

// expand replaces ${NAME} in a text by the variable's value, and ${NAME:-text}
// by text where the variable is not set or empty. Reports what cannot be
// replaced, each at its place.
func (b *builder) expand(n *Node, s string) (text string, changed bool) {
	if !strings.Contains(s, "${") {
		return s, false
	}
	n.Value = s // so that problems find their place in the text as it is written
	var out strings.Builder
	for rest := s; ; {
		i := strings.Index(rest, "${")
		if i < 0 {
			out.WriteString(rest)
			return out.String(), changed
		}
		if i > 0 && rest[i-1] == '$' { // $${ stands for ${
			out.WriteString(rest[:i-1] + "${")
			rest = rest[i+2:]
			continue
		}
		out.WriteString(rest[:i])
		offset := len(s) - len(rest) + i
		inner, after, closed := strings.Cut(rest[i+2:], "}")
		name, fallback, optional := strings.Cut(inner, ":-")
		if !closed || !isVariable(name) {
			b.problems = append(b.problems, n.ProblemAt(offset,
				`"${" begins a variable such as ${TWITCH_CLIENT_ID}; write $${ for the characters themselves`))
			out.WriteString("${")
			rest = rest[i+2:]
			continue
		}
		value, ok := b.env(name)
		if optional && value == "" {
			value, ok = fallback, true
		}
		if !ok {
			b.problems = append(b.problems, n.ProblemAt(offset, "%s", unset(name)))
		}
		out.WriteString(value)
		changed = true
		rest = after
	}
}

func unset(name string) string {
	return fmt.Sprintf("the variable %[1]s is not set; set it before the start (export %[1]s=…), give a default with ${%[1]s:-default}, or write $${%[1]s} for the characters themselves", name)
}

func isVariable(name string) bool {
	for i, r := range name {
		letter := r == '_' || r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z'
		if !letter && (i == 0 || r < '0' || r > '9') {
			return false
		}
	}
	return name != ""
}
