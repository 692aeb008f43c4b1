package irc

import (
	"iter"
	"math"
	"strconv"
	"strings"
	"time"
)

// Tags are the tags of a message as Twitch sends them: "color=#1E90FF;mod=1". Each call
// searches the string; nothing is stored.
type Tags string

// Get returns the unescaped value of a tag, or "" if the tag is absent or empty.
func (t Tags) Get(key string) string {
	value, _ := t.Lookup(key)
	return value
}

// Lookup is like [Tags.Get] and also reports whether the tag is present.
func (t Tags) Lookup(key string) (value string, ok bool) {
	for rest := string(t); rest != ""; {
		if key != "" && rest[0] != key[0] { // most tags
			_, rest, _ = cutByte(rest, ';')
			continue
		}
		var k, v string
		k, v, rest = nextTag(rest)
		if k == key {
			return unescape(v), true
		}
	}
	return "", false
}

// All yields every tag with its unescaped value, in the order of the line.
func (t Tags) All() iter.Seq2[string, string] {
	return func(yield func(string, string) bool) {
		for rest := string(t); rest != ""; {
			var k, v string
			k, v, rest = nextTag(rest)
			if k != "" && !yield(k, unescape(v)) {
				return
			}
		}
	}
}

// raw calls f for every tag, with the escapes still in the value.
func (t Tags) raw(f func(k, v string)) {
	for rest := string(t); rest != ""; {
		var k, v string
		k, v, rest = nextTag(rest)
		f(k, v)
	}
}

// unescape undoes the escapes of a tag value in one pass from left to right:
// replacing one escape after the other would read `\\s` as a backslash and a space.
func unescape(s string) string {
	i := strings.IndexByte(s, '\\')
	if i < 0 {
		return s
	}
	var b strings.Builder
	b.Grow(len(s))
	for ; i >= 0; i = strings.IndexByte(s, '\\') {
		b.WriteString(s[:i])
		if i+1 == len(s) { // a lone backslash at the end means nothing
			return b.String()
		}
		switch c := s[i+1]; c {
		case ':':
			b.WriteByte(';')
		case 's':
			b.WriteByte(' ')
		case 'r':
			b.WriteByte('\r')
		case 'n':
			b.WriteByte('\n')
		default:
			b.WriteByte(c)
		}
		s = s[i+2:]
	}
	b.WriteString(s)
	return b.String()
}

// escapeTag writes a tag value with the escapes that unescape undoes.
func escapeTag(v string) string {
	return strings.NewReplacer(`\`, `\\`, ";", `\:`, " ", `\s`, "\r", `\r`, "\n", `\n`, "\x00", "").Replace(v)
}

// number parses a decimal number; it returns 0 if s is not one.
func number(s string) int {
	n, ok := decimal(s)
	if !ok || int64(int(n)) != n {
		return 0
	}
	return int(n)
}

// span reads a whole number of units; it returns 0 if s is not a number. What does not
// fit is the longest possible time.
func span(s string, unit time.Duration) time.Duration {
	n, ok := decimal(s)
	limit := int64(math.MaxInt64 / unit)
	switch {
	case !ok:
		return 0
	case n > limit:
		return math.MaxInt64
	case n < -limit:
		return math.MinInt64
	}
	return time.Duration(n) * unit
}

// millis reads a time in milliseconds since 1970.
func millis(s string) time.Time {
	n, ok := decimal(s)
	if !ok {
		return time.Time{}
	}
	return time.UnixMilli(n).UTC()
}

// decimal is strconv.ParseInt without the error, which would be allocated.
func decimal(s string) (n int64, ok bool) {
	switch {
	case s == "":
		return 0, false
	case len(s) > 18 || !isDigit(s[0]): // signs, and what is close to the limits
		n, err := strconv.ParseInt(s, 10, 64)
		return n, err == nil
	}
	for i := range len(s) {
		if !isDigit(s[i]) {
			return 0, false
		}
		n = 10*n + int64(s[i]-'0')
	}
	return n, true
}
