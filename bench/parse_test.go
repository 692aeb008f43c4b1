package bench_test

import (
	"runtime"
	"strings"
	"testing"
	"time"

	twitch "github.com/gempir/go-twitch-irc/v4"

	"github.com/larkspur-dev/larkspur/irc"
)

// BenchmarkParse parses every chat line of the corpus into a typed message, by
// both libraries in turn, and reports how long ours takes as part of theirs.
func BenchmarkParse(b *testing.B) {
	lines := corpus(b, "PRIVMSG")
	reused := new(irc.PrivMsg)
	var last *irc.PrivMsg
	into := func(p *irc.PrivMsg, line string) {
		m, err := irc.Parse(line)
		if err == nil {
			err = p.Decode(&m)
		}
		if err != nil {
			b.Fatal(err)
		}
	}
	ways := []func(line string){
		func(line string) { into(reused, line) },
		func(line string) { last = new(irc.PrivMsg); into(last, line) },
		func(line string) { twitch.ParseMessage(line) },
	}
	times := make([][]time.Duration, len(ways))
	for b.Loop() {
		for i, parse := range ways {
			runtime.GC() // so that no case collects the garbage of the one before
			start := time.Now()
			for _, line := range lines {
				parse(line)
			}
			times[i] = append(times[i], time.Since(start))
		}
	}
	theirs := best(times[2])
	b.ReportMetric(0, "ns/op")
	for i, name := range []string{"reused", "kept", "go-twitch-irc"} {
		b.ReportMetric(best(times[i])*1e9/float64(len(lines)), name+"-ns/line")
	}
	b.ReportMetric(best(times[0])/theirs, "reused/peer")
	b.ReportMetric(best(times[1])/theirs, "kept/peer")
	record(b, "parse", best(times[0])/theirs)
	record(b, "parse-kept", best(times[1])/theirs)

	var plain []string // without the lines that no parser can parse without allocating
	for _, line := range lines {
		if !strings.Contains(line, `\`) {
			plain = append(plain, line)
		}
	}
	for i, name := range []string{"parse-allocs", "parse-kept-allocs"} {
		allocs := testing.AllocsPerRun(5, func() {
			for _, line := range plain {
				ways[i](line)
			}
		})
		record(b, name, allocs/float64(len(plain)))
	}
	_ = last
}
