package cli

import (
	"context"
	"crypto/tls"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"sync"
	"time"

	"github.com/coder/websocket"

	"github.com/larkspur-dev/larkspur/cmd/larkspur/internal/daemon"
)

// maxSkew limits how wrong the clock may be: the times in Twitch's messages, and the expiry
// of tokens, are compared with it.
const maxSkew = 30 * time.Second

// reachability connects to everything that a bot needs, at the same time: Helix, OAuth,
// EventSub and chat. Then it compares the clocks.
func reachability(ctx context.Context, addresses daemon.Addresses) []finding {
	var date, sent, got time.Time // of Helix' answer
	checks := []struct {
		what, address string
		proxied       bool
		try           func(ctx context.Context, address string) error
	}{
		{"Helix", addresses.Helix + "/users", true, func(ctx context.Context, address string) (err error) {
			sent = time.Now()
			date, err = tryHTTP(ctx, address)
			got = time.Now()
			return err
		}},
		{"OAuth", addresses.OAuth + "/validate", true, func(ctx context.Context, address string) error {
			_, err := tryHTTP(ctx, address)
			return err
		}},
		{"EventSub", addresses.EventSub, true, tryWebSocket},
		{"chat", addresses.IRC, false, tryChat},
	}
	findings := make([]finding, len(checks))
	var wg sync.WaitGroup
	for i, c := range checks {
		wg.Go(func() {
			ctx, cancel := context.WithTimeout(ctx, checkTime)
			defer cancel()
			proxy, started := proxyOf(c.address), time.Now()
			through := ""
			switch {
			case proxy != "" && c.proxied:
				through = " through the proxy " + proxy
			case proxy != "":
				through = " without the proxy, which chat does not use"
			}
			if err := c.try(ctx, c.address); err != nil {
				findings[i] = finding{markWrong, c.what, fmt.Sprintf("cannot be reached%s: %v; check the network, a firewall or a proxy", through, err)}
				return
			}
			findings[i] = finding{markOK, c.what, fmt.Sprintf("reached in %s%s: %s", time.Since(started).Round(time.Millisecond), through, c.address)}
		})
	}
	wg.Wait()
	if !date.IsZero() {
		findings = append(findings, clock(date, sent, got))
	}
	return findings
}

// proxyOf returns the proxy that the environment names for an address, without its
// password; "" where there is none.
func proxyOf(address string) string {
	u, err := url.Parse(address)
	if err != nil {
		return ""
	}
	switch u.Scheme {
	case "wss", "ircs":
		u.Scheme = "https"
	case "ws", "irc":
		u.Scheme = "http"
	}
	proxy, err := http.ProxyFromEnvironment(&http.Request{URL: u})
	if err != nil || proxy == nil {
		return ""
	}
	return proxy.Redacted()
}

// clock compares the date of an answer, in whole seconds, with our time when the request
// was sent and when the answer arrived.
func clock(date, sent, got time.Time) finding {
	var skew time.Duration
	switch {
	case date.Before(sent.Add(-time.Second)):
		skew = sent.Sub(date.Add(time.Second))
	case date.After(got):
		skew = got.Sub(date)
	}
	if skew.Abs() <= maxSkew {
		return finding{markOK, "clock", "agrees with Twitch's"}
	}
	direction := "fast"
	if skew < 0 {
		direction = "slow"
	}
	return finding{markWrong, "clock", fmt.Sprintf("this machine's clock is %s %s; set it, best by NTP", skew.Abs().Round(time.Second), direction)}
}

// tryHTTP sends a request and returns the date of the answer. A refusal is fine too.
func tryHTTP(ctx context.Context, address string) (date time.Time, err error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, address, http.NoBody)
	if err != nil {
		return time.Time{}, err
	}
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		return time.Time{}, err
	}
	if err := res.Body.Close(); err != nil {
		return time.Time{}, err
	}
	if res.StatusCode >= http.StatusInternalServerError {
		return time.Time{}, fmt.Errorf("it answers %s", res.Status)
	}
	if date, err = http.ParseTime(res.Header.Get("Date")); err != nil {
		date = time.Time{} // then the clock is not compared
	}
	return date, nil
}

func tryWebSocket(ctx context.Context, address string) error {
	conn, res, err := websocket.Dial(ctx, address, nil)
	if err != nil {
		return err
	}
	if res != nil && res.Body != nil {
		_ = res.Body.Close() // the connection is conn's now
	}
	return conn.CloseNow()
}

// tryChat opens a connection, encrypted if the address says so.
func tryChat(ctx context.Context, address string) error {
	u, err := url.Parse(address)
	if err != nil {
		return err
	}
	var conn net.Conn
	if u.Scheme == "ircs" {
		conn, err = new(tls.Dialer).DialContext(ctx, "tcp", u.Host)
	} else {
		conn, err = new(net.Dialer).DialContext(ctx, "tcp", u.Host)
	}
	if err != nil {
		return err
	}
	return conn.Close()
}
