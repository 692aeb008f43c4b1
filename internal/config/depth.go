package config

import "fmt"

// tooDeep checks the nesting before the recursive YAML parser runs, which could exhaust
// the stack. It counts brackets even inside quotes, so its limit is far above that of the
// tree.
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
			// In "- - - -", each sign opens a level.
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
