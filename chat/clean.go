package chat

import (
	"strings"
	"unicode"
)

// Clean makes a text fit for a chat message: [OneLine] and [NoCommand]. Messages
// often carry text that a viewer chose, and a viewer must not get the bot to write
// "/ban ada". The length is not changed: see [Split] and [Shorten].
func Clean(text string) string { return NoCommand(OneLine(text)) }

// OneLine makes a text fit for one line:
//
//   - line breaks and tabs become spaces, other control characters are removed;
//   - invisible characters are removed, but for those that shape visible ones:
//     between them (joiners), or behind them (variation selectors, tags of flags);
//   - bytes that are not UTF-8 become U+FFFD;
//   - white space at both ends is removed.
//
// Doing it again changes nothing.
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
// like it: Twitch reads both as the beginning of a command. Something invisible in
// front would not do, because Twitch removes some invisible characters before it
// looks. The text should be clean otherwise; see [OneLine].
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
