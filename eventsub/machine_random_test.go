package eventsub

import (
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"
)

// TestMachineNeverGetsStuck feeds random stories and checks what must hold in all.
func TestMachineNeverGetsStuck(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		m := newMachine(testBase, 30*time.Second, func() float64 { return rapid.Float64Range(0, 0.999).Draw(t, "random") })
		now := time.Unix(1_800_000_000, 0)
		open := map[int]bool{}
		wanted, session := false, false
		links := 0
		for range rapid.IntRange(1, 80).Draw(t, "steps") {
			pick := 0
			if links > 0 {
				pick = rapid.IntRange(max(1, links-3), links).Draw(t, "link")
			}
			var in input
			switch rapid.IntRange(0, 9).Draw(t, "input") {
			case 0:
				in = inWanted{wanted: rapid.Bool().Draw(t, "wanted")}
				wanted = in.(inWanted).wanted
			case 1, 2:
				if at := m.deadline(); !at.IsZero() && at.After(now) {
					now = at
				}
				in = inTick{}
			case 3:
				in = inDialed{link: pick}
			case 4, 5:
				in = inFrame{link: pick, msg: message{kind: kindWelcome, timestamp: now, session: sessionInfo{id: rapid.StringMatching(`[A-C]`).Draw(t, "id")}}}
			case 6:
				address := rapid.SampledFrom([]string{"wss://cell-a.eventsub.wss.twitch.tv/ws", "wss://example.org/ws", ""}).Draw(t, "address")
				in = inFrame{link: pick, msg: message{kind: kindReconnect, session: sessionInfo{reconnectURL: address}}}
			case 7:
				code := rapid.SampledFrom([]int{1000, 4000, 4001, 4002, 4003, 4004, 4005, 4006, 4007}).Draw(t, "code")
				in = inClosed{link: pick, err: &CloseError{Code: code}}
				delete(open, pick)
			case 8:
				in = inFrame{link: pick, msg: message{kind: kindNotification, timestamp: now}}
			case 9:
				in = inRestored{}
			}
			now = now.Add(time.Duration(rapid.IntRange(0, 5000).Draw(t, "ms")) * time.Millisecond)
			for _, out := range m.step(in, now) {
				switch out := out.(type) {
				case outDial:
					links++
					if out.link != links {
						t.Fatalf("dialled link %d, want %d", out.link, links)
					}
					if strings.Contains(out.url, "example.org") {
						t.Fatalf("dialled %s", out.url)
					}
					open[out.link] = true
				case outClose:
					delete(open, out.link)
				case outSession:
					if out.fresh && session {
						t.Fatal("a fresh session although the last one was not lost")
					}
					session = true
				case outLost:
					session = false
				}
			}
			if len(open) > 3 {
				t.Fatalf("%d connections at once", len(open))
			}
			if !wanted && len(open) > 0 {
				t.Fatalf("connections %v although nothing is wanted", open)
			}
			if wanted && m.deadline().IsZero() {
				t.Fatal("wanted, and waiting for nothing")
			}
			if wanted && len(open) == 0 && m.again.IsZero() {
				t.Fatal("wanted, without a connection, and no plan to dial")
			}
			for id := range open {
				if l := m.link(id); l == nil || l.deadline.IsZero() {
					t.Fatalf("connection %d is open and forgotten", id)
				}
			}
		}
	})
}
