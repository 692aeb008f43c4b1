package bot

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// maxText is how many characters Twitch takes.
const maxText = 500

// filler is invisible and keeps "/" from being the first character.
const filler = "\u034f"

// cleanIncoming removes invisible characters at both ends, which chat clients
// append so that a message differs from the one before. Within a text they have a
// meaning: they hold emoji together.
func cleanIncoming(text string) string {
	return strings.TrimFunc(text, func(r rune) bool {
		return unicode.IsSpace(r) || r == '\u034f' || r == '\ufeff' || r >= '\u200b' && r <= '\u200f' || r >= 0xe0000 && r <= 0xe0fff
	})
}

// cleanOutgoing makes text fit for a message: on one line, no command of Twitch's,
// not too long. Replies often carry text that a viewer chose.
func cleanOutgoing(text string) string {
	text = strings.Map(func(r rune) rune {
		switch {
		case r == '\r' || r == '\n' || r == '\t':
			return ' '
		case r < ' ' || r == 0x7f:
			return -1
		default:
			return r
		}
	}, strings.ToValidUTF8(text, "\ufffd"))
	text = strings.TrimSpace(text)
	if strings.HasPrefix(text, "/") || strings.HasPrefix(text, ".") {
		text = filler + text
	}
	return cut(text, maxText)
}

// cut shortens text to at most n characters and shows that it did.
func cut(text string, n int) string {
	if utf8.RuneCountInString(text) <= n {
		return text
	}
	return string([]rune(text)[:n-1]) + "…"
}

// cutWord cuts the first word off text.
func cutWord(text string) (word, rest string) {
	text = strings.TrimLeftFunc(text, unicode.IsSpace)
	if i := strings.IndexFunc(text, unicode.IsSpace); i >= 0 {
		return text[:i], strings.TrimSpace(text[i:])
	}
	return text, ""
}

func isBreak(r rune) bool { return unicode.IsSpace(r) || unicode.IsControl(r) }
