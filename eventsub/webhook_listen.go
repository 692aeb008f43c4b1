package eventsub

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"time"
)

// DefaultListen is the address on which [Webhook.ListenAndServe] listens by default.
const DefaultListen = "localhost:4343"

// stopWithin is how long requests may go on after the context of a listener has ended.
const stopWithin = 5 * time.Second

// ListenAndServe serves the Webhook, and nothing else, on addr until ctx ends, and then
// returns nil. It is for programs without a server of their own; a proxy or tunnel has to
// pass the requests to the callback on. Paths do not matter, except for their last
// element. An empty addr means [DefaultListen].
//
//	g.Go(func() error { return hook.ListenAndServe(ctx, "") })
//	g.Go(func() error { return hook.Run(ctx) })
func (w *Webhook) ListenAndServe(ctx context.Context, addr string) error {
	return w.listen(ctx, addr, nil)
}

// ListenAndServeTLS is like ListenAndServe with TLS, for servers that Twitch reaches
// without a proxy. The files hold a certificate, with the chain of its authority, and its
// key. They are read again when they have changed, so a renewed certificate needs no
// restart; if the new files cannot be used, that is logged and the old certificate is
// served. Twitch calls port 443 only: an empty addr means ":443".
func (w *Webhook) ListenAndServeTLS(ctx context.Context, addr, certFile, keyFile string) error {
	if addr == "" {
		addr = ":443"
	}
	c := &certificate{certFile: certFile, keyFile: keyFile, logger: w.o.Logger}
	if err := c.load(); err != nil {
		return fmt.Errorf("eventsub: %w", err)
	}
	return w.listen(ctx, addr, c.config())
}

func (w *Webhook) listen(ctx context.Context, addr string, secure *tls.Config) error {
	if addr == "" {
		addr = DefaultListen
	}
	var config net.ListenConfig
	l, err := config.Listen(ctx, "tcp", addr)
	if err != nil {
		return fmt.Errorf("eventsub: listen for webhooks: %w", err)
	}
	return w.serve(ctx, l, secure)
}

// serve serves the Webhook on a listener until ctx ends, and closes the listener.
func (w *Webhook) serve(ctx context.Context, l net.Listener, secure *tls.Config) error {
	server := &http.Server{
		Handler: w, TLSConfig: secure,
		ReadHeaderTimeout: 5 * time.Second,
		ReadTimeout:       10 * time.Second,
		WriteTimeout:      10 * time.Second,
		IdleTimeout:       2 * time.Minute,
		MaxHeaderBytes:    16 << 10,
		ErrorLog:          slog.NewLogLogger(w.o.Logger.Handler(), slog.LevelDebug), // of strangers' connections
	}
	stopped := make(chan error, 1)
	stop := context.AfterFunc(ctx, func() {
		stopCtx, cancel := context.WithTimeout(context.WithoutCancel(ctx), stopWithin)
		defer cancel()
		err := server.Shutdown(stopCtx)
		if err != nil {
			err = errors.Join(err, server.Close())
		}
		stopped <- err
	})
	var err error
	if secure != nil {
		err = server.ServeTLS(l, "", "")
	} else {
		err = server.Serve(l)
	}
	if stop() { // it failed by itself
		return fmt.Errorf("eventsub: serve webhooks: %w", err)
	}
	if err := <-stopped; err != nil {
		return fmt.Errorf("eventsub: stop serving webhooks: %w", err)
	}
	return nil
}
