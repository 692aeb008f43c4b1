package chat

import (
	"unicode"
	"unicode/utf8"
)

// The invisible characters, by what becomes of them in a text that is sent.
type visibility int

const (
	visible  visibility = iota
	hidden              // never shown and not needed: always removed
	joiner              // shapes its neighbours (emoji families, Persian, Hebrew): kept between visible characters
	selector            // picks the form of the character before: kept behind one
	tag                 // spells the region of a flag such as England's: kept behind the flag
)

const (
	blackFlag = '\U0001f3f4'
	cancelTag = '\U000e007f' // the end of a flag
)

var (
	// selectors are the variation selectors.
	selectors = &unicode.RangeTable{
		R16: []unicode.Range16{{0x180b, 0x180d, 1}, {0x180f, 0x180f, 1}, {0xfe00, 0xfe0f, 1}},
		R32: []unicode.Range32{{0xe0100, 0xe01ef, 1}},
	}
	// hiddens are the other characters that Unicode lets a program ignore: fillers,
	// marks that turn the direction of writing, unused controls.
	hiddens = &unicode.RangeTable{
		R16: []unicode.Range16{
			{0x00ad, 0x00ad, 1},
			{0x034f, 0x034f, 1},
			{0x115f, 0x1160, 1},
			{0x17b4, 0x17b5, 1},
			{0x180e, 0x180e, 1},
			{0x200b, 0x200b, 1},
			{0x202a, 0x202e, 1},
			{0x2060, 0x206f, 1},
			{0x3164, 0x3164, 1},
			{0xfeff, 0xfeff, 1},
			{0xffa0, 0xffa0, 1},
			{0xfff0, 0xfffb, 1},
		},
		R32:         []unicode.Range32{{0x1bca0, 0x1bca3, 1}, {0x1d173, 0x1d17a, 1}, {0xe0000, 0xe0fff, 1}},
		LatinOffset: 1,
	}
)

func visibilityOf(r rune) visibility {
	switch {
	case r < 0xad:
		return visible
	case r == '\u061c' || '\u200c' <= r && r <= '\u200f':
		return joiner
	case unicode.Is(selectors, r):
		return selector
	case '\U000e0020' <= r && r <= cancelTag:
		return tag
	case unicode.Is(hiddens, r):
		return hidden
	default:
		return visible
	}
}

// Trim removes white space and invisible characters from both ends of a text that
// was received: chat clients append them so that a message differs from the one
// before. Within the text they have a meaning (they hold emoji together) and stay.
func Trim(text string) string {
	if n := len(text); n > 0 && isPlain(text[0]) && isPlain(text[n-1]) {
		return text
	}
	start := 0
	for start < len(text) {
		r, size := utf8.DecodeRuneInString(text[start:])
		if !isBlank(r) {
			break
		}
		start += size
	}
	end, last := len(text), rune(0)
	for end > start {
		r, size := utf8.DecodeLastRuneInString(text[:end])
		if last = r; !isBlank(r) {
			break
		}
		end -= size
	}
	return text[start : end+ownTail(last, text[end:])]
}

func isPlain(c byte) bool { return ' ' < c && c < 0x7f }

func isBlank(r rune) bool {
	return unicode.IsSpace(r) || unicode.IsControl(r) || visibilityOf(r) != visible
}

// ownTail returns how many bytes of the blank text behind the character last belong
// to it: its variation selector, or the tags of a flag.
func ownTail(last rune, blank string) int {
	if r, size := utf8.DecodeRuneInString(blank); visibilityOf(r) == selector {
		return size
	}
	if last != blackFlag {
		return 0
	}
	for i, r := range blank {
		switch {
		case r == cancelTag:
			return i + utf8.RuneLen(r)
		case visibilityOf(r) != tag:
			return 0
		}
	}
	return 0
}
