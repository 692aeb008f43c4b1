package bot

import (
	"strings"
	"unicode"
)

// cutWord returns the first word of text and what follows it.
func cutWord(text string) (word, rest string) {
	text = strings.TrimLeftFunc(text, unicode.IsSpace)
	if i := strings.IndexFunc(text, unicode.IsSpace); i >= 0 {
		return text[:i], strings.TrimSpace(text[i:])
	}
	return text, ""
}

// isBreak reports whether r cannot be part of a command's name.
func isBreak(r rune) bool { return unicode.IsSpace(r) || unicode.IsControl(r) }
