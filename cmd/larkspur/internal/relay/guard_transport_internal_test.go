package relay

import (
	"context"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"
)

// guardDefaultTransport does what the program does at its start. Requests to hosts of
// no relay fail.
func guardDefaultTransport(t *testing.T) {
	t.Helper()
	old := http.DefaultTransport
	http.DefaultTransport = GuardTransport(elsewhere{t})
	t.Cleanup(func() { http.DefaultTransport = old })
}

type elsewhere struct{ t *testing.T }

func (e elsewhere) RoundTrip(r *http.Request) (*http.Response, error) {
	e.t.Errorf("a request to %s was not guarded", r.URL.Host)
	return nil, http.ErrUseLastResponse
}

// hostServices are addresses of services whose host is in the address.
var hostServices = []string{
	"bark://key@HOST:80/?scheme=http",
	"signal://HOST:80/+15550001/+15550002?disabletls=yes",
	"matrix://ada:swordfish@HOST:80/?rooms=!room&disabletls=yes",
	"mattermost://ada@HOST:80/token?disabletls=yes",
	"ntfy://HOST:80/topic?scheme=http",
}

// shoutrrr's services follow redirects, and may resolve a name a second time.
func TestServiceDoesNotReachAPrivateAddressByARedirect(t *testing.T) {
	var asked, reached atomic.Int32
	inside := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { reached.Add(1) }))
	defer inside.Close()
	outside := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		asked.Add(1)
		http.Redirect(w, r, inside.URL+"/admin", http.StatusTemporaryRedirect)
	}))
	defer outside.Close()
	guardDefaultTransport(t)
	for _, address := range hostServices {
		r, err := New("team", strings.Replace(address, "HOST", "outside.example", 1), Options{})
		if err != nil {
			t.Errorf("%s: %v", address, err)
			continue
		}
		s := r.to.(*service)
		s.guard.lookup = func(context.Context, string) ([]netip.Addr, error) {
			return []netip.Addr{netip.MustParseAddr("162.159.128.233")}, nil
		}
		divert := func(direct *http.Transport) {
			guarded := direct.DialContext
			direct.DialContext = func(ctx context.Context, network, address string) (net.Conn, error) {
				if address == "outside.example:80" { // a public server
					return new(net.Dialer).DialContext(ctx, network, outside.Listener.Addr().String())
				}
				return guarded(ctx, network, address)
			}
		}
		divert(s.route.transport.direct)
		if s.own != nil {
			divert(s.own.Transport.(*http.Transport))
		}
		before := asked.Load()
		err = r.Send(t.Context(), "hello")
		if err == nil || !strings.Contains(err.Error(), "redirects, which is refused") && !strings.Contains(err.Error(), "is a private address") {
			t.Errorf("%s: got %v, want it refused", address, err)
		}
		if asked.Load() == before {
			t.Errorf("%s: the public server was not asked", address)
		}
		r.Close()
	}
	if n := reached.Load(); n != 0 {
		t.Errorf("the private server got %d requests, want 0", n)
	}
	http.DefaultClient.CloseIdleConnections()
}

// shoutrrr accepts no context, and most of its clients have no time limit.
func TestHangingServiceEndsItsRequest(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		guardDefaultTransport(t)
		for _, address := range []string{"bark://key@silent.example/?scheme=http", "zulip://bot%40chat.example:key@silent.example/?stream=s&topic=t"} {
			r, err := New("team", address, Options{AllowPrivate: true})
			if err != nil {
				t.Fatal(err)
			}
			s := r.to.(*service)
			s.route.transport.direct.DialContext = func(context.Context, string, string) (net.Conn, error) {
				ours, theirs := net.Pipe()
				go func() { _, _ = io.Copy(io.Discard, theirs) }()
				return ours, nil
			}
			for range 3 {
				if r.Send(t.Context(), "hello") == nil {
					t.Errorf("%s: got no error", address)
				}
			}
			time.Sleep(time.Second)
			if n := len(s.running); n != 0 || s.overdue.Load() != 0 {
				t.Errorf("%s: got %d requests under way a second later, want 0", address, n)
			}
			r.Close()
		}
	})
}

// The operator learns why, although the library panics.
func TestUnreachableZulipSaysWhy(t *testing.T) {
	guardDefaultTransport(t)
	r, err := New("team", "zulip://bot%40chat.example:key@down.example/?stream=s&topic=t", Options{AllowPrivate: true})
	if err != nil {
		t.Fatal(err)
	}
	r.to.(*service).route.transport.direct.DialContext = func(context.Context, string, string) (net.Conn, error) {
		return nil, &net.OpError{Op: "dial", Net: "tcp", Err: io.ErrClosedPipe}
	}
	err = r.Send(t.Context(), "hello")
	if want := "relay team: zulip: dial tcp: io: read/write on closed pipe"; err == nil || err.Error() != want {
		t.Errorf("got %v, want %q", err, want)
	}
}

// The program's WebSocket to the host of a relay, such as localhost, is none of the relay's.
func TestWebSocketToTheHostOfARelayIsNotLimited(t *testing.T) {
	defer underWay.add(newRoute("ntfy", "localhost", guard{allowPrivate: true}))()
	want := &http.Response{StatusCode: http.StatusSwitchingProtocols, Body: http.NoBody}
	r := httptest.NewRequest(http.MethodGet, "http://localhost/ws", http.NoBody)
	r.Header.Set("Upgrade", "websocket")
	got, err := GuardTransport(answer{want}).RoundTrip(r) //nolint:bodyclose // http.NoBody
	if err != nil || got != want || got.Body != http.NoBody {
		t.Errorf("got %v, %v, want the answer as it is", got, err)
	}
}

type answer struct{ *http.Response }

func (a answer) RoundTrip(*http.Request) (*http.Response, error) { return a.Response, nil }
