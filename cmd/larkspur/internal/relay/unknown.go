package relay

import (
	"fmt"
	"strings"
)

// unknown says that there is no such service, and which one may be meant.
func unknown(scheme string) string {
	best, least := "", 3 // more than two slips are another word
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

// distance is how many letters have to be added, taken away or changed to make b
// of a.
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
