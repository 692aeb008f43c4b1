package daemon_test

import (
	"context"
	"errors"
	"net"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/larkspur-dev/larkspur/cmd/larkspur/internal/daemon"
	"github.com/larkspur-dev/larkspur/emulator"
)

// A network that can be cut.
type network struct {
	tw  *emulator.Server
	cut atomic.Bool
}

var errCut = errors.New("connection refused")

// RoundTrip implements [http.RoundTripper].
func (n *network) RoundTrip(r *http.Request) (*http.Response, error) {
	if n.cut.Load() {
		return nil, errCut
	}
	return n.tw.HTTPClient().Transport.RoundTrip(r)
}

func (n *network) dial(ctx context.Context, kind, addr string) (net.Conn, error) {
	if n.cut.Load() {
		return nil, errCut
	}
	return n.tw.DialContext(ctx, kind, addr)
}

func (n *network) options() daemon.Options {
	return daemon.Options{Addresses: addresses(n.tw), HTTPClient: &http.Client{Transport: n}, Dial: n.dial}
}

// Twitch cannot be reached at the start: the bot waits, reports it, and works when
// Twitch is back.
func TestUnreachableAtStart(t *testing.T) {
	bubble(t, "in a bubble", func(t *testing.T, tw *emulator.Server) {
		n := &network{tw: tw}
		n.cut.Store(true)
		r := startWith(t, configure(t, tw, map[string]string{"CODE": codeOf(t, tw, "ada")}), n.options())
		time.Sleep(20 * time.Second)
		if said := r.said(); !strings.Contains(said, "Twitch cannot be reached") || !strings.Contains(said, "trying again in") {
			t.Errorf("it said only:\n%s", said)
		}
		n.cut.Store(false)
		r.up()
		tw.Say("ada", "grace", "!hello")
		tw.WantChat(t, "ada", "Hello grace")
		r.down()
		r.hides(tw.ClientSecret())
	})
}

// Ctrl-C ends a bot that waits for Twitch.
func TestStopWhileUnreachable(t *testing.T) {
	bubble(t, "at the start", func(t *testing.T, tw *emulator.Server) {
		n := &network{tw: tw}
		n.cut.Store(true)
		r := startWith(t, configure(t, tw, map[string]string{"CODE": codeOf(t, tw, "ada")}), n.options())
		r.saysUntil("trying again in")
		r.down()
	})
	bubble(t, "later", func(t *testing.T, tw *emulator.Server) {
		n := &network{tw: tw}
		r := startWith(t, configure(t, tw, map[string]string{"CODE": codeOf(t, tw, "ada")}), n.options())
		r.up()
		n.drop()
		time.Sleep(90 * time.Second)
		r.down()
	})
}

// drop cuts the network and everything that goes over it.
func (n *network) drop() {
	n.cut.Store(true)
	n.tw.DropChat()
	n.tw.DropEventSub()
}

// Twitch is unreachable for a while, shorter and longer than a few retries: the bot
// reconnects to chat and to its events without help.
func TestUnreachableWhileRunning(t *testing.T) {
	for _, away := range []time.Duration{5 * time.Second, 10 * time.Minute} {
		bubble(t, away.String(), func(t *testing.T, tw *emulator.Server) {
			n := &network{tw: tw}
			r := startWith(t, configure(t, tw, map[string]string{"CODE": codeOf(t, tw, "ada")}), n.options())
			r.up()
			n.drop()
			time.Sleep(away)
			n.cut.Store(false)
			r.until("it is back in chat", func() bool { return tw.IsInChat("ada", "ada") })
			r.until("it is back to events", func() bool { return len(tw.EventSubSessions()) > 0 })
			time.Sleep(5 * time.Second) // to subscribe
			tw.Say("ada", "grace", "!hello")
			tw.WantChat(t, "ada", "Hello grace")
			tw.Follow("ada", "grace")
			tw.WantChat(t, "ada", "Thank you grace")
			r.down()
		})
	}
}

// The bot names each scope that a login did not grant; everything else works.
func TestMissingScopes(t *testing.T) {
	bubble(t, "in a bubble", func(t *testing.T, tw *emulator.Server) {
		code := tw.AuthorizationCode("ada", "http://localhost", "chat:read", "chat:edit")
		r := start(t, tw, configure(t, tw, map[string]string{"CODE": code}), nil)
		r.up()
		r.saysUntil("channel.follow is not heard: ada has not granted moderator:read:followers")
		tw.Say("ada", "grace", "!hello")
		tw.WantChat(t, "ada", "Hello grace")
		tw.Say("ada", "spammer", "spam")
		time.Sleep(time.Second)
		if tw.IsBanned("ada", "spammer") {
			t.Error("the spammer is banned without the scope for it")
		}
		r.down()
	})
}
