package cli

import (
	"os"
	"strings"
	"unicode/utf8"

	"golang.org/x/term"
)

// indent is where the text of a line begins, after its time.
const indent = 10

// minText is how many columns the text needs at least for wrapping to be of use.
const minText = 20

// wrap breaks a line between words so that it fits into so many columns. What
// goes on in the next line is indented to where the text begins. Colours take no
// column. Zero columns, or very few, leave the line as it is.
func wrap(line string, columns int) string {
	if columns < indent+minText {
		return line
	}
	var b strings.Builder
	at, spaces := 0, ""
	for i, word := range strings.Split(line, " ") {
		if i > 0 {
			spaces += " "
		}
		if word == "" {
			continue
		}
		n := visible(word)
		if at > indent && at+len(spaces)+n > columns {
			b.WriteString("\n" + strings.Repeat(" ", indent) + word)
			at = indent + n
		} else {
			b.WriteString(spaces + word)
			at += len(spaces) + n
		}
		spaces = ""
	}
	return b.String()
}

// visible counts the characters that take a column.
func visible(s string) int {
	n := 0
	for s != "" {
		if rest, ok := strings.CutPrefix(s, "\x1b["); ok {
			_, s, _ = strings.Cut(rest, "m")
			continue
		}
		_, size := utf8.DecodeRuneInString(s)
		n, s = n+1, s[size:]
	}
	return n
}

// columnsOf returns how wide a terminal is, whenever it is asked, or nil for what
// is no terminal.
func columnsOf(f any) func() int {
	file, ok := f.(*os.File)
	if !ok || !isTerminal(file) {
		return nil
	}
	return func() int {
		columns, _, err := term.GetSize(int(file.Fd()))
		if err != nil {
			return 0
		}
		return columns
	}
}
