package words_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"go.uber.org/goleak"
	"pgregory.net/rapid"

	"github.com/larkspur-dev/larkspur/skill/internal/words"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// The finder finds what a search for each word finds.
func TestFindsWhatSearchesFind(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		word := rapid.StringMatching(`[abé]{1,4}`)
		lists := rapid.SliceOfN(rapid.SliceOfN(word, 0, 4), 1, 4).Draw(t, "lists")
		text := rapid.StringMatching(`[abé]{0,30}`).Draw(t, "text")
		var got, want []string
		if f := words.New(lists); f != nil {
			f.Find(text, func(list, start, end int) { got = append(got, fmt.Sprint(list, start, end)) })
		}
		for i, list := range lists {
			for _, w := range list {
				for at := range text {
					if strings.HasPrefix(text[at:], w) {
						want = append(want, fmt.Sprint(i, at, at+len(w)))
					}
				}
			}
		}
		slices.Sort(got)
		slices.Sort(want)
		if !slices.Equal(got, want) {
			t.Errorf("got %q, want %q", got, want)
		}
	})
}

func TestNoWords(t *testing.T) {
	if words.New(nil) != nil || words.New([][]string{{""}, {}}) != nil {
		t.Error("got a finder, want none for no words")
	}
}
