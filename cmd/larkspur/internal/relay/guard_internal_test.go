package relay

import (
	"context"
	"errors"
	"net"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"strings"
	"sync/atomic"
	"testing"
)

func TestIsPublic(t *testing.T) {
	for address, want := range map[string]bool{
		"162.159.128.233": true, "8.8.8.8": true, "2606:4700::6810:84e5": true, "100.63.255.255": true, "100.128.0.1": true,
		"127.0.0.1": false, "127.8.8.8": false, "::1": false, "0.0.0.0": false, "::": false, "0.1.2.3": false,
		"10.0.0.1": false, "172.31.255.255": false, "192.168.1.1": false, "fd00:ec2::254": false,
		"169.254.169.254": false, "fe80::1%eth0": false, "100.64.0.1": false, "100.100.100.200": false,
		"224.0.0.1": false, "ff02::1": false, "255.255.255.255": false, "240.0.0.1": false,
		"::ffff:127.0.0.1": false, "::ffff:8.8.8.8": true, "::ffff:0:127.0.0.1": false, "::ffff:0:8.8.8.8": true, "::127.0.0.1": false, "64:ff9b::7f00:1": false, "2002:7f00:1::": false,
	} {
		if got := isPublic(netip.MustParseAddr(address)); got != want {
			t.Errorf("%s: got %t, want %t", address, got, want)
		}
	}
}

// The address is checked when it is dialled, so neither a name that resolves to a
// private address nor a redirect gets past the check.
func TestPrivateAddressIsRefusedWhenDialled(t *testing.T) {
	var reached atomic.Int32
	inside := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { reached.Add(1) }))
	defer inside.Close()
	outside := httptest.NewServer(http.RedirectHandler(inside.URL+"/admin", http.StatusTemporaryRedirect))
	defer outside.Close()

	client := newClient(guard{})
	defer client.CloseIdleConnections()
	direct := client.Transport.(*transport).direct
	guarded := direct.DialContext
	direct.DialContext = func(ctx context.Context, network, address string) (net.Conn, error) {
		switch address {
		case "outside.example:80": // a public server
			return new(net.Dialer).DialContext(ctx, network, outside.Listener.Addr().String())
		case "inside.example:80": // a public name of a private address
			address = inside.Listener.Addr().String()
		}
		return guarded(ctx, network, address)
	}
	for _, address := range []string{"http://outside.example/hook", "http://inside.example/hook", "generic+http://outside.example/hook"} {
		r, err := New("team", address, Options{HTTPClient: client})
		if err != nil {
			t.Fatal(err)
		}
		if err := r.Send(t.Context(), "hello"); err == nil || !strings.Contains(err.Error(), "127.0.0.1 is a private address") {
			t.Errorf("%s: got %v, want it refused", address, err)
		}
	}
	if n := reached.Load(); n != 0 {
		t.Errorf("the private server got %d requests, want 0", n)
	}
}

func TestMailToAPrivateAddressIsRefusedWhenDialled(t *testing.T) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer listener.Close()
	r, err := New("team", "smtp://"+listener.Addr().String()+"/?from=a@b.example&to=c@d.example", Options{AllowPrivate: true})
	if err != nil {
		t.Fatal(err)
	}
	r.to.(*mailer).guard = guard{} // as for a name that New could not resolve
	if err := r.Send(t.Context(), "hello"); err == nil || !strings.Contains(err.Error(), "127.0.0.1 is a private address") {
		t.Errorf("got %v, want it refused", err)
	}
}

// shoutrrr's services open their own connections: the name is resolved before each message.
func TestServiceWithAPrivateAddressIsRefusedBeforeEveryMessage(t *testing.T) {
	var reached atomic.Int32
	inside := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { reached.Add(1) }))
	defer inside.Close()
	r, err := New("team", "mattermost://ada@"+inside.Listener.Addr().String()+"/token?disabletls=yes", Options{AllowPrivate: true})
	if err != nil {
		t.Fatal(err)
	}
	answer := []netip.Addr{netip.MustParseAddr("162.159.128.233"), netip.MustParseAddr("10.0.0.1")}
	s := r.to.(*service)
	s.host = "team.example"
	s.guard = guard{lookup: func(context.Context, string) ([]netip.Addr, error) { return answer, nil }}
	if err := r.Send(t.Context(), "hello"); err == nil || !strings.Contains(err.Error(), "team.example (10.0.0.1) is a private address") {
		t.Errorf("got %v, want it refused", err)
	}
	if n := reached.Load(); n != 0 {
		t.Errorf("got %d requests, want 0", n)
	}
	answer = answer[:1]
	if err := r.Send(t.Context(), "hello"); err != nil || reached.Load() != 1 {
		t.Errorf("got %v and %d requests, want one request", err, reached.Load())
	}
	s.guard.lookup = func(context.Context, string) ([]netip.Addr, error) { return nil, errors.New("no such host") }
	if err := r.Send(t.Context(), "hello"); err == nil || reached.Load() != 1 {
		t.Errorf("got %v and %d requests, want an unknown host refused", err, reached.Load())
	}
}

// Every service of shoutrrr either has a fixed host, or its host comes out of the address.
func TestHostOfEveryService(t *testing.T) {
	want := map[string]string{
		"googlechat": "chat.googleapis.com", "hangouts": "chat.googleapis.com", "pagerduty": "events.pagerduty.com",
		"matrix": "host", "mattermost": "host", "gotify": "host", "ntfy": "ntfy.sh", "zulip": "host",
	}
	for name := range services {
		if fixedHosts[name] != nil {
			continue
		}
		address := examples[name]
		switch name {
		case "hangouts":
			address = examples["googlechat"]
		case "pagerduty":
			address = "pagerduty:///0123456789abcdef0123456789abcdef"
		case "signal":
			address, want[name] = "signal://host:8080/+15550001/+15550002", "host"
		case "bark", "opsgenie":
			address, want[name] = name+"://host/path", "host"
		}
		r, err := New("team", address, Options{})
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if r.host != want[name] {
			t.Errorf("%s: got host %q, want %q", name, r.host, want[name])
		}
	}
}
