package socket

import (
	"context"
	"errors"
	"io"
	"net/http"

	"github.com/coder/websocket"

	"github.com/larkspur-dev/larkspur/eventsub/internal/connection"
)

// dialApart is dial on a goroutine of its own. Dialling makes the stack of a goroutine
// grow, and that of the one that reads would stay large as long as the connection lasts.
func (s *Socket) dialApart(ctx context.Context, address string) (conn *websocket.Conn, cut func(), err error) {
	done := make(chan struct{})
	go func() {
		defer close(done)
		conn, cut, err = s.dial(ctx, address)
	}()
	<-done
	return conn, cut, err
}

// dial opens a WebSocket. The returned function ends its network connection at once, so
// that a Read that waits returns.
func (s *Socket) dial(ctx context.Context, address string) (conn *websocket.Conn, cut func(), err error) {
	ctx, cancel := context.WithTimeout(ctx, connection.WelcomeTimeout)
	defer cancel()
	client := *s.o.HTTPClient
	// A redirect would bypass the check of addresses.
	client.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	upgraded := &upgradeKeeper{next: client.Transport}
	client.Transport = upgraded
	conn, _, err = websocket.Dial(ctx, address, &websocket.DialOptions{HTTPClient: &client}) //nolint:bodyclose // Dial's contract: nothing to close
	if err != nil {
		if errors.Is(err, context.DeadlineExceeded) {
			return nil, nil, connection.ErrNoWelcome
		}
		return nil, nil, rootCause(err)
	}
	conn.SetReadLimit(readLimit)
	return conn, func() { _ = upgraded.body.Close() }, nil
}

// An upgradeKeeper is a transport that keeps the network connection of a response that
// switched protocols. The alternative is to call Read with a context that can end; then
// package websocket watches that context anew for every part of a message, which takes
// longer than decoding it.
type upgradeKeeper struct {
	next http.RoundTripper // nil: http.DefaultTransport
	body io.Closer
}

// RoundTrip implements [http.RoundTripper].
func (k *upgradeKeeper) RoundTrip(r *http.Request) (*http.Response, error) {
	next := k.next
	if next == nil {
		next = http.DefaultTransport
	}
	response, err := next.RoundTrip(r)
	if err == nil {
		k.body = response.Body
	}
	return response, err
}
