package relay

import (
	"net/url"
	"slices"
	"strings"
)

const channelLink = "this is the address of a channel; create a webhook: channel settings, Integrations"

// isChannelLink reports whether u is what Discord's clients copy as the link of a channel
// or message: https://discord.com/channels/SERVER/CHANNEL. It does not accept posts.
func isChannelLink(u *url.URL) bool {
	return slices.Contains(discordHosts, strings.ToLower(u.Hostname())) && strings.HasPrefix(u.Path, "/channels/")
}
