package daemon_test

import (
	"strings"
	"testing"

	"github.com/larkspur-dev/larkspur/cmd/larkspur/internal/daemon"
	"github.com/larkspur-dev/larkspur/emulator"
)

const speaking = `
connectors:
  twitch: {client-id: "${ID}", client-secret: "${SECRET}", code: "${CODE}", channel: ada, always-listening: true}
skills:
  first:  {match: {command: '!first'}, do: [{say: 'first'}]}
  lost:   {match: {command: '!lost'}, do: [{say: 'the answer is lost'}]}
  failed: {match: {command: '!failed'}, do: [{say: 'nobody knows'}]}
`

// An answer of Twitch is lost: the message is known to be shown when it appears in chat,
// and otherwise reported as unknown. It is never sent twice.
func TestLostAnswerToAMessage(t *testing.T) {
	bubble(t, "in a bubble", func(t *testing.T, tw *emulator.Server) {
		did := &reports{}
		runBot(t, tw, speaking, func(o *daemon.Options) { o.Observer.Did = did.add })
		tw.Say("ada", "grace", "!first")
		if r := did.of(t, "first"); r.Err != nil {
			t.Errorf("got %v, want it shown", r.Err)
		}
		tw.FailRequests(emulator.RequestFault{Path: "/helix/chat/messages", Lost: true})
		tw.Say("ada", "grace", "!lost")
		if r := did.of(t, "lost"); r.Err != nil {
			t.Errorf("got %v, want it found in chat", r.Err)
		}
		tw.FailRequests(emulator.RequestFault{Path: "/helix/chat/messages", Status: 503})
		tw.Say("ada", "grace", "!failed")
		if r := did.of(t, "failed"); r.Err == nil || !strings.Contains(r.Err.Error(), "may have been shown") {
			t.Errorf("got %v, want an unknown outcome", r.Err)
		}
		n := 0
		for _, m := range tw.Chat("ada") {
			if m.User == "ada" {
				n++
			}
		}
		if n != 2 {
			t.Errorf("the bot wrote %d messages, want 2", n)
		}
	})
}
