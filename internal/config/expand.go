package config

import (
	"fmt"
	"strings"
)

// expand replaces ${NAME} in a text by the value of the variable, and ${NAME:-text} by
// text if the variable is unset or empty. It reports each variable that is unset.
func (b *builder) expand(n *Node, s string) (text string, changed bool) {
	if !strings.Contains(s, "${") {
		return s, false
	}
	n.Value = s // positions of problems refer to the text as written
	var out strings.Builder
	for rest := s; ; {
		i := strings.Index(rest, "${")
		if i < 0 {
			out.WriteString(rest)
			return out.String(), changed
		}
		if i > 0 && rest[i-1] == '$' { // $${ is a literal ${
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
				`want a variable such as ${TWITCH_CLIENT_ID} after "${"; write $${ for a literal "${"`))
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
	return fmt.Sprintf("the environment variable %[1]s is not set; set it (export %[1]s=…), give a default with ${%[1]s:-default}, or write $${%[1]s} for the literal text", name)
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
