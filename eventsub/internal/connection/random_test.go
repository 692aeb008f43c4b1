package connection

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"
)

// TestMachineNeverGetsStuck runs random stories and checks the invariants in each.
func TestMachineNeverGetsStuck(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		m := New(testURL, 30*time.Second, func() float64 { return rapid.Float64Range(0, 0.999).Draw(t, "random") })
		now := time.Unix(1_800_000_000, 0)
		open := map[int]bool{}
		needed, session := false, false
		links := 0
		for range rapid.IntRange(1, 80).Draw(t, "steps") {
			pick := 0
			if links > 0 {
				pick = rapid.IntRange(max(1, links-3), links).Draw(t, "link")
			}
			var in Input
			switch rapid.IntRange(0, 9).Draw(t, "input") {
			case 0:
				needed = rapid.Bool().Draw(t, "needed")
				in = Want{Needed: needed}
				session = session && needed
			case 1, 2:
				if at := m.Deadline(); !at.IsZero() && at.After(now) {
					now = at
				}
				in = Tick{}
			case 3:
				in = Opened{Link: pick}
			case 4, 5:
				in = Welcome{Link: pick, Sent: now, Session: rapid.StringMatching(`[A-C]`).Draw(t, "id")}
			case 6:
				in = Reconnect{Link: pick, URL: rapid.SampledFrom([]string{handoverURL, "wss://example.org/ws", ""}).Draw(t, "address")}
			case 7:
				code := rapid.SampledFrom([]int{1000, 4000, 4001, 4002, 4003, 4004, 4005, 4006, 4007, CodeNone}).Draw(t, "code")
				in = Closed{Link: pick, Code: code, Reason: fmt.Errorf("code %d", code)}
				delete(open, pick)
			case 8:
				in = Notification{Link: pick, Sent: now}
			case 9:
				in = rapid.SampledFrom([]Input{Keepalive{Link: pick, Sent: now}, Revocation{Link: pick}}).Draw(t, "message")
			}
			now = now.Add(time.Duration(rapid.IntRange(0, 5000).Draw(t, "ms")) * time.Millisecond)
			for _, out := range m.Step(in, now) {
				switch out := out.(type) {
				case Dial:
					links++
					if out.Link != links {
						t.Fatalf("dialled link %d, want %d", out.Link, links)
					}
					if strings.Contains(out.URL, "example.org") {
						t.Fatalf("dialled %s", out.URL)
					}
					open[out.Link] = true
				case Drop:
					delete(open, out.Link)
				case Session:
					if out.Fresh && session {
						t.Fatal("a fresh session although the last one was not lost")
					}
					if !out.Fresh && !session {
						t.Fatal("a session moved that did not exist")
					}
					session = true
				case Lost:
					if !session {
						t.Fatal("a session was lost that did not exist")
					}
					session = false
				}
			}
			checkLinks(t, m, open, needed)
		}
	})
}

func checkLinks(t *rapid.T, m *Machine, open map[int]bool, needed bool) {
	if len(open) > 3 {
		t.Fatalf("%d connections at once", len(open))
	}
	if !needed && len(open) > 0 {
		t.Fatalf("connections %v although none is needed", open)
	}
	if needed && m.Deadline().IsZero() {
		t.Fatal("needed, and waiting for nothing")
	}
	if needed && len(open) == 0 && m.dialAt.IsZero() {
		t.Fatal("needed, without a connection, and no plan to dial")
	}
	for id := range open {
		if l := m.link(id); l == nil || l.deadline.IsZero() {
			t.Fatalf("connection %d is open and forgotten", id)
		}
	}
}
