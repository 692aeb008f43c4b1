package bot

import (
	"strings"
	"unicode"
	"unicode/utf8"
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

// closing is what ends a quoted argument, by what begins it. People write the quotes of
// their language, and some keyboards write the closing one twice.
var closing = map[rune]string{
	'"': `"“”„`, '“': `”"“`, '”': `”"`, '„': `“”"„`, '‟': `”"`,
	'\'': `'`, '‘': `’'`, '‚': `‘’`, '‛': `’`,
	'«': `»`, '»': `«`, '‹': `›`, '›': `‹`,
	'「': `」`, '『': `』`, '《': `》`, '〈': `〉`, '〝': `〞〟`, '＂': `＂`, '｢': `｣`,
}

// cutArgument returns the first argument of text and what follows it: a word, or what
// stands between quotes. A backslash in front of a quote or a backslash inside quotes
// makes it an ordinary character. A quote that does not end belongs to a word.
func cutArgument(text string) (arg, rest string, quoted bool) {
	text = strings.TrimLeftFunc(text, unicode.IsSpace)
	first, size := utf8.DecodeRuneInString(text)
	if ends, ok := closing[first]; ok {
		if arg, rest, ok := cutQuoted(text[size:], ends); ok {
			return arg, rest, true
		}
	}
	arg, rest = cutWord(text)
	return arg, rest, false
}

// cutQuoted returns what stands before one of ends. What follows has to be a space or
// the end: the apostrophe in "'tis Ada's" ends nothing.
func cutQuoted(text, ends string) (arg, rest string, ok bool) {
	var b strings.Builder
	for i := 0; i < len(text); {
		r, size := utf8.DecodeRuneInString(text[i:])
		next, nextSize := utf8.DecodeRuneInString(text[i+size:])
		switch {
		case r == '\\' && nextSize > 0 && (next == '\\' || strings.ContainsRune(ends, next)):
			b.WriteRune(next)
			i += size + nextSize
			continue
		case strings.ContainsRune(ends, r) && r != utf8.RuneError && (nextSize == 0 || unicode.IsSpace(next)):
			return b.String(), strings.TrimSpace(text[i+size:]), true
		}
		b.WriteString(text[i : i+size])
		i += size
	}
	return "", "", false
}
