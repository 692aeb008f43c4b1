package irc

import (
	"iter"
	"strings"
)

// Flags are the parts of a text that Twitch's moderation found, as it sends them:
// "0-4:P.6/A.3,10-12:I.5".
type Flags string

// A Flag is one category that was found in a part of the text. Start and End count code
// points like those of an [Emote]; the part is at [Start, End).
type Flag struct {
	Start    int
	End      int
	Category string // "P", "A" …: Twitch does not describe them
	Level    int    // 0 if Twitch sends none
}

// All yields each flag, in Twitch's order. Invalid ranges are skipped.
func (f Flags) All() iter.Seq[Flag] {
	return func(yield func(Flag) bool) {
		for rest := string(f); rest != ""; {
			var one string
			one, rest, _ = strings.Cut(rest, ",")
			at, codes, _ := strings.Cut(one, ":")
			start, end, ok := parseRange(at)
			for ok && codes != "" {
				var code string
				code, codes, _ = strings.Cut(codes, "/")
				category, level, _ := strings.Cut(code, ".")
				if category != "" && !yield(Flag{Start: start, End: end, Category: category, Level: number(level)}) {
					return
				}
			}
		}
	}
}
