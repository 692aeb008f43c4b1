package irc

import (
	"fmt"
	"log/slog"
	"strings"
)

// A ParseError is returned for a line that is not an IRC message.
type ParseError struct {
	Reason string // "no command after the tags"
	Offset int    // byte of the line at which the problem is; negative if it has no position
}

// Error returns the reason and the position. It never quotes the line.
func (e *ParseError) Error() string {
	if e.Offset < 0 {
		return "irc: parse: " + e.Reason
	}
	return fmt.Sprintf("irc: parse: %s (at byte %d)", e.Reason, e.Offset)
}

// LogValue implements [slog.LogValuer].
func (e *ParseError) LogValue() slog.Value {
	return slog.GroupValue(slog.String("reason", e.Reason), slog.Int("offset", e.Offset))
}

// Parse parses one line, with or without its line end. The strings of the message are
// substrings of the line: nothing is copied.
//
// Unknown commands are parsed like all others. If the line is not an IRC message, the
// error is a [*ParseError].
func Parse(line string) (m Message, err error) {
	err = m.parse(line)
	return m, err
}

// parse is Parse into a zero value.
func (m *Message) parse(line string) error {
	line = trimLineEnd(line)
	if err := m.cut(line); err != nil {
		return err
	}
	// A line end inside a line could be used to inject a second message.
	for _, c := range [...]byte{'\r', '\n', 0} {
		if i := strings.IndexByte(line, c); i >= 0 {
			return &ParseError{Reason: "line end or NUL inside the line", Offset: i}
		}
	}
	return nil
}

// cut is parse for a line without line ends and NUL.
func (m *Message) cut(line string) error {
	m.Line = line
	if line == "" {
		return &ParseError{Reason: "empty line"}
	}
	rest := line
	if rest[0] == '@' {
		end := strings.IndexByte(rest, ' ')
		if end < 0 {
			return &ParseError{Reason: "no command after the tags", Offset: len(line)}
		}
		m.Tags = Tags(rest[1:end])
		rest = trimSpaces(rest[end:])
	}
	if rest != "" && rest[0] == ':' {
		end := strings.IndexByte(rest, ' ')
		if end < 0 {
			return &ParseError{Reason: "no command after the source", Offset: len(line)}
		}
		m.Source = rest[1:end]
		rest = trimSpaces(rest[end:])
	}
	if strings.HasPrefix(rest, "PRIVMSG ") { // nearly every line
		m.Command, m.params = rest[:len("PRIVMSG")], rest[len("PRIVMSG "):]
	} else if err := m.command(rest, len(line)-len(rest)); err != nil {
		return err
	}
	return nil
}

// command reads the command and what follows it. at is where rest begins in the line.
func (m *Message) command(rest string, at int) error {
	m.Command, m.params, _ = cutByte(rest, ' ')
	if m.Command == "" {
		return &ParseError{Reason: "no command", Offset: at}
	}
	if i := badCommand(m.Command); i >= 0 {
		return &ParseError{Reason: "command is neither letters nor three digits", Offset: at + i}
	}
	return nil
}

// badCommand returns where command stops being one, or -1.
func badCommand(command string) int {
	if isDigit(command[0]) {
		for i := range min(len(command), 3) {
			if !isDigit(command[i]) {
				return i
			}
		}
		if len(command) != 3 {
			return min(len(command), 3)
		}
		return -1
	}
	for i := range len(command) {
		if c := command[i] | 0x20; c < 'a' || c > 'z' {
			return i
		}
	}
	return -1
}

func isDigit(c byte) bool { return '0' <= c && c <= '9' }

func trimLineEnd(s string) string {
	for s != "" && (s[len(s)-1] == '\n' || s[len(s)-1] == '\r') {
		s = s[:len(s)-1]
	}
	return s
}

func trimSpaces(s string) string {
	for s != "" && s[0] == ' ' {
		s = s[1:]
	}
	return s
}
