package chat

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// Split cleans a text as [Clean] does and cuts it into messages of at most limit
// characters; 0 or less means [MaxLength]. No message begins with a command. An
// empty text gives no message.
//
// It cuts at white space, so that words, links and emotes stay whole. A word that is
// longer than a message is cut between two characters as people see them: accents,
// flags and families of emoji stay whole where they fit.
func Split(text string, limit int) []string {
	if limit <= 0 {
		limit = MaxLength
	}
	var messages []string
	for rest := OneLine(text); rest != ""; {
		end := fit(rest, limit)
		if message := OneLine(rest[:end]); message != "" {
			messages = append(messages, NoCommand(message))
		}
		rest = strings.TrimLeftFunc(rest[end:], unicode.IsSpace)
	}
	return messages
}

// fit returns where to cut text so that the front has at most limit characters.
func fit(text string, limit int) int {
	end := offset(text, limit)
	if end == len(text) {
		return end
	}
	if r, _ := utf8.DecodeRuneInString(text[end:]); isBreak(r) {
		return end
	}
	if i := strings.LastIndexFunc(text[:end], isBreak); i > 0 {
		return i
	}
	if i := border(text, end); i > 0 {
		return i
	}
	return end
}

// isBreak reports whether a text may be cut at r: white space, but no no-break space.
func isBreak(r rune) bool {
	return unicode.IsSpace(r) && r != '\u00a0' && r != '\u2007' && r != '\u202f'
}

// border returns the last place at or before i where one character, as people see
// it, ends and another begins; 0 if there is none.
func border(text string, i int) int {
	for i > 0 && i < len(text) && !isBorder(text, i) {
		_, size := utf8.DecodeLastRuneInString(text[:i])
		i -= size
	}
	return i
}

func isBorder(text string, i int) bool {
	before, _ := utf8.DecodeLastRuneInString(text[:i])
	after, _ := utf8.DecodeRuneInString(text[i:])
	switch {
	case visibilityOf(before) == joiner || visibilityOf(after) != visible || unicode.Is(unicode.M, after):
		return false
	case '\U0001f3fb' <= after && after <= '\U0001f3ff': // colour of the skin
		return false
	case isRegional(before) && isRegional(after): // two of these letters make a flag
		return regionals(text[:i])%2 == 0
	case '\u1100' <= after && after <= '\ud7fb':
		return !joinsHangul(before, after)
	default:
		return true
	}
}

// joinsHangul reports whether two parts of a Korean syllable belong together: initial
// consonants, vowels and final consonants, in this order.
func joinsHangul(before, after rune) bool {
	const none, first, vowel, last = 0, 1, 2, 3
	place := func(r rune) (from, to int) {
		switch {
		case '\u1100' <= r && r <= '\u115f' || '\ua960' <= r && r <= '\ua97c':
			return first, first
		case '\u1160' <= r && r <= '\u11a7' || '\ud7b0' <= r && r <= '\ud7c6':
			return vowel, vowel
		case '\u11a8' <= r && r <= '\u11ff' || '\ud7cb' <= r && r <= '\ud7fb':
			return last, last
		case '\uac00' <= r && r <= '\ud7a3' && (r-'\uac00')%28 == 0: // written as one, without a final consonant
			return first, vowel
		case '\uac00' <= r && r <= '\ud7a3':
			return first, last
		}
		return none, none
	}
	_, end := place(before)
	begin, _ := place(after)
	switch end {
	case first:
		return begin == first || begin == vowel
	case vowel:
		return begin == vowel || begin == last
	case last:
		return begin == last
	}
	return false
}

func isRegional(r rune) bool { return '\U0001f1e6' <= r && r <= '\U0001f1ff' }

// regionals counts the regional letters at the end of text.
func regionals(text string) int {
	n := 0
	for len(text) > 0 {
		r, size := utf8.DecodeLastRuneInString(text)
		if !isRegional(r) {
			break
		}
		n++
		text = text[:len(text)-size]
	}
	return n
}
