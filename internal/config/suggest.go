package config

import (
	"fmt"
	"strings"
)

// DidYouMean returns `; did you mean "title"?` if one of known is close to word, else
// "". It is meant to follow a text such as `unknown name "titel"`.
func DidYouMean(word string, known []string) string {
	if best := Nearest(word, known); best != "" {
		return fmt.Sprintf("; did you mean %q?", best)
	}
	return ""
}

// orOneOf is DidYouMean, or the list of known if none of them is close to word.
func orOneOf(word string, known []string) string {
	if suggestion := DidYouMean(word, known); suggestion != "" {
		return suggestion
	}
	return "; want one of: " + strings.Join(known, ", ")
}

// Nearest returns the element of known that a person most likely meant by word, or "" if
// none is close. Case, spaces and the characters - _ . are ignored.
func Nearest(word string, known []string) string {
	simple := strings.NewReplacer("-", "", "_", "", ".", "", " ", "")
	plain := func(s string) []rune {
		if len(s) > 80 {
			s = s[:80]
		}
		return []rune(strings.ToLower(simple.Replace(s)))
	}
	w := plain(word)
	best, least := "", max(1, len(w)/3)+1
	for _, k := range known {
		if d := distance(w, plain(k)); d < least || d == least && best != "" && k < best {
			best, least = k, d
		}
	}
	return best
}

// distance counts the edits that turn a into b: to insert, delete or replace a
// character, or to swap two neighbours.
func distance(a, b []rune) int {
	prev2, prev := make([]int, len(b)+1), make([]int, len(b)+1)
	for j := range prev {
		prev[j] = j
	}
	for i := 1; i <= len(a); i++ {
		cur := make([]int, len(b)+1)
		cur[0] = i
		for j := 1; j <= len(b); j++ {
			change := 1
			if a[i-1] == b[j-1] {
				change = 0
			}
			cur[j] = min(prev[j]+1, cur[j-1]+1, prev[j-1]+change)
			if i > 1 && j > 1 && a[i-1] == b[j-2] && a[i-2] == b[j-1] {
				cur[j] = min(cur[j], prev2[j-2]+1)
			}
		}
		prev2, prev = prev, cur
	}
	return prev[len(b)]
}
