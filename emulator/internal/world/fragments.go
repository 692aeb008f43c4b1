package world

import (
	"strconv"
	"strings"
)

// A Fragment is a part of a message's text. The texts of all fragments, joined,
// are the message's text.
type Fragment struct {
	Type    string // "text", "emote", "cheermote", "mention"
	Text    string
	EmoteID string // of an emote
	Prefix  string // of a cheermote, in lower case
	Bits    int    // of a cheermote
	Tier    int    // of a cheermote
	User    User   // the mentioned user
}

// An Emote is a word that is shown as a picture.
type Emote struct {
	ID   string
	Name string
}

var globalEmotes = []Emote{
	{"25", "Kappa"},
	{"88", "PogChamp"},
	{"1902", "Keepo"},
	{"33", "DansGame"},
	{"41", "Kreygasm"},
	{"86", "BibleThump"},
	{"354", "4Head"},
	{"425618", "LUL"},
	{"305954156", "PogBones"},
	{"555555584", "<3"},
	{"1", ":)"},
	{"2", ":("},
	{"3", ":D"},
	{"28087", "WutFace"},
	{"30259", "HeyGuys"},
	{"58765", "NotLikeThis"},
	{"81274", "VoHiYo"},
	{"160401", "PunOko"},
}

// GlobalEmotes returns the emotes that all users can use.
func GlobalEmotes() []Emote { return globalEmotes }

// EmoteNamed returns the emote that a word of a message is shown as.
func EmoteNamed(word string) (Emote, bool) { return emote(word) }

func emote(word string) (Emote, bool) {
	for _, e := range globalEmotes {
		if e.Name == word {
			return e, true
		}
	}
	return Emote{}, false
}

func onlyEmotes(text string) bool {
	for word := range strings.FieldsSeq(text) {
		if _, ok := emote(word); !ok {
			return false
		}
	}
	return true
}

// Fragments splits a message into text, emotes, cheermotes and mentions.
func (w *World) Fragments(m ChatMessage) []Fragment {
	var all []Fragment
	text := 0 // where the text that belongs to no fragment yet begins
	for start := 0; start < len(m.Text); {
		end := strings.IndexByte(m.Text[start:], ' ')
		if end < 0 {
			end = len(m.Text)
		} else {
			end += start
		}
		if f, ok := w.fragment(m.Text[start:end], m.Bits > 0); ok {
			if text < start {
				all = append(all, Fragment{Type: "text", Text: m.Text[text:start]})
			}
			all = append(all, f)
			text = end
		}
		start = end + 1
	}
	if text < len(m.Text) {
		all = append(all, Fragment{Type: "text", Text: m.Text[text:]})
	}
	return all
}

func (w *World) fragment(word string, cheers bool) (Fragment, bool) {
	if e, ok := emote(word); ok {
		return Fragment{Type: "emote", Text: word, EmoteID: e.ID}, true
	}
	if login, ok := strings.CutPrefix(word, "@"); ok && login != "" {
		if u, ok := w.UserByLogin(strings.TrimRight(login, ",.:!?")); ok {
			return Fragment{Type: "mention", Text: word, User: u}, true
		}
	}
	if !cheers {
		return Fragment{}, false
	}
	prefix := strings.TrimRight(word, "0123456789")
	if bits, err := strconv.Atoi(word[len(prefix):]); err == nil && strings.EqualFold(prefix, "cheer") {
		return Fragment{Type: "cheermote", Text: word, Prefix: strings.ToLower(prefix), Bits: bits, Tier: cheerTier(bits)}, true
	}
	return Fragment{}, false
}

func cheerTier(bits int) int {
	for _, tier := range []int{10000, 5000, 1000, 100} {
		if bits >= tier {
			return tier
		}
	}
	return 1
}
