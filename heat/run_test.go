package heat_test

import (
	"bytes"
	"context"
	"log/slog"
	"net/http"
	"regexp"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/coder/websocket"

	"github.com/larkspur-dev/larkspur/heat"
)

func nothing(context.Context, heat.Click) error { return nil }

// logged makes the client write everything down.
func logged(o *heat.Options) *bytes.Buffer {
	var log bytes.Buffer
	o.Logger = slog.New(slog.NewTextHandler(&log, &slog.HandlerOptions{Level: slog.LevelDebug}))
	return &log
}

func TestWaitsAreShortAgainAfterAHealthyHour(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var tries atomic.Int32
		var lost, back time.Time
		good := serve(func(ctx context.Context, c *websocket.Conn) {
			if !lost.IsZero() {
				back = time.Now()
				_, _, _ = c.Read(ctx)
				return
			}
			ctx = c.CloseRead(ctx) // answers pings
			select {
			case <-time.After(time.Hour):
			case <-ctx.Done():
			}
			lost = time.Now()
		})
		o := bubble(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if tries.Add(1) <= 10 { // by then a wait is two minutes
				w.WriteHeader(http.StatusBadGateway)
				return
			}
			good.ServeHTTP(w, r)
		}))
		log := logged(&o)
		stop := start(t, o, nothing)
		time.Sleep(3 * time.Hour)
		_ = stop()
		if wait := back.Sub(lost); lost.IsZero() || wait <= 0 || wait > 2*time.Second {
			t.Errorf("got a wait of %v after a good connection, want about a second", wait)
		}
		if n := strings.Count(log.String(), "heat connection lost"); n != 11 {
			t.Errorf("got %d lost connections in the log, want 11:\n%s", n, log)
		}
	})
}

func TestConnectionLostAtOnceDoesNotResetTheBackoff(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var tries atomic.Int32
		o := bubble(t, serve(func(context.Context, *websocket.Conn) { tries.Add(1) }))
		stop := start(t, o, nothing)
		time.Sleep(time.Hour)
		_ = stop()
		if n := tries.Load(); n < 30 || n > 250 {
			t.Errorf("got %d connections in an hour, want about one a minute", n)
		}
	})
}

func TestHandshakeTimesOut(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var tries atomic.Int32
		o := bubble(t, http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
			tries.Add(1)
			<-r.Context().Done()
		}))
		stop := start(t, o, nothing)
		time.Sleep(14 * time.Second)
		if n := tries.Load(); n != 1 {
			t.Errorf("got %d tries in 14 s, want 1", n)
		}
		time.Sleep(4 * time.Second)
		if n := tries.Load(); n != 2 {
			t.Errorf("got %d tries in 18 s, want 2", n)
		}
		_ = stop()
	})
}

func TestLogHasTheReasonOfADisconnect(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		o := bubble(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			c, err := websocket.Accept(w, r, &websocket.AcceptOptions{
				OnPingReceived: func(context.Context, []byte) bool { return false }, // no pong
			})
			if err != nil {
				return
			}
			defer func() { _ = c.CloseNow() }()
			say(r.Context(), c, `{"type":"system","message":"hello"}`)
			say(r.Context(), c, `{"type":"click","x":"7","id":"1"}`)
			_, _, _ = c.Read(r.Context())
		}))
		log := logged(&o)
		stop := start(t, o, nothing)
		time.Sleep(40*time.Second + time.Second/4)
		_ = stop()
		got := log.String()
		if !regexp.MustCompile(`:40\.000\S* level=WARN msg="heat connection lost"`).MatchString(got) {
			t.Errorf("got log %s, want the connection lost after 30 s and the ping's 10", got)
		}
		if strings.Count(got, "heat message dropped") != 1 || !strings.Contains(got, "x: not between 0 and 1") {
			t.Errorf("got log %s, want the one bad message", got)
		}
		if !strings.Contains(got, "no answer to a ping") || !strings.Contains(got, "heat connected") {
			t.Errorf("got log %s, want the ping", got)
		}
	})
}

func TestRunWaitsForItsHandler(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		o := bubble(t, serve(func(ctx context.Context, c *websocket.Conn) {
			say(ctx, c, `{"type":"click","id":"1"}`)
			say(ctx, c, `{"type":"click","id":"2"}`)
			_, _, _ = c.Read(ctx)
		}))
		var begun, ended atomic.Int32
		stop := start(t, o, func(context.Context, heat.Click) error {
			begun.Add(1)
			time.Sleep(5 * time.Second) // does not care about ctx
			ended.Add(1)
			return nil
		})
		time.Sleep(time.Second)
		if err := stop(); err != nil {
			t.Errorf("got %v, want nil", err)
		}
		if begun.Load() != 1 || ended.Load() != 1 {
			t.Errorf("got %d clicks begun and %d ended when Run returned, want 1 and 1", begun.Load(), ended.Load())
		}
	})
}

func TestRunWithoutAHandlerPanicsAtOnce(t *testing.T) {
	defer func() {
		if p := recover(); p != "heat: Run: the handler is nil" {
			t.Errorf("got %v, want a panic that says what is missing", p)
		}
	}()
	_ = heat.New("123", heat.Options{}).Run(t.Context(), nil)
}
