package daemon_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/larkspur-dev/larkspur/cmd/larkspur/internal/daemon"
	"github.com/larkspur-dev/larkspur/emulator"
)

// A bot that the configuration names, and that has not logged in, does not talk as the
// channel's owner in the meantime.
func TestNamedBotDoesNotTalkAsTheOwner(t *testing.T) {
	bubble(t, "in a bubble", func(t *testing.T, tw *emulator.Server) {
		scopes := []string{"chat:edit", "chat:read", "moderator:manage:banned_users", "moderator:read:followers"}
		store := storeOf(t, tw, "ada", scopes...)
		text := fmt.Sprintf(`
connectors:
  twitch: {client-id: %q, client-secret: %q, channel: ada, bot-name: larkbot, always-listening: true}
skills:
  hello: {match: {command: '!hello'}, do: [{say: hi}]}
`, tw.ClientID(), tw.ClientSecret())
		cfg, err := daemon.Load("bot.yaml", []byte(text), daemon.LoadOptions{})
		if err != nil {
			t.Fatal(err)
		}
		got := start(t, tw, cfg, store).fails()
		for _, want := range []string{"larkbot (bot-name) has not logged in", "\n  larkspur login --config bot.yaml --account bot\n"} {
			if !strings.Contains(got, want) {
				t.Errorf("got %q, want it to say %q", got, want)
			}
		}
		signedIn(t, tw, store, "larkbot", scopes...)
		r := start(t, tw, cfg, store)
		r.up()
		r.saysUntil("in the channel ada as larkbot")
		r.down()
	})
}
