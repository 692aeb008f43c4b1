package daemon

import (
	"fmt"
	"net/url"

	"github.com/larkspur-dev/larkspur/helix"
	"github.com/larkspur-dev/larkspur/oauth"
)

// Addresses are the addresses of Twitch's services.
type Addresses struct {
	Helix    string // https://api.twitch.tv/helix
	OAuth    string // https://id.twitch.tv/oauth2
	EventSub string // wss://eventsub.wss.twitch.tv/ws
	IRC      string // ircs://irc.chat.twitch.tv:6697
}

// TwitchAddresses returns the addresses of the real Twitch.
func TwitchAddresses() Addresses {
	return Addresses{
		Helix:    helix.DefaultBaseURL,
		OAuth:    oauth.DefaultBaseURL,
		EventSub: "wss://eventsub.wss.twitch.tv/ws",
		IRC:      "ircs://irc.chat.twitch.tv:6697",
	}
}

// EmulatorAddresses returns where an emulator with the base URL serves what
// Twitch serves: "http://127.0.0.1:8080".
func EmulatorAddresses(base string) (Addresses, error) {
	u, err := url.Parse(base)
	if err != nil || u.Scheme != "http" || u.Host == "" {
		return Addresses{}, fmt.Errorf("%q is no address of an emulator; it looks like http://127.0.0.1:8080", base)
	}
	host := u.Host
	if u.Port() == "" {
		host += ":80"
	}
	return Addresses{
		Helix:    "http://" + host + "/helix",
		OAuth:    "http://" + host + "/oauth2",
		EventSub: "ws://" + host + "/ws",
		IRC:      "irc://" + host,
	}, nil
}
