package bench_test

import (
	"os"
	"strings"
	"testing"
	"time"

	twitch "github.com/gempir/go-twitch-irc/v4"

	"github.com/larkspur-dev/larkspur/irc"
)

// chat returns the PRIVMSG lines of the corpus, which is read in place.
func chat(b *testing.B) []string {
	b.Helper()
	src, err := os.ReadFile("../../shared/corpus/irc.txt")
	if err != nil {
		b.Skipf("the corpus is not here: %v", err)
	}
	var lines []string
	for line := range strings.Lines(string(src)) {
		line = strings.TrimRight(line, "\r\n")
		if strings.Contains(line, " PRIVMSG #") {
			lines = append(lines, line)
		}
	}
	return lines
}

// BenchmarkParseChat parses every chat line of the corpus into a typed message,
// by both libraries in turn, and reports how long ours takes as part of theirs.
func BenchmarkParseChat(b *testing.B) {
	lines := chat(b)
	var reused irc.PrivMsg
	var ours, kept, theirs time.Duration
	for b.Loop() {
		start := time.Now()
		for _, line := range lines {
			m, err := irc.Parse(line)
			if err == nil {
				err = reused.Decode(&m)
			}
			if err != nil {
				b.Fatal(err)
			}
		}
		ours += time.Since(start)

		start = time.Now()
		for _, line := range lines {
			m, err := irc.Parse(line)
			if err == nil {
				err = new(irc.PrivMsg).Decode(&m)
			}
			if err != nil {
				b.Fatal(err)
			}
		}
		kept += time.Since(start)

		start = time.Now()
		for _, line := range lines {
			twitch.ParseMessage(line)
		}
		theirs += time.Since(start)
	}
	b.ReportMetric(0, "ns/op")
	b.ReportMetric(float64(ours.Nanoseconds())/float64(b.N*len(lines)), "reused-ns/line")
	b.ReportMetric(float64(kept.Nanoseconds())/float64(b.N*len(lines)), "kept-ns/line")
	b.ReportMetric(float64(theirs.Nanoseconds())/float64(b.N*len(lines)), "go-twitch-irc-ns/line")
	b.ReportMetric(float64(ours)/float64(theirs), "reused/peer")
	b.ReportMetric(float64(kept)/float64(theirs), "kept/peer")
}
