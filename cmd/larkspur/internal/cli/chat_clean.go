package cli

import (
	"bytes"
	"fmt"
	"io"
	"strings"
	"unicode"
	"unicode/utf16"

	"github.com/larkspur-dev/larkspur/chat"
)

// What viewers choose is shown to at most so many characters.
const (
	maxName  = 50
	maxText  = chat.MaxLength
	maxQuote = 40 // of a message that is answered or deleted
)

// cut prepares a text of a viewer for the terminal: one line without control and
// invisible characters, at most n characters long, and with at most maxMarks accents on
// one letter, which would otherwise cover other lines.
func cut(text string, n int) string {
	const maxMarks = 3
	marks := 0
	text = strings.Map(func(r rune) rune {
		if !unicode.In(r, unicode.Mn, unicode.Me) {
			marks = 0
			return r
		}
		if marks++; marks > maxMarks {
			return -1
		}
		return r
	}, chat.OneLine(text))
	return chat.Shorten(text, n)
}

// isHidden reports whether a terminal must not get a character as it is: it may control
// the terminal, turn the direction of writing, or be invisible.
func isHidden(r rune) bool { return unicode.IsControl(r) || unicode.Is(unicode.Cf, r) }

// visibleLine removes hidden characters from a raw line.
func visibleLine(line string) string {
	return strings.Map(func(r rune) rune {
		if isHidden(r) {
			return -1
		}
		return r
	}, line)
}

// escapeRaw replaces each control character of a line by a backslash and its number, as
// in \x1b, so that a file of lines can be shown. A backslash before an x is doubled.
func escapeRaw(line string) string {
	if !strings.ContainsFunc(line, unicode.IsControl) && !strings.Contains(line, `\x`) {
		return line
	}
	var b strings.Builder
	for i, r := range line {
		switch {
		case r == '\\' && strings.HasPrefix(line[i:], `\x`):
			b.WriteString(`\\`)
		case unicode.IsControl(r):
			fmt.Fprintf(&b, `\x%02x`, r)
		default:
			b.WriteRune(r)
		}
	}
	return b.String()
}

// escapeHidden escapes hidden characters in a line of JSON, which has them in texts only.
// The line end stays.
func escapeHidden(line []byte) []byte {
	hidden := func(r rune) bool { return r != '\n' && isHidden(r) }
	if !bytes.ContainsFunc(line, hidden) {
		return line
	}
	var b bytes.Buffer
	for _, r := range string(line) {
		if hidden(r) {
			escapeRune(&b, r)
		} else {
			b.WriteRune(r)
		}
	}
	return b.Bytes()
}

func escapeRune(w io.Writer, r rune) {
	if high, low := utf16.EncodeRune(r); high != unicode.ReplacementChar {
		fmt.Fprintf(w, `\u%04x\u%04x`, high, low)
		return
	}
	fmt.Fprintf(w, `\u%04x`, r)
}
