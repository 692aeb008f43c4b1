package chat_test

import (
	"os"
	"slices"
	"strings"
	"testing"
	"testing/synctest"

	"github.com/larkspur-dev/larkspur/emulator/internal/chat"
)

// Real lines come out as they went in: with tags byte for byte, without tags
// from the prefix on.
func TestReplayOfRealLines(t *testing.T) {
	raw, err := os.ReadFile("../../../../shared/corpus/irc.txt")
	if err != nil {
		t.Skip("the corpus of real lines is not here:", err)
	}
	lines := strings.Split(strings.TrimRight(string(raw), "\n"), "\n")
	synctest.Test(t, func(t *testing.T) {
		s := newStage(t, chat.Config{NoLimits: true})
		tagged, bare := s.login("grace", "ada"), s.dial()
		bare.send("NICK justinfan1", "JOIN #ada")
		bare.take()
		want := make([]string, len(lines))
		for i, l := range lines {
			if err := s.world.Replay("1", l); err != nil {
				t.Fatal(err)
			}
			want[i] = l
			if strings.HasPrefix(l, "@") {
				_, want[i], _ = strings.Cut(l, " ")
			}
		}
		if got := tagged.take(); !slices.Equal(got, lines) {
			t.Errorf("got %d lines that differ from the %d replayed", len(got), len(lines))
		}
		if got := bare.take(); !slices.Equal(got, want) {
			t.Errorf("got %d lines without tags that differ from the %d replayed", len(got), len(want))
		}
	})
}
