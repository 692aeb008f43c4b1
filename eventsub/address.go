package eventsub

import (
	"cmp"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"time"
)

// DefaultURL is the address of Twitch's EventSub WebSocket server.
const DefaultURL = "wss://eventsub.wss.twitch.tv/ws"

// schemes are the URL schemes that can be dialled.
var schemes = []string{"wss", "ws", "https", "http"}

// checkAddress returns an error if a WebSocket's address cannot be dialled.
func checkAddress(address string) error {
	if u, err := url.Parse(address); err != nil || u.Host == "" || !slices.Contains(schemes, u.Scheme) {
		return fmt.Errorf("eventsub: address %q: want something like %s", address, DefaultURL)
	}
	return nil
}

// addressOr, clientOr and keepaliveOr return an option or its default.
func addressOr(address string) string { return cmp.Or(address, DefaultURL) }

func clientOr(c *http.Client) *http.Client {
	if c == nil {
		return &http.Client{}
	}
	return c
}

func keepaliveOr(d time.Duration) time.Duration {
	return min(max(cmp.Or(d, 30*time.Second), 10*time.Second), 10*time.Minute)
}
