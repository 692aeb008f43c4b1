package heat_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/coder/websocket"
	"go.uber.org/goleak"

	"github.com/larkspur-dev/larkspur/heat"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// serve returns an HTTP handler that speaks for the extension's server.
func serve(talk func(ctx context.Context, c *websocket.Conn)) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path != "/channel/123" {
			http.NotFound(w, r)
			return
		}
		c, err := websocket.Accept(w, r, nil)
		if err != nil {
			return
		}
		defer func() { _ = c.CloseNow() }()
		talk(r.Context(), c)
	})
}

func say(ctx context.Context, c *websocket.Conn, text string) {
	_ = c.Write(ctx, websocket.MessageText, []byte(text))
}

// pipes is a listener without a network, for synctest bubbles.
type pipes struct {
	conns chan net.Conn
	done  chan struct{}
	once  sync.Once
}

func (p *pipes) Accept() (net.Conn, error) {
	select {
	case c := <-p.conns:
		return c, nil
	case <-p.done:
		return nil, net.ErrClosed
	}
}
func (p *pipes) Close() error   { p.once.Do(func() { close(p.done) }); return nil }
func (p *pipes) Addr() net.Addr { return &net.TCPAddr{IP: net.IPv4(127, 0, 0, 1), Port: 1} }

func (p *pipes) dial(ctx context.Context, _, _ string) (net.Conn, error) {
	here, there := net.Pipe()
	select {
	case p.conns <- there:
		return here, nil
	case <-p.done:
		return nil, net.ErrClosed
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

// bubble starts a server over pipes and returns options to reach it.
func bubble(t *testing.T, handler http.Handler) heat.Options {
	p := &pipes{conns: make(chan net.Conn), done: make(chan struct{})}
	server := &http.Server{Handler: handler, ReadHeaderTimeout: time.Minute}
	done := make(chan struct{})
	go func() {
		_ = server.Serve(p)
		close(done)
	}()
	t.Cleanup(func() {
		_ = server.Close()
		<-done
	})
	return heat.Options{URL: "ws://heat.test", HTTPClient: &http.Client{Transport: &http.Transport{DialContext: p.dial}}}
}

// start runs a client and returns what ends it.
func start(t *testing.T, o heat.Options, handle func(context.Context, heat.Click) error) (stop func() error) {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan error, 1)
	go func() { done <- heat.New("123", o).Run(ctx, handle) }()
	return func() error {
		cancel()
		return <-done
	}
}

func TestRunSurvivesBadMessagesAndHandlers(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		o := bubble(t, serve(func(ctx context.Context, c *websocket.Conn) {
			for _, m := range []string{
				`{"type":"system","message":"hello"}`, `{`, `[]`, `{"type":"click","x":"7","y":"0","id":"1"}`,
				`{"type":"click","x":"0.25","y":"0.5","id":"1"}`, `{"type":"click","x":"0.5","y":"0.5","id":"2"}`,
				`{"type":"click","x":"0.75","y":"0.5","id":"3"}`,
			} {
				say(ctx, c, m)
			}
			_, _, _ = c.Read(ctx)
		}))
		var log bytes.Buffer
		o.Logger = slog.New(slog.NewTextHandler(&log, nil))
		var got []string
		stop := start(t, o, func(_ context.Context, c heat.Click) error {
			got = append(got, fmt.Sprint(c.UserID(), " ", c.X))
			switch c.ID {
			case "1":
				return errors.New("handler's error")
			case "2":
				panic("handler's panic")
			}
			return nil
		})
		synctest.Wait()
		if err := stop(); err != nil {
			t.Errorf("got %v, want nil when ctx ends", err)
		}
		if want := "1 0.25,2 0.5,3 0.75"; strings.Join(got, ",") != want {
			t.Errorf("got %v, want %v", got, want)
		}
		for _, want := range []string{"handler's error", "handler's panic", "heat_test.go"} {
			if !strings.Contains(log.String(), want) {
				t.Errorf("got log %s, want %q in it", &log, want)
			}
		}
	})
}

