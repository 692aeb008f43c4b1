package config

import (
	"fmt"
	"strings"
)

// DidYouMean returns `; did you mean "title"?` when one of known is close to
// word, else "". It is meant to be put after `unknown name "titel"`.
func DidYouMean(word string, known []string) string {
	if best := Nearest(word, known); best != "" {
		return fmt.Sprintf("; did you mean %q?", best)
	}
	return ""
}

// Nearest returns the one of known that a person most likely meant by word, ""
// if none is near. Case and the signs - _ . do not count as differences.
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

// distance counts the changes between two words: a character more, less, other,
// or two neighbours swapped.
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
