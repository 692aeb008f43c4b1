package irc_test

import (
	"cmp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"unicode/utf8"

	gocmp "github.com/google/go-cmp/cmp"

	"github.com/larkspur-dev/larkspur/chat"
	"github.com/larkspur-dev/larkspur/irc"
)

// plainFragments cuts text at its emotes in plain steps: it lists where each code point
// begins, gives each code point to the first emote that covers it, and joins neighbours.
func plainFragments(emotes irc.Emotes, text string) (fragments []chat.Fragment) {
	var starts []int
	for i := range text {
		starts = append(starts, i)
	}
	starts = append(starts, len(text))
	type use struct {
		id         string
		start, end int // of code points
	}
	var uses []use
	for one := range strings.SplitSeq(string(emotes), "/") {
		id, ranges, _ := strings.Cut(one, ":")
		for r := range strings.SplitSeq(ranges, ",") {
			first, last, _ := strings.Cut(r, "-")
			a, errA := strconv.ParseUint(first, 10, 63)
			b, errB := strconv.ParseUint(last, 10, 63)
			if id != "" && errA == nil && errB == nil && a <= b && len(first) < 10 && len(last) < 10 {
				uses = append(uses, use{id, int(a), int(b) + 1})
			}
		}
	}
	slices.SortStableFunc(uses, func(a, b use) int { return cmp.Compare(a.start, b.start) })
	runes := len(starts) - 1
	at := 0
	add := func(end int, id string) {
		f := chat.Fragment{Kind: chat.FragmentText, Text: text[starts[at]:starts[end]]}
		if id != "" {
			f.Kind, f.Emote = chat.FragmentEmote, &chat.Emote{ID: id}
		}
		if end > at {
			fragments = append(fragments, f)
		}
		at = end
	}
	for _, u := range uses {
		if u.start >= at && u.start < runes {
			add(u.start, "")
			add(min(u.end, runes), u.id)
		}
	}
	add(runes, "")
	return fragments
}

func FuzzFragments(f *testing.F) {
	f.Add("25:0-4,12-16/86:6-10", "Kappa LUL:D Kappa")
	f.Add("25:3-7/1:0-0,0-1", "\u00e9\U0001f600 Kappa")
	f.Add("25:0-9/86:20-24/a:1-99999999999", "\xff\xfeKap\x80pa")
	f.Fuzz(func(t *testing.T, emotes, text string) {
		m, err := irc.Parts{
			Tags: []irc.Tag{{Key: "emotes", Value: emotes}}, Source: "g!g@g", Command: "PRIVMSG", Params: []string{"#ada", text},
		}.Message()
		if err != nil || m.Text() != text && text != "" || strings.ContainsAny(emotes, "\\; \r\n") {
			return
		}
		var p irc.PrivMsg
		if err := p.Decode(&m); err != nil {
			t.Fatal(err)
		}
		got := p.Chat().Fragments
		if diff := gocmp.Diff(plainFragments(p.Emotes, p.Text), got); diff != "" {
			t.Errorf("emotes %q of %q (-want +got):\n%s", emotes, text, diff)
		}
		var joined strings.Builder
		for _, fragment := range got {
			joined.WriteString(fragment.Text)
			if utf8.ValidString(p.Text) && !utf8.ValidString(fragment.Text) {
				t.Errorf("emotes %q of %q: %q cuts a character", emotes, text, fragment.Text)
			}
		}
		if joined.String() != p.Text {
			t.Errorf("got the fragments %q, want %q", joined.String(), p.Text)
		}
	})
}

// FuzzUnescape compares the escapes of tags with the plain way, and writes them back.
func FuzzUnescape(f *testing.F) {
	f.Add(`a\\s\s\:\r\n\x\`)
	f.Fuzz(func(t *testing.T, value string) {
		if strings.ContainsAny(value, " ;\r\n\x00") {
			return
		}
		m, err := irc.Parse("@v=" + value + " PING")
		if err != nil {
			t.Fatal(err)
		}
		if got, want := m.Tags.Get("v"), plainUnescape(value); got != want {
			t.Errorf("%s: got %q, want %q", value, got, want)
		}
		checkWriting(t, m)
	})
}
