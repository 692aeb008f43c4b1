package daemon_test

import (
	"bytes"
	"context"
	"log/slog"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/larkspur-dev/larkspur/cmd/larkspur/internal/daemon"
	"github.com/larkspur-dev/larkspur/emulator"
)

// A lost chat connection, a revoked subscription and other problems are reported in one
// line, whether the daemon or the library notices them first.
func TestNoLineTwice(t *testing.T) {
	bubble(t, "in a bubble", func(t *testing.T, tw *emulator.Server) {
		var mu sync.Mutex
		var log bytes.Buffer
		write := writer(func(p []byte) (int, error) { mu.Lock(); defer mu.Unlock(); return log.Write(p) })
		cfg := load(t, tw, strings.ReplaceAll(everything, "LISTEN", "true"))
		ctx, stop := context.WithCancelCause(t.Context())
		ready, ended := make(chan struct{}), make(chan error, 1)
		go func() {
			ended <- daemon.Run(ctx, cfg, daemon.Options{
				Addresses: addresses(tw), HTTPClient: tw.HTTPClient(), Dial: tw.DialContext,
				Logger:   slog.New(slog.NewTextHandler(write, nil)),
				Observer: daemon.Observer{Ready: func() { close(ready) }},
			})
		}()
		<-ready
		tw.DropChat()
		time.Sleep(time.Minute)
		stop(signalError("terminated signal received"))
		if err := <-ended; err != nil {
			t.Errorf("got %v, want none", err)
		}
		mu.Lock()
		defer mu.Unlock()
		for _, want := range []string{"no connection to chat", "trying again in", "4 subscriptions", "stopping: terminated signal received"} {
			if n := strings.Count(log.String(), want); n != 1 {
				t.Errorf("%q was logged %d times, want once", want, n)
			}
		}
		if lines := strings.Count(log.String(), "EOF"); lines != 1 {
			t.Errorf("got %d lines about the lost connection, want 1", lines)
		}
		if t.Failed() {
			t.Logf("the log:\n%s", log.String())
		}
	})
}

type writer func(p []byte) (int, error)

func (w writer) Write(p []byte) (int, error) { return w(p) }

type signalError string

func (e signalError) Error() string { return string(e) }
