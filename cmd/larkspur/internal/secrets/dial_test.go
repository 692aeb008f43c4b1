package secrets_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/larkspur-dev/larkspur/eventsub"
	"github.com/larkspur-dev/larkspur/heat"
	"github.com/larkspur-dev/larkspur/helix"
	"github.com/larkspur-dev/larkspur/irc"
)

// A deadLine is a network on which every request fails in the same way.
type deadLine struct{ err error }

func (d deadLine) RoundTrip(*http.Request) (*http.Response, error) { return nil, d.err }

// A counter allows as many requests as retrying for a minute needs. The limit stops
// clients that follow redirects for ever.
type counter struct {
	http.RoundTripper
	requests atomic.Int32
}

func (c *counter) RoundTrip(r *http.Request) (*http.Response, error) {
	if c.requests.Add(1) > 200 {
		return nil, errors.New("too many requests")
	}
	return c.RoundTripper.RoundTrip(r)
}

// The addresses of reconnects and of a user's own proxy can contain a token, and errors
// of net/http quote addresses.
func TestErrorsOfConnectionsHoldNoAddress(t *testing.T) {
	ways := map[string]func(ctx context.Context, s *said, client *http.Client) error{
		"events": func(ctx context.Context, s *said, client *http.Client) error {
			tw := helix.New("client", helix.StaticToken("7", "token"), helix.Options{HTTPClient: client})
			mux := eventsub.NewMux(eventsub.MuxOptions{Logger: s.logger()})
			session := eventsub.NewSession(tw, mux, eventsub.SessionOptions{
				URL: "wss://ada:" + secret + "@localhost/ws?token=" + secret, HTTPClient: client, Logger: s.logger(),
				OnState: func(state eventsub.State) { _, _ = fmt.Fprintf(s, "%+v\n", state) },
			})
			session.Want(eventsub.ChannelUpdateCondition{BroadcasterUserID: "7"})
			return session.Run(ctx)
		},
		"chat": func(ctx context.Context, s *said, client *http.Client) error {
			return irc.New(irc.Options{
				Channels: []string{"ada"}, Addr: "wss://ada:" + secret + "@localhost/?token=" + secret, HTTPClient: client, Logger: s.logger(),
				OnState: func(state irc.State) { _, _ = fmt.Fprintf(s, "%+v\n", state) },
			}).Run(ctx)
		},
		"heat": func(ctx context.Context, s *said, client *http.Client) error {
			c := heat.New("7", heat.Options{URL: "wss://ada:" + secret + "@localhost/" + secret, HTTPClient: client, Logger: s.logger()})
			return c.Run(ctx, func(context.Context, heat.Click) error { return nil })
		},
	}
	for name, run := range ways {
		for how, network := range map[string]http.RoundTripper{
			"it breaks":      deadLine{io.ErrUnexpectedEOF},
			"TLS fails":      deadLine{errors.New("tls: failed to verify certificate")},
			"it is slow":     deadLine{context.DeadlineExceeded},
			"it is refused":  echo{http.StatusForbidden, "%s"},
			"it is diverted": echo{http.StatusTemporaryRedirect, "%s"},
			"it is no chat":  echo{http.StatusOK, "%s"},
			"it upgrades":    echo{http.StatusSwitchingProtocols, "%s"},
		} {
			t.Run(name+" "+how, func(t *testing.T) {
				synctest.Test(t, func(t *testing.T) {
					var s said
					limited := &counter{RoundTripper: network}
					ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
					defer cancel()
					s.fails(run(ctx, &s, &http.Client{Transport: limited}))
					_, _ = fmt.Fprintln(&s, "tried")
					s.want(t, name)
					if n := limited.requests.Load(); n == 0 || n > 200 {
						t.Errorf("got %d requests, want some and no flood", n)
					}
				})
			})
		}
	}
}
