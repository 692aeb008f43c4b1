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

// Vary returns the n-th variation of a text, counted from 1. Twitch drops a message that
// is equal to one of the 30 seconds before, unless a moderator or the broadcaster sends
// it; a varied one is shown. The variation has a second space at the n-th place where
// words are separated by a space. Behind the last of these places come a space and
// invisible characters at the end of the text, one for each further variation. ok is
// false, and the text unchanged, if there is no room for that within [MaxLength].
func Vary(text string, n int) (varied string, ok bool) {
	length := Length(text)
	for at := 0; n > 0; n-- {
		i := strings.IndexByte(text[at:], ' ')
		if i < 0 {
			if length+1+n > MaxLength {
				return text, false
			}
			return text + " " + strings.Repeat(filler, n), true
		}
		for at += i; at < len(text) && text[at] == ' '; {
			at++
		}
		if n == 1 && length < MaxLength {
			return text[:at] + " " + text[at:], true
		}
	}
	return text, false
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
