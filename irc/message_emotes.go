package irc

import (
	"cmp"
	"iter"
	"slices"
	"strings"
	"unicode/utf8"
)

// Emotes are the positions of emotes in a text as Twitch sends them: "25:0-4,6-10/86:12-21".
type Emotes string

// An Emote is one use of an emote. Start and End count code points of the text;
// the emote is at [Start, End).
type Emote struct {
	ID    string
	Start int
	End   int
}

// All yields each use of an emote, in Twitch's order. Invalid ranges are skipped.
func (e Emotes) All() iter.Seq[Emote] {
	return func(yield func(Emote) bool) {
		for rest := string(e); rest != ""; {
			var one string
			one, rest, _ = strings.Cut(rest, "/")
			id, ranges, _ := strings.Cut(one, ":")
			for ranges != "" {
				var r string
				r, ranges, _ = strings.Cut(ranges, ",")
				start, end, ok := parseRange(r)
				if ok && id != "" && !yield(Emote{ID: id, Start: start, End: end}) {
					return
				}
			}
		}
	}
}

// In returns the part of text that the emote covers. Twitch sometimes sends ranges that
// reach beyond the text; they are cut off at its end.
func (e Emote) In(text string) string {
	start := byteOffset(text, e.Start)
	return text[start : start+byteOffset(text[start:], e.End-e.Start)]
}

// byteOffset returns where the n-th code point of s begins, at most len(s).
func byteOffset(s string, n int) int {
	i := 0
	for ; n > 0 && i < len(s); n-- {
		_, size := utf8.DecodeRuneInString(s[i:])
		i += size
	}
	return i
}

// parseRange reads "6-10", both included, as [6, 11).
func parseRange(s string) (start, end int, ok bool) {
	a, b, ok := strings.Cut(s, "-")
	if !ok || a == "" || b == "" || len(a) > 9 || len(b) > 9 {
		return 0, 0, false
	}
	for i := range len(a) {
		if !isDigit(a[i]) {
			return 0, 0, false
		}
	}
	for i := range len(b) {
		if !isDigit(b[i]) {
			return 0, 0, false
		}
	}
	start, end = number(a), number(b)+1
	return start, end, start < end
}

// sorted appends the uses of emotes to list, in the order of the text; Twitch's order is
// by emote.
func (e Emotes) sorted(list []Emote) []Emote {
	for one := range e.All() {
		list = append(list, one)
	}
	slices.SortStableFunc(list, func(a, b Emote) int { return cmp.Compare(a.Start, b.Start) })
	return list
}
