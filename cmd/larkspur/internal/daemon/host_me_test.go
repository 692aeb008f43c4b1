package daemon_test

import (
	"testing"

	"github.com/larkspur-dev/larkspur/emulator"
)

// A configured /me was shown as text. A viewer's must be.
func TestConfiguredMeIsAnAction(t *testing.T) {
	const rules = `
  wave: {match: {command: '!wave {who...}'}, do: [{say: '/me waves at {who}'}]}
  echo: {match: {command: '!echo {words...}'}, do: [{say: '{words}'}]}
  hide: {match: {command: '!hide {words...}'}, do: [{say: "\u200b {words}"}]}
`
	bubble(t, "in a bubble", func(t *testing.T, tw *emulator.Server) {
		runBot(t, tw, floodedTwitch+rules, nil)
		for _, tt := range []struct {
			text, want string
			action     bool
		}{
			{"!wave Linus", "waves at Linus", true},
			{"!echo /me is mallory", "\u2215me is mallory", false},
			{"!hide /me was mallory", "\u2215me was mallory", false},
		} {
			tw.Say("ada", "grace", tt.text)
			if m := tw.WantChat(t, "ada", tt.want); m.Action != tt.action {
				t.Errorf("%s: got action %v, want %v", tt.text, m.Action, tt.action)
			}
		}
	})
}
