package relay

import (
	"fmt"
	"strings"
)

// unknown says that a service does not exist, and suggests a similar one.
func unknown(scheme string) string {
	best, least := "", 3 // three typing mistakes or more: probably another word
	for _, name := range known()[2:] {
		if d := distance(scheme, name); d < least {
			best, least = name, d
		}
	}
	if best != "" {
		return fmt.Sprintf("unknown service %q; did you mean %q?", scheme, best)
	}
	return fmt.Sprintf("unknown service %q; known are %s", scheme, strings.Join(known(), ", "))
}

// distance is the Levenshtein distance: how many bytes must be added, removed or
// changed to turn a into b.
func distance(a, b string) int {
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		diagonal := row[0]
		row[0] = i + 1
		for j := range len(b) {
			change := diagonal
			if a[i] != b[j] {
				change++
			}
			diagonal = row[j+1]
			row[j+1] = min(change, row[j]+1, row[j+1]+1)
		}
	}
	return row[len(b)]
}
