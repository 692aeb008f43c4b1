package relay

import (
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"net/url"
	"strings"
	"sync/atomic"
	"testing"
)

// A proxy resolves names by itself, so a name that is not known here may be a private
// address there.
func TestProxyIsNotAskedForAHostThatMayBePrivate(t *testing.T) {
	var asked atomic.Int32
	proxy := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { asked.Add(1) }))
	defer proxy.Close()
	address, err := url.Parse(proxy.URL)
	if err != nil {
		t.Fatal(err)
	}
	old := environmentProxy
	environmentProxy = func(*http.Request) (*url.URL, error) { return address, nil }
	defer func() { environmentProxy = old }()

	lookup := func(_ context.Context, host string) ([]netip.Addr, error) {
		if host == "team.example" {
			return []netip.Addr{netip.MustParseAddr("162.159.128.233")}, nil
		}
		return nil, errors.New("no such host")
	}
	for _, tt := range []struct {
		address string
		g       guard
		want    string // part of the error; empty: the proxy is asked
	}{
		{"http://127.1/hook", guard{}, "not a usual form"},
		{"http://2130706433/hook", guard{}, "not a usual form"},
		{"http://127.0.0.1./hook", guard{}, "private address"},
		{"http://printer.example/hook", guard{}, "no such host; if it resolves only at the proxy, set allow-private: true"},
		{"http://team.example/hook", guard{}, ""},
		{"http://printer.example/hook", guard{allowPrivate: true}, ""},
		{"http://discord.com/not-a-webhook", guard{}, ""}, // known to be public
	} {
		before := asked.Load()
		tt.g.lookup = lookup
		client := newClient(tt.g)
		r, err := New("team", tt.address, Options{HTTPClient: client, AllowPrivate: true})
		if err != nil {
			t.Fatal(err)
		}
		err = r.Send(t.Context(), "hello")
		if tt.want == "" && err != nil || tt.want != "" && (err == nil || !strings.Contains(err.Error(), tt.want)) {
			t.Errorf("%s: got %v, want %q", tt.address, err, tt.want)
		}
		if got := asked.Load() > before; got != (tt.want == "") {
			t.Errorf("%s: the proxy was asked: %t", tt.address, got)
		}
		client.CloseIdleConnections()
	}
}
