package daemon_test

import (
	"fmt"
	"net/http"
	"os"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/larkspur-dev/larkspur/cmd/larkspur/internal/daemon"
	"github.com/larkspur-dev/larkspur/emulator"
	"github.com/larkspur-dev/larkspur/skill"
)

// flooded replies to each !hello, sends each !team to a relay, and bans advertisers.
const flooded = `
connectors:
  twitch: {client-id: "${ID}", client-secret: "${SECRET}", code: "${CODE}", channel: ada, always-listening: true}
  team: {url: "https://team.example/hook"}
skills:
  hello: {match: {command: '!hello'}, do: [{reply: 'Hello {event.user_name}'}]}
  team:  {match: {command: '!team'}, do: [{send: {to: team, text: 'x'}}]}
  spam:  {match: {regex: 'buy followers'}, do: [{ban: {user: '{event.user_id}'}}]}
`

// A hanging relay does not respond until the client cancels the request.
type hanging struct{}

func (hanging) RoundTrip(r *http.Request) (*http.Response, error) {
	<-r.Context().Done()
	return nil, r.Context().Err()
}

// A tally counts what skills did.
type tally struct {
	mu     sync.Mutex
	counts map[string]int // guarded by mu; by "skill outcome"
	bans   []time.Time    // guarded by mu; when they were reported
}

func (c *tally) add(r skill.Report) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.counts == nil {
		c.counts = map[string]int{}
	}
	c.counts[fmt.Sprintf("%s %s", r.Skill, r.Outcome)]++
	if r.Skill == "spam" && r.Outcome == skill.Done {
		c.bans = append(c.bans, time.Now())
	}
}

func (c *tally) of(what string) int {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.counts[what]
}

func (c *tally) banned() int {
	c.mu.Lock()
	defer c.mu.Unlock()
	return len(c.bans)
}

// flood writes many !hello and some !team, all at once, and then adverts. It returns
// how long the slowest ban took.
func flood(t *testing.T, tw *emulator.Server, hellos, adverts int, wait func(what string, holds func() bool)) (slowest time.Duration, did *tally, said func() string) {
	t.Helper()
	did = &tally{}
	var mu sync.Mutex
	var notes []string
	runBot(t, tw, flooded, func(o *daemon.Options) {
		o.Observer.Did = did.add
		o.Observer.Note = func(text string) { mu.Lock(); defer mu.Unlock(); notes = append(notes, text) }
		o.RelayClient = &http.Client{Transport: hanging{}}
	})
	for i := range hellos {
		if i == hellos/2 { // the rest exceeds Twitch's limit, and waits
			wait("100 replies", func() bool { return did.of("hello done") >= 100 })
		}
		tw.Say("ada", fmt.Sprintf("viewer%d", i%50), "!hello")
		if i%100 == 0 {
			tw.Say("ada", "grace", "!team")
		}
	}
	waiting := func() int { return hellos - did.of("hello done") - did.of("hello dropped") }
	wait("the replies to all commands", func() bool { return waiting() <= 501 }) // one is being sent
	if n := waiting(); n < 500 {
		t.Errorf("%d replies wait before the adverts, want 500", n)
	}
	for i := range adverts {
		began := time.Now()
		spammer := fmt.Sprintf("spammer%d", i)
		tw.Say("ada", spammer, "want to buy followers?")
		wait("the ban of "+spammer, func() bool { return tw.IsBanned("ada", spammer) && did.banned() == i+1 })
		slowest = max(slowest, time.Since(began))
	}
	return slowest, did, func() string { mu.Lock(); defer mu.Unlock(); return strings.Join(notes, "\n") }
}

// A viewer who floods the chat with commands, and a relay that hangs, must not switch
// moderation off: a ban waits for neither. It took 90 s, and 50 s.
func TestFloodDoesNotDelayABan(t *testing.T) {
	bubble(t, "in a bubble", func(t *testing.T, tw *emulator.Server) {
		slowest, did, said := flood(t, tw, 1000, 5, func(what string, holds func() bool) {
			for deadline := time.Now().Add(patience); !holds(); time.Sleep(time.Millisecond) {
				if time.Now().After(deadline) {
					t.Fatalf("%s: not within %s", what, patience)
				}
			}
		})
		t.Logf("the slowest of 5 bans while 500 replies wait and a relay hangs: %v after the message, in time of the bubble", slowest)
		if slowest > time.Second {
			t.Errorf("a ban took %v, want 1s at most", slowest)
		}

		time.Sleep(2 * time.Minute)
		done, dropped, failed := did.of("hello done"), did.of("hello dropped"), did.of("hello failed")
		if done+dropped+failed != 1000 || done < 100 || dropped < 700 || failed > 0 {
			t.Errorf("got %d replies, %d dropped and %d failed, want 1000 in all, and those dropped that waited 30 s", done, dropped, failed)
		}
		if n := did.of("team failed"); n != 10 {
			t.Errorf("%d messages to the relay failed, want all 10", n)
		}
		if text := said(); !strings.Contains(text, "replies dropped: they had waited longer than 30s (reply-expiry)") {
			t.Errorf("the operator was not told about dropped replies:\n%s", text)
		}
	})
}

// The same over real connections. LARKSPUR_LONG=1 makes it 5000 commands and 200 bans.
func TestFloodOverLoopback(t *testing.T) {
	hellos, adverts := 1000, 3
	if os.Getenv("LARKSPUR_LONG") != "" {
		hellos, adverts = 5000, 200
	}
	tw := emulator.Start(t, emulator.Channel("ada"), emulator.User("grace"), emulator.Live("ada"))
	slowest, did, _ := flood(t, tw, hellos, adverts, func(what string, holds func() bool) {
		settle(t, holds)
		if !holds() {
			t.Fatalf("%s: not within 20 s", what)
		}
	})
	t.Logf("the slowest of %d bans while 500 of %d replies wait and a relay hangs: %v after the message", adverts, hellos, slowest)
	if n := did.of("hello done"); n > hellos/2 {
		t.Errorf("%d replies were sent, want most of them waiting", n)
	}
	if slowest > time.Second {
		t.Errorf("a ban took %v, want 1s at most", slowest)
	}
}
