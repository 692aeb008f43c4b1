package chat

import (
	"strings"
	"unicode"
)

// Clean prepares a text for sending: it applies [OneLine] and then [NoCommand].
// Messages often contain text that a viewer wrote, and a viewer must not be able to
// make the bot write "/ban ada". Clean does not shorten; see [Split] and [Shorten].
func Clean(text string) string { return NoCommand(OneLine(text)) }

// OneLine returns the text as one line without control and invisible characters:
//
//   - line breaks and tabs become spaces, other control characters are removed;
//   - invisible characters are removed, except where they shape visible ones: joiners
//     between two of them, variation selectors and the tags of flags behind one;
//   - bytes that are not UTF-8 become U+FFFD;
//   - white space at both ends is removed.
//
// OneLine of its own result returns it unchanged.
func OneLine(text string) string {
	if isClean(text) {
		return text
	}
	var b strings.Builder
	b.Grow(len(text))
	before := ' '   // the last character that was written; a text begins as after a space
	join := rune(0) // a joiner that is written if a visible character follows
	for _, r := range strings.ToValidUTF8(text, "\ufffd") {
		switch {
		case isLineBreak(r):
			r = ' '
		case unicode.IsControl(r):
			continue
		}
		switch visibilityOf(r) {
		case hidden:
			continue
		case joiner:
			if join == 0 && !unicode.IsSpace(before) {
				join = r
			}
			continue
		case selector:
			if join != 0 || unicode.IsSpace(before) || visibilityOf(before) != visible {
				continue
			}
		case tag:
			inFlag := before == blackFlag || visibilityOf(before) == tag && before != cancelTag
			if join != 0 || !inFlag {
				continue
			}
		case visible:
			if join != 0 && !unicode.IsSpace(r) {
				b.WriteRune(join)
			}
			join = 0
		}
		b.WriteRune(r)
		before = r
	}
	return strings.TrimSpace(b.String())
}

// isClean reports whether OneLine has nothing to do, for the common case of ASCII.
func isClean(text string) bool {
	for i := range len(text) {
		if c := text[i]; c < ' ' || c >= 0x7f {
			return false
		}
	}
	return text == "" || text[0] != ' ' && text[len(text)-1] != ' '
}

func isLineBreak(r rune) bool {
	switch r {
	case '\t', '\n', '\v', '\f', '\r', '\u0085', '\u2028', '\u2029':
		return true
	}
	return false
}

// NoCommand replaces "/" or "." at the beginning of a text by a character that looks
// like it: Twitch reads both as the beginning of a command. An invisible character in
// front would not be enough, because Twitch removes some of them. NoCommand looks at the
// first character only; see [OneLine] for a text with invisible characters.
func NoCommand(text string) string {
	switch {
	case strings.HasPrefix(text, "/"):
		return "\u2215" + text[1:]
	case strings.HasPrefix(text, "."):
		return "\u2024" + text[1:]
	default:
		return text
	}
}
