package chat

import "strings"

// A line is one message of a client, taken apart. Nothing in it is checked
// beyond its shape.
type line struct {
	tags    map[string]string // decoded; nil without tags
	command string            // upper case
	params  []string          // the last one may hold spaces
}

// parseLine takes a line without its line end apart. It reports false where
// it has no command, as an empty line.
func parseLine(s string) (line, bool) {
	var l line
	if rest, found := strings.CutPrefix(s, "@"); found {
		tags, after, _ := strings.Cut(rest, " ")
		l.tags = parseTags(tags)
		s = after
	}
	s = strings.TrimLeft(s, " ")
	if strings.HasPrefix(s, ":") { // clients have no business to send a prefix; RFC 1459 lets them
		_, after, _ := strings.Cut(s, " ")
		s = strings.TrimLeft(after, " ")
	}
	command, s, _ := strings.Cut(s, " ")
	if command == "" {
		return line{}, false
	}
	l.command = strings.ToUpper(command)
	for {
		s = strings.TrimLeft(s, " ")
		if s == "" {
			return l, true
		}
		if trailing, found := strings.CutPrefix(s, ":"); found {
			l.params = append(l.params, trailing)
			return l, true
		}
		var param string
		param, s, _ = strings.Cut(s, " ")
		l.params = append(l.params, param)
	}
}

// param returns the nth parameter, or "".
func (l line) param(n int) string {
	if n < len(l.params) {
		return l.params[n]
	}
	return ""
}

func parseTags(s string) map[string]string {
	tags := make(map[string]string)
	for tag := range strings.SplitSeq(s, ";") {
		key, value, _ := strings.Cut(tag, "=")
		if key != "" {
			tags[key] = unescape(value)
		}
	}
	return tags
}

// unescape decodes a tag value in one pass from left to right: replacing one
// escape after the other would read `\\s` as a backslash and a space.
func unescape(s string) string {
	if !strings.Contains(s, `\`) {
		return s
	}
	var b strings.Builder
	b.Grow(len(s))
	for i := 0; i < len(s); i++ {
		if s[i] != '\\' {
			b.WriteByte(s[i])
			continue
		}
		i++
		if i == len(s) {
			break // a lone backslash at the end is dropped
		}
		switch s[i] {
		case ':':
			b.WriteByte(';')
		case 's':
			b.WriteByte(' ')
		case 'r':
			b.WriteByte('\r')
		case 'n':
			b.WriteByte('\n')
		default:
			b.WriteByte(s[i])
		}
	}
	return b.String()
}
