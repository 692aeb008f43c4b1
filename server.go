package larkspur

import (
	"errors"
	"fmt"
	"net/url"
	"strings"
)

// addresses are those of Twitch's services. Empty ones stand for Twitch itself.
type addresses struct{ oauth, helix, eventsub string }

var errServer = errors.New(`want the address of an emulator, such as "http://127.0.0.1:8080", or nothing for Twitch itself`)

// addressesOf returns the addresses below that of an emulator; "" is Twitch itself.
func addressesOf(server string) (addresses, error) {
	if server == "" {
		return addresses{}, nil
	}
	u, err := url.Parse(strings.TrimRight(server, "/"))
	if err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Host == "" || u.Path != "" || u.RawQuery != "" || u.User != nil {
		return addresses{}, fmt.Errorf("larkspur: option Server: %w", errServer)
	}
	ws := "ws" + strings.TrimPrefix(u.Scheme, "http")
	return addresses{
		oauth: u.String() + "/oauth2", helix: u.String() + "/helix", eventsub: ws + "://" + u.Host + "/ws",
	}, nil
}
