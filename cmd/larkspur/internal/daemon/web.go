package daemon

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"syscall"
	"time"

	"github.com/larkspur-dev/larkspur/internal/retry"
)

// A webServer is the bot's one HTTP server. What is served registers itself in routes
// before run.
type webServer struct {
	address string
	routes  *http.ServeMux
	listen  func(ctx context.Context, network, address string) (net.Listener, error)
	log     *slog.Logger
}

// Limits of one connection. Requests are small: Twitch's events, and calls of pages.
const (
	webHeaderTime = 10 * time.Second
	webReadTime   = 30 * time.Second
	webIdleTime   = 2 * time.Minute
	webHeaderSize = 64 << 10
)

// webBusy is how long a busy port is tried: the process that used it before may be
// ending.
const webBusy = 10 * time.Second

// webStop is how long requests may take after the bot was stopped.
const webStop = 500 * time.Millisecond

// run serves until ctx ends. A port that stays busy is an error.
func (s *webServer) run(ctx context.Context) error {
	l, err := s.open(ctx)
	if err != nil {
		return err
	}
	s.log.InfoContext(ctx, "web server listens", "address", l.Addr().String())
	server := &http.Server{
		Handler: s.routes, ReadHeaderTimeout: webHeaderTime, ReadTimeout: webReadTime, IdleTimeout: webIdleTime,
		MaxHeaderBytes: webHeaderSize,
		ErrorLog:       slog.NewLogLogger(s.log.Handler(), slog.LevelDebug),
		BaseContext:    func(net.Listener) context.Context { return context.WithoutCancel(ctx) },
	}
	served := make(chan error, 1)
	go func() { served <- server.Serve(l) }()
	select {
	case err = <-served:
		return fmt.Errorf("web server: %w", err)
	case <-ctx.Done():
	}
	stop, cancel := context.WithTimeout(context.WithoutCancel(ctx), webStop)
	defer cancel()
	if server.Shutdown(stop) != nil {
		_ = server.Close()
	}
	<-served //nolint:errcheck // the server was told to stop
	return ctx.Err()
}

// open listens, and tries a busy port for a while.
func (s *webServer) open(ctx context.Context) (net.Listener, error) {
	var last error
	for start := time.Now(); time.Since(start) < webBusy; {
		l, err := s.listen(ctx, "tcp", s.address)
		if err == nil {
			return l, nil
		}
		if last = err; !errors.Is(err, syscall.EADDRINUSE) {
			break
		}
		if err := retry.Sleep(ctx, 500*time.Millisecond); err != nil {
			return nil, err
		}
	}
	return nil, fmt.Errorf("%w: web server: %w; choose another address with web: {listen: 127.0.0.1:8478}", errSetup, last)
}
