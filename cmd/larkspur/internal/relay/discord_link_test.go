package relay_test

import (
	"strings"
	"testing"

	"github.com/larkspur-dev/larkspur/cmd/larkspur/internal/relay"
)

// The link of a channel looks like the address of a webhook, but no text arrives there.
func TestLinkOfADiscordChannelIsRefused(t *testing.T) {
	const want = "relay team: bad address: this is the address of a channel; create a webhook: channel settings, Integrations; " +
		"a good one looks like https://discord.com/api/webhooks/ID/TOKEN"
	for _, address := range []string{
		"https://discord.com/channels/1/2", "https://PTB.discord.com/channels/1/2/3", "http://discordapp.com/channels/@me/2",
		"generic+https://discord.com/channels/1/2", "generic://canary.discord.com/channels/1/2",
	} {
		if _, err := relay.New("team", address, relay.Options{}); err == nil || err.Error() != want {
			t.Errorf("%s: got %v, want %s", address, err, want)
		}
	}
	for _, address := range []string{"https://example.org/channels/1/2", "https://discord.com/api/webhooks/1/" + strings.Repeat("a", 40)} {
		if _, err := relay.New("team", address, relay.Options{}); err != nil {
			t.Errorf("%s: got %v, want none", address, err)
		}
	}
}
