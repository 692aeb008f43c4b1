package larkspur

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"time"
)

// listen opens AppOptions.Listen; the listener is nil if the option is empty.
func (a *App) listen(ctx context.Context) (net.Listener, error) {
	if a.o.Listen == "" {
		return nil, nil //nolint:nilnil // the App serves no address itself
	}
	var config net.ListenConfig
	l, err := config.Listen(ctx, "tcp", a.o.Listen)
	if err != nil {
		return nil, fmt.Errorf("larkspur: option Listen: %w", err)
	}
	return l, nil
}

// serve serves the App on l until ctx ends.
func (a *App) serve(ctx context.Context, l net.Listener) error {
	a.log.InfoContext(ctx, "serving", "address", l.Addr().String())
	server := &http.Server{
		Handler:           a,
		ReadHeaderTimeout: 5 * time.Second,
		ReadTimeout:       10 * time.Second,
		WriteTimeout:      90 * time.Second, // a login may wait a minute for Twitch
		IdleTimeout:       2 * time.Minute,
		MaxHeaderBytes:    16 << 10,
		ErrorLog:          slog.NewLogLogger(a.log.Handler(), slog.LevelDebug), // of strangers' connections
	}
	stopped := make(chan struct{})
	stop := context.AfterFunc(ctx, func() {
		defer close(stopped)
		stopCtx, cancel := context.WithTimeout(context.WithoutCancel(ctx), handlerGrace)
		defer cancel()
		if server.Shutdown(stopCtx) != nil {
			_ = server.Close()
		}
	})
	err := server.Serve(l)
	if stop() { // it failed by itself
		return fmt.Errorf("larkspur: serve %s: %w", a.o.Listen, err)
	}
	<-stopped
	if errors.Is(err, http.ErrServerClosed) {
		return nil
	}
	return err
}
