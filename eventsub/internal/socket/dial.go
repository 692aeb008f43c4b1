package socket

import (
	"context"
	"errors"
	"net/http"

	"github.com/coder/websocket"

	"github.com/larkspur-dev/larkspur/eventsub/internal/connection"
)

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
