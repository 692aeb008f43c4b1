package daemon_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/larkspur-dev/larkspur/cmd/larkspur/internal/daemon"
	"github.com/larkspur-dev/larkspur/emulator"
)

const (
	floodedTwitch = `
connectors:
  twitch: {client-id: "${ID}", client-secret: "${SECRET}", code: "${CODE}", channel: ada, always-listening: true}
skills:
`
	lookupRules = `
  spam:  {match: {regex: '.'}, when: "channel.live and 'buy followers' in event.text", do: [ban]}
`
)

// banAfterFlood writes messages at a steady rate, and then an advert. It returns how long
// the ban took after the advert.
func banAfterFlood(t *testing.T, tw *emulator.Server, rules, text string, messages, perSecond int) (took time.Duration, did *tally) {
	t.Helper()
	did = &tally{}
	runBot(t, tw, floodedTwitch+rules, func(o *daemon.Options) { o.Observer.Did = did.add })
	for i := range messages {
		tw.Say("ada", fmt.Sprintf("viewer%d", i%50), text)
		time.Sleep(time.Second / time.Duration(perSecond))
	}
	began := time.Now()
	tw.Say("ada", "spammer", "want to buy followers?")
	for !tw.IsBanned("ada", "spammer") {
		if time.Since(began) > patience {
			t.Fatalf("no ban within %s", patience)
		}
		time.Sleep(10 * time.Millisecond)
	}
	return time.Since(began), did
}

// Viewers must not be able to delay a ban by messages that a condition about the channel
// has to judge. Each message cost two calls of Twitch's API: the ban took 82 s.
func TestLookupsOfAConditionDoNotDelayABan(t *testing.T) {
	for _, tt := range []struct{ messages, perSecond int }{{1000, 100}, {800, 20}} {
		bubble(t, fmt.Sprintf("%d messages at %d per second", tt.messages, tt.perSecond), func(t *testing.T, tw *emulator.Server) {
			took, _ := banAfterFlood(t, tw, lookupRules, "hello", tt.messages, tt.perSecond)
			t.Logf("banned %v after the advert", took)
			if took > time.Second {
				t.Errorf("the ban took %v, want 1s at most", took)
			}
		})
	}
}

// A rule that deletes every message used up the queue and the calls that a ban needs: the
// ban took 7.3 s.
func TestDeletesOfManyMessagesDoNotDelayABan(t *testing.T) {
	const rules = `
  links: {match: {regex: hello}, do: [delete]}
  spam:  {match: {regex: 'buy followers'}, do: [delete, ban]}
`
	bubble(t, "in a bubble", func(t *testing.T, tw *emulator.Server) {
		took, did := banAfterFlood(t, tw, rules, "hello", 1000, 100)
		t.Logf("banned %v after the advert, with %d messages deleted", took, did.of("links done"))
		if took > time.Second {
			t.Errorf("the ban took %v, want 1s at most", took)
		}
		time.Sleep(time.Minute)
		if n := did.of("links done"); n != 1000 {
			t.Errorf("got %d messages deleted in the end, want all 1000", n)
		}
	})
}