func TestRunReconnects(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var connections atomic.Int32
		o := bubble(t, serve(func(ctx context.Context, c *websocket.Conn) {
			n := connections.Add(1)
			say(ctx, c, fmt.Sprintf(`{"type":"click","id":"%d"}`, n))
			if n == 2 {
				say(ctx, c, strings.Repeat("x", 8<<10)) // more than we read
				_, _, _ = c.Read(ctx)
			}
			if n == 3 {
				time.Sleep(time.Hour) // reads nothing, so answers no ping
			}
			if n == 4 {
				_, _, _ = c.Read(ctx) // stays
			}
		}))
		var got atomic.Int32
		stop := start(t, o, func(context.Context, heat.Click) error {
			got.Add(1)
			return nil
		})
		time.Sleep(30 * time.Second)
		if n := connections.Load(); n != 3 {
			t.Errorf("got %d connections, want 3 after two that ended", n)
		}
		time.Sleep(30 * time.Second)
		if n := connections.Load(); n != 4 {
			t.Errorf("got %d connections, want 4: a silent server is left", n)
		}
		time.Sleep(time.Hour)
		if n, c := connections.Load(), got.Load(); n != 4 || c != 4 {
			t.Errorf("got %d connections and %d clicks, want 4 and 4: a quiet server that answers pings is kept", n, c)
		}
		_ = stop()
	})
}

func TestReconnectsBackOff(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var tries atomic.Int32
		o := bubble(t, http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			tries.Add(1)
			w.WriteHeader(http.StatusBadGateway)
		}))
		stop := start(t, o, func(context.Context, heat.Click) error { return nil })
		time.Sleep(time.Hour)
		if err := stop(); err != nil { // in the middle of a wait
			t.Errorf("got %v, want nil when ctx ends", err)
		}
		if n := tries.Load(); n < 30 || n > 250 {
			t.Errorf("got %d tries in an hour, want about one a minute", n)
		}
	})
}

func TestSlowHandlerLosesClicksNotTheConnection(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var connections atomic.Int32
		o := bubble(t, serve(func(ctx context.Context, c *websocket.Conn) {
			connections.Add(1)
			for range 1000 {
				say(ctx, c, `{"type":"click","id":"1"}`)
			}
			_, _, _ = c.Read(ctx)
		}))
		var handled atomic.Int32
		stop := start(t, o, func(ctx context.Context, _ heat.Click) error {
			handled.Add(1)
			select {
			case <-time.After(time.Minute):
			case <-ctx.Done():
			}
			return nil
		})
		time.Sleep(10*time.Minute + time.Second)
		if n := handled.Load(); n != 11 {
			t.Errorf("got %d clicks handled, want 11", n)
		}
		_ = stop()
		if n := connections.Load(); n != 1 {
			t.Errorf("got %d connections, want 1", n)
		}
	})
}

func TestUnknownChannelEndsRun(t *testing.T) {
	server := httptest.NewServer(serve(nil))
	defer server.Close()
	h := heat.New("456", heat.Options{URL: "ws" + strings.TrimPrefix(server.URL, "http"), HTTPClient: server.Client()})
	err := h.Run(t.Context(), func(context.Context, heat.Click) error { return nil })
	if !errors.Is(err, heat.ErrUnknownChannel) {
		t.Errorf("got %v, want ErrUnknownChannel", err)
	}
}

func Example() {
	server := httptest.NewServer(serve(func(ctx context.Context, c *websocket.Conn) {
		say(ctx, c, `{"type":"click","x":"0.25","y":"0.5","id":"97032862"}`)
		_, _, _ = c.Read(ctx)
	}))
	defer server.Close()
	ctx, cancel := context.WithCancel(context.Background())

	h := heat.New("123", heat.Options{
		URL:        "ws" + strings.TrimPrefix(server.URL, "http"), // leave it out for the real one
		HTTPClient: server.Client(),
	})
	err := h.Run(ctx, func(_ context.Context, c heat.Click) error {
		fmt.Printf("user %s clicked at %.0f%%, %.0f%%\n", c.UserID(), 100*c.X, 100*c.Y)
		cancel()
		return nil
	})
	if err != nil {
		fmt.Println(err)
	}
	// Output:
	// user 97032862 clicked at 25%, 50%
}
