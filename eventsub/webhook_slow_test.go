package eventsub_test

import (
	"bufio"
	"context"
	"fmt"
	"net"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/larkspur-dev/larkspur/eventsub"
)

// A pipeListener is a net.Listener whose connections are pipes, for a server inside a
// synctest bubble.
type pipeListener struct {
	conns chan net.Conn
	done  chan struct{}
}

func newPipeListener() *pipeListener {
	return &pipeListener{conns: make(chan net.Conn), done: make(chan struct{})}
}

func (l *pipeListener) Accept() (net.Conn, error) {
	select {
	case c := <-l.conns:
		return c, nil
	case <-l.done:
		return nil, net.ErrClosed
	}
}

func (l *pipeListener) Close() error   { close(l.done); return nil }
func (l *pipeListener) Addr() net.Addr { return &net.IPAddr{} }

// serve runs h on a server without any timeout of its own and returns a connection to it.
func serve(t *testing.T, h http.Handler) net.Conn {
	t.Helper()
	l := newPipeListener()
	server := &http.Server{Handler: h} //nolint:gosec // no timeouts: the handler has to limit a slow body itself
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		_ = server.Serve(l)
	}()
	here, there := net.Pipe()
	l.conns <- there
	t.Cleanup(func() {
		_ = here.Close()
		_ = server.Close()
		<-ended
		time.Sleep(time.Second) // net/http waits half a second before it closes a connection
	})
	return here
}

// raw returns the bytes of a request that announces a body of the given length.
func (p post) raw(length int) string {
	var b strings.Builder
	fmt.Fprintf(&b, "POST %s HTTP/1.1\r\nHost: bot.example.org\r\nContent-Length: %d\r\n", p.path, length)
	_ = p.header.Write(&b)
	b.WriteString("\r\n")
	return b.String()
}

func TestWebhookSlowBodyTimesOut(t *testing.T) {
	for name, edit := range map[string]func(p *post){
		"signed":       func(*post) {},
		"unknown path": func(p *post) { p.path = "/other" },
		"no headers":   func(p *post) { p.header = http.Header{} },
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				var kept keptEvents
				r := newReceiver(&kept, eventsub.ReceiverOptions{})
				conn := serve(t, r)
				p := newPost("m1", time.Now())
				edit(&p)
				stop := make(chan struct{})
				defer close(stop)
				go func() {
					_, _ = conn.Write([]byte(p.raw(len(p.body))))
					for i := range p.body { // a byte every ten seconds
						if _, err := conn.Write(p.body[i : i+1]); err != nil {
							return
						}
						select {
						case <-time.After(10 * time.Second):
						case <-stop:
							return
						}
					}
				}()
				start := time.Now()
				in := bufio.NewReader(conn)
				w, err := http.ReadResponse(in, nil)
				if err != nil {
					t.Fatal(err)
				}
				_ = w.Body.Close()
				if w.StatusCode != http.StatusRequestTimeout && w.StatusCode != http.StatusForbidden {
					t.Errorf("status: got %d, want 408 or 403", w.StatusCode)
				}
				if _, err := in.ReadByte(); err == nil {
					t.Error("the connection goes on, want it closed")
				}
				if took := time.Since(start); took > 3*time.Second {
					t.Errorf("the connection was closed after %s, want 2 s", took)
				}
				if len(kept.all()) > 0 || r.Stats().Refused.Total() != 1 {
					t.Errorf("got %+v, want one refused", r.Stats())
				}
			})
		})
	}
}

// A body that is shorter than announced is not a message, even if its part is signed.
func TestWebhookShortBody(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var kept keptEvents
		r := newReceiver(&kept, eventsub.ReceiverOptions{})
		conn := serve(t, r)
		p := newPost("m1", time.Now())
		_, _ = conn.Write([]byte(p.raw(len(p.body) + 1)))
		_, _ = conn.Write(p.body)
		synctest.Wait()
		_ = conn.Close()
		synctest.Wait()
		if s := r.Stats(); len(kept.all()) > 0 || s.Refused.Body != 1 {
			t.Errorf("got %+v, want one refused for its body", s)
		}
	})
}

// A store that hangs delays the response by two seconds, not more. The connection is
// usable afterwards.
func TestWebhookSlowStore(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		slow := true
		r := eventsub.NewReceiver(secretsAt(map[string][]eventsub.Secret{hookPath: {hookSecret}}), func(ctx context.Context, _ ...eventsub.Notification) error {
			if slow {
				<-ctx.Done()
				return context.Cause(ctx)
			}
			return nil
		}, eventsub.ReceiverOptions{})
		conn := serve(t, r)
		in := bufio.NewReader(conn)
		p := newPost("m1", time.Now())
		for i, want := range []int{503, 204, 204} {
			start := time.Now()
			_, _ = conn.Write([]byte(p.raw(len(p.body))))
			_, _ = conn.Write(p.body)
			w, err := http.ReadResponse(in, nil)
			if err != nil {
				t.Fatal(err)
			}
			_ = w.Body.Close()
			if took := time.Since(start); w.StatusCode != want || took > 2*time.Second || (i > 0 && took > 0) {
				t.Errorf("request %d: got %d after %s, want %d", i, w.StatusCode, took, want)
			}
			slow = false
			time.Sleep(time.Minute) // the deadline of one request must not end the next
		}
	})
}

// The same message, sent again while it is being stored, waits for the outcome.
func TestWebhookSameMessageAtTheSameTime(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		calls := 0
		release := make(chan error)
		r := eventsub.NewReceiver(secretsAt(map[string][]eventsub.Secret{hookPath: {hookSecret}}), func(context.Context, ...eventsub.Notification) error {
			calls++
			return <-release
		}, eventsub.ReceiverOptions{})
		p := newPost("m1", time.Now())
		codes := make(chan int, 5)
		for range 5 {
			go func() { codes <- p.to(r).Code }()
		}
		synctest.Wait()
		if calls != 1 || len(codes) != 0 {
			t.Fatalf("got %d calls and %d responses, want one call and no response", calls, len(codes))
		}
		release <- http.ErrAbortHandler
		synctest.Wait()
		if got := <-codes; calls != 2 || len(codes) != 0 || got != 503 {
			t.Fatalf("got %d calls and status %d, want a second call and 503", calls, got)
		}
		release <- nil
		for range 4 {
			if got := <-codes; got != 204 {
				t.Errorf("got %d, want 204", got)
			}
		}
		if calls != 2 {
			t.Errorf("got %d calls, want 2", calls)
		}
	})
}

// Requests that announce large bodies and send nothing must not use up the memory.
func TestWebhookMemoryOfBodiesIsBounded(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := newReceiver(new(keptEvents), eventsub.ReceiverOptions{})
		p := newPost("m1", time.Now())
		part := make([]byte, 1<<20-1)
		conns := make([]net.Conn, 80)
		for i := range conns {
			conns[i] = serve(t, r)
			go func() {
				_, _ = conns[i].Write([]byte(p.raw(1 << 20)))
				_, _ = conns[i].Write(part)
			}()
		}
		synctest.Wait()
		failed := r.Stats().Failed
		if failed < 10 || failed == 80 {
			t.Errorf("%d of 80 large bodies were put off, want some: all together have 64 MiB", failed)
		}
		for _, c := range conns {
			_ = c.Close()
		}
		synctest.Wait()
		p.wantStatus(t, r, http.StatusNoContent)
	})
}
