package bench_test

import (
	"fmt"
	"io"
	"os"
	"runtime"
	"slices"
	"strings"
	"sync"
	"testing"
	"text/tabwriter"
)

// A figure is one measured value with its goal: a ratio to a peer
// that does the same work in the same process, or a rate on this machine.
type figure struct {
	name   string
	what   string
	goal   float64
	atMost bool // the goal is an upper limit; otherwise a lower one
}

// figures are the rows of the table at the end of `make bench`. The goals are those of
// the design; a row without one there has the goal to be no slower than the peer.
var figures = []figure{
	{"parse", "IRC parse, typed, reused struct: part of go-twitch-irc's time", 1.0 / 40, true},
	{"parse-kept", "IRC parse, typed, kept: part of go-twitch-irc's time", 1.0 / 25, true},
	{"parse-allocs", "IRC parse, typed, reused struct: allocations per line without escapes", 0, true},
	{"parse-kept-allocs", "IRC parse, typed, kept: allocations per line without escapes", 2, true},
	{"chat", "chat from socket to handler: times go-twitch-irc's messages/s", 20, false},
	{"chat-reused", "the same with a message that is valid during the handler", 20, false},
	{"envelope", "EventSub envelope and typed event: part of encoding/json's time", 0.25, true},
	{"eventsub", "EventSub from socket to handler: times go-twitch-eventsub's events/s", 8, false},
	{"idle-session", "memory of an idle EventSub session: KiB", 32, true},
	{"webhook", "webhook with all checks and a durable store: part of an empty net/http handler's requests/s", 0.5, false},
	{"webhook-cpu", "the same, handled and removed from the store: empty handler's processor time, part of ours", 0.5, false},
	{"helix-users", "Helix Get Users: part of net/http + encoding/json's time", 1.15, true},
	{"helix-streams", "Helix Get Streams: part of net/http + encoding/json's time", 1.15, true},
	{"helix-peer", "Helix Get Streams: part of nicklaw5/helix's time", 1, true},
	{"bot", "bot: microseconds from a message to the handler of its command", 2, true},
	{"bot-allocs", "the same: allocations", 6, true},
	{"bot-pool", "bot: the same through the pool, in microseconds of a whole round", 2, true},
	{"bot-pool-allocs", "the same: allocations", 6, true},
	{"emulator-events", "emulator: events/s to one WebSocket", 200_000, false},
	{"emulator-chat", "emulator: posted chat lines/s to one connection", 500_000, false},
	{"emulator-helix", "emulator: Helix requests/s", 20_000, false},
}

var measured struct {
	mu     sync.Mutex
	values map[string][]float64
	notes  []string
}

// record keeps what a benchmark measured for the table.
func record(b *testing.B, name string, value float64) {
	b.Helper()
	if !slices.ContainsFunc(figures, func(f figure) bool { return f.name == name }) {
		b.Fatalf("figure %q is not in the table", name)
	}
	measured.mu.Lock()
	defer measured.mu.Unlock()
	if measured.values == nil {
		measured.values = map[string][]float64{}
	}
	measured.values[name] = append(measured.values[name], value)
}

// note keeps a sentence to stand under the table, once.
func note(text string) {
	measured.mu.Lock()
	defer measured.mu.Unlock()
	if !slices.Contains(measured.notes, text) {
		measured.notes = append(measured.notes, text)
	}
}

func TestMain(m *testing.M) {
	code := m.Run()
	if len(measured.values) > 0 {
		if load, err := os.ReadFile("/proc/loadavg"); err == nil {
			note(fmt.Sprintf("load of the machine at the end: %s, on %d processors; what shares them makes rates worse", strings.Fields(string(load))[0], runtime.NumCPU()))
		}
		table(os.Stdout)
	}
	os.Exit(code)
}

// table prints the figures: with -count, the median and the range.
func table(out io.Writer) {
	w := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	fmt.Fprintln(w, "\nfigure\tgoal\tmeasured\t")
	for _, f := range figures {
		sign := "≥"
		if f.atMost {
			sign = "≤"
		}
		values := slices.Sorted(slices.Values(measured.values[f.name]))
		if len(values) == 0 {
			fmt.Fprintf(w, "%s\t%s %s\tnot run\t\n", f.what, sign, number(f.goal))
			continue
		}
		middle := values[len(values)/2]
		verdict := "ok"
		if (f.atMost && middle > f.goal) || (!f.atMost && middle < f.goal) {
			verdict = "NOT"
		}
		spread := ""
		if len(values) > 1 {
			spread = fmt.Sprintf(" (%s … %s)", number(values[0]), number(values[len(values)-1]))
		}
		fmt.Fprintf(w, "%s\t%s %s\t%s%s\t%s\n", f.what, sign, number(f.goal), number(middle), spread, verdict)
	}
	_ = w.Flush()
	if len(measured.notes) > 0 {
		fmt.Fprintln(out, strings.Join(measured.notes, "\n"))
	}
}

// number writes ratios with three digits and rates without a fraction.
func number(v float64) string {
	switch {
	case v >= 1000:
		return fmt.Sprintf("%.0f k", v/1000)
	case v >= 10:
		return fmt.Sprintf("%.1f", v)
	default:
		return strings.TrimSuffix(fmt.Sprintf("%.3f", v), ".000")
	}
}
