package chat

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// MaxLength is how many characters (Unicode code points) a chat message may have.
// Twitch refuses or cuts what is longer.
const MaxLength = 500

// Length returns how many characters Twitch counts in a text.
func Length(text string) int { return utf8.RuneCountInString(text) }

// Truncate returns the first n characters of a text. Unlike [Shorten] it does not mark
// the cut.
func Truncate(text string, n int) string { return text[:offset(text, n)] }

// Shorten returns the text if it has at most n characters. Otherwise it returns the
// beginning with "…" behind it, n characters at most.
func Shorten(text string, n int) string {
	if end := offset(text, n); end == len(text) {
		return text
	}
	if n < 1 {
		return ""
	}
	end := offset(text, n-1)
	if whole := border(text, end); whole > 0 {
		end = whole
	}
	return strings.TrimRightFunc(text[:end], unicode.IsSpace) + "…"
}

// filler is invisible. Twitch removes other invisible characters, but not this one.
const filler = "\u034f"

// Vary returns the text with a space and n invisible characters behind it. Twitch
// drops a message that is equal to one of the 30 seconds before, unless a moderator
// or the broadcaster sends it; a varied one is shown. ok is false, and the text
// unchanged, if there is no room for that within [MaxLength].
func Vary(text string, n int) (varied string, ok bool) {
	if Length(text)+1+n > MaxLength {
		return text, false
	}
	return text + " " + strings.Repeat(filler, n), true
}

// offset returns where the n-th character of s begins, counted from 0; len(s) if
// there are fewer.
func offset(s string, n int) int {
	if n <= 0 {
		return 0
	}
	if len(s) <= n {
		return len(s)
	}
	for i := range s {
		if n == 0 {
			return i
		}
		n--
	}
	return len(s)
}
