package irc

import (
	"math/bits"
	"strings"
	"time"
)

// Most searches in a line end within eight or sixteen bytes. For that, a call of the
// standard library is slow, and so is a loop over bytes, because the processor cannot
// predict where it ends. So the line is read eight bytes at a time.
const (
	ones       = 0x0101010101010101
	highs      = 0x8080808080808080
	equals     = '=' * ones
	semicolons = ';' * ones

	backslashes = '\\' * ones
)

// nextTag cuts the first tag off s, which is not empty.
func nextTag(s string) (key, value, rest string) {
	i := 0
	for ; len(s)-i >= 8; i += 8 {
		w := word(s, i)
		if hit := matches(w, equals) | matches(w, semicolons); hit != 0 {
			i += first(hit)
			break
		}
	}
	for ; i < len(s); i++ { // stops at once, or was near the end
		switch s[i] {
		case ';':
			return s[:i], "", s[i+1:]
		case '=':
			value, rest = cutValue(s[i+1:])
			return s[:i], value, rest
		}
	}
	return s, "", ""
}

// cutValue cuts a tag's value off s, which begins with it.
func cutValue(s string) (value, rest string) {
	if len(s) >= 16 {
		if hit := matches(word(s, 0), semicolons); hit != 0 {
			n := first(hit)
			return s[:n], s[n+1:]
		}
		if hit := matches(word(s, 8), semicolons); hit != 0 {
			n := 8 + first(hit)
			return s[:n], s[n+1:]
		}
	}
	value, rest, _ = cutByte(s, ';')
	return value, rest
}

// Where the next tag begins depends on the value before it, so the processor reads tags one
// after another. The functions for values of a known length branch on that length: the
// processor expects it and begins with the next tag meanwhile.

// cutOften is cutValue for values that are often empty.
func cutOften(s string) (value, rest string) {
	if s != "" && s[0] == ';' {
		return "", s[1:]
	}
	return cutValue(s)
}

// cutColor is cutValue for "#1E90FF".
func cutColor(s string) (value, rest string) {
	if len(s) > 7 && matches(word(s, 0), semicolons) == 1<<63 { // the first match is in the eighth byte
		return s[:7], s[8:]
	}
	return cutOften(s)
}

// cutEscaped is cutValue for a value that may have escapes, which it undoes.
func cutEscaped(s string) (value, rest string) {
	if len(s) >= 16 && matches(word(s, 0), backslashes)|matches(word(s, 8), backslashes) == 0 {
		if value, rest = cutValue(s); len(value) <= 16 {
			return value, rest
		}
	} else {
		value, rest = cutValue(s)
	}
	return unescape(value), rest
}

// cutUUID is cutValue for an ID of 36 bytes.
func cutUUID(s string) (value, rest string) {
	if len(s) > 36 && s[36] == ';' && matches(word(s, 0), semicolons)|matches(word(s, 8), semicolons)|matches(word(s, 16), semicolons)|
		matches(word(s, 24), semicolons)|matches(word(s, 28), semicolons) == 0 {
		return s[:36], s[37:]
	}
	value, rest, _ = cutByte(s, ';')
	return value, rest
}

// cutByte is strings.Cut, which is slower: it looks for strings.
func cutByte(s string, sep byte) (before, after string, found bool) {
	if i := strings.IndexByte(s, sep); i >= 0 {
		return s[:i], s[i+1:], true
	}
	return s, "", false
}

// cutFlag cuts a value that should be 0 or 1 off s.
func cutFlag(s string) (set bool, rest string) {
	if len(s) > 1 && s[1] == ';' {
		return s[0] == '1', s[2:]
	}
	value, rest := cutValue(s)
	return value == "1", rest
}

// cutMillis cuts a time in milliseconds since 1970 off s. Until the year 2286 it has ten
// digits of seconds and three of milliseconds.
func cutMillis(s string) (t time.Time, rest string) {
	if len(s) > 13 && s[13] == ';' {
		if w := word(s, 0); isEightDigits(w) && isEightDigits(word(s, 5)) {
			sec := eightDigits(w)*100 + digit(s[8])*10 + digit(s[9])
			msec := digit(s[10])*100 + digit(s[11])*10 + digit(s[12])
			return time.Unix(sec, msec*int64(time.Millisecond)).UTC(), s[14:]
		}
	}
	v, rest := cutValue(s)
	return millis(v), rest
}

func digit(c byte) int64 { return int64(c - '0') }

// isEightDigits reports whether each byte of w is one of '0' to '9': its upper half is 3,
// and stays so when 6 is added, which carries into it from 10 on.
func isEightDigits(w uint64) bool {
	return w&(0xf0*ones) == 0x30*ones && (w+6*ones)&(0xf0*ones) == 0x30*ones
}

// eightDigits returns the number that the digits of w make, the first one lowest. Each
// step joins neighbours: to numbers of two digits, then of four, then of eight.
func eightDigits(w uint64) int64 {
	w &= 0x0f * ones
	w = w*10 + w>>8
	w = w&0x00ff00ff00ff00ff*100 + w>>16&0x00ff00ff00ff00ff
	w = w&0x0000ffff0000ffff*10000 + w>>32&0x0000ffff0000ffff
	return int64(w & 0xffffffff)
}

// word returns eight bytes of s from i on, the first one lowest. The compiler makes
// one load of it.
func word(s string, i int) uint64 {
	s = s[i : i+8]
	return uint64(s[0]) | uint64(s[1])<<8 | uint64(s[2])<<16 | uint64(s[3])<<24 |
		uint64(s[4])<<32 | uint64(s[5])<<40 | uint64(s[6])<<48 | uint64(s[7])<<56
}

// matches is zero if no byte of w is the wanted one, which it gets eight times.
// Otherwise its lowest bit belongs to the first such byte; the others mean nothing.
func matches(w, wanted uint64) uint64 {
	w ^= wanted
	return (w - ones) &^ w & highs
}

// first returns which byte the lowest bit of matches belongs to.
func first(hit uint64) int { return bits.TrailingZeros64(hit) / 8 }
