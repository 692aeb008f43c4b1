package irc

import (
	"strings"
)

// maxText is how many characters Twitch takes; it cuts what is longer.
const maxText = 500

// filler is invisible. It makes a text differ from the same text before, which
// Twitch would drop, and keeps "/" from being the first character. Twitch removes
// other invisible characters.
const filler = "\u034f"

// cleanText makes text fit for a line: line breaks become spaces, other control
// characters vanish, so that nobody can smuggle a command in. A leading "/" or
// "." would be read as a command and gets something invisible in front.
func cleanText(text string) string {
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
	if isCommand(text) {
		text = filler + text
	}
	return text
}

// Split cuts text into pieces that fit into a message, between words where it can.
func Split(text string) []string {
	var pieces []string
	for text = cleanText(text); text != ""; {
		front, room := "", maxText
		if isCommand(text) {
			front, room = filler, maxText-1
		}
		end := byteOffset(text, room)
		if end < len(text) {
			// A space right behind the piece ends a word, too.
			if i := strings.LastIndexByte(text[:end+1], ' '); i > 0 {
				end = i
			}
		}
		pieces = append(pieces, front+text[:end])
		text = strings.TrimLeft(text[end:], " ")
	}
	return pieces
}

func isCommand(text string) bool { return strings.HasPrefix(text, "/") || strings.HasPrefix(text, ".") }

// cleanLogin returns a login in the form in which channels are kept: lower case,
// without "#".
func cleanLogin(login string) (string, bool) {
	login = strings.ToLower(strings.TrimPrefix(strings.TrimSpace(login), "#"))
	if login == "" || len(login) > 50 {
		return "", false
	}
	for i := range len(login) {
		if c := login[i]; c != '_' && !isDigit(c) && (c < 'a' || c > 'z') {
			return "", false
		}
	}
	return login, true
}

// escapeTag writes a tag value with the escapes that unescape undoes.
func escapeTag(v string) string {
	return strings.NewReplacer(`\`, `\\`, ";", `\:`, " ", `\s`, "\r", `\r`, "\n", `\n`, "\x00", "").Replace(v)
}
