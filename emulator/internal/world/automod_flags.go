package world

import (
	"fmt"
	"strings"
)

// flagCodes are the letters that stand for AutoMod's categories in the flags of a message.
var flagCodes = map[string]string{
	"swearing": "P", "bullying": "A", "aggressive": "A", "sexual": "S",
	"disability": "I", "misogyny": "I", "sexuality": "I", "racism": "I",
}

// flags lists what AutoMod finds in a message that it does not hold, as IRC does:
// 0-3:P.1/10-14:A.2. A channel without AutoMod has none.
func (ch *channel) flags(text string) string {
	if ch.automod == (AutoModSettings{}) {
		return ""
	}
	var all []string
	words := wordsOf(text)
	for _, p := range phrases {
		for _, s := range find(words, p.text) {
			all = append(all, fmt.Sprintf("%d-%d:%s.%d", s.Start, s.End, flagCodes[p.category], p.level))
		}
	}
	return strings.Join(all, "/")
}
