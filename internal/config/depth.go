package config

import "fmt"

// tooDeep looks at the bytes before the YAML parser does, which recurses for
// every level and would take its whole stack for a file of opening brackets.
// It counts brackets without regard to quotes, so its limit is far above what
// the tree may have.
func tooDeep(src []byte) string {
	const most = 10 * maxDepth
	open, dashes := 0, 0
	for i, c := range src {
		switch c {
		case '[', '{':
			open++
		case ']', '}':
			open = max(0, open-1)
		case '-', '?', ':':
			// "- - - -" opens a level with every sign.
			if i+1 < len(src) && (src[i+1] == ' ' || src[i+1] == '\t' || src[i+1] == '\n') {
				dashes++
			}
		case ' ', '\t':
		case '\n':
			dashes = 0
		default:
			dashes = 0
		}
		if open > most || dashes > most {
			return fmt.Sprintf("nested deeper than %d levels", maxDepth)
		}
	}
	return ""
}
