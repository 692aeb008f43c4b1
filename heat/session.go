package heat

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"sync"
	"time"

	"github.com/coder/websocket"
)

const (
	// maxMessage limits a message; a click has about 60 bytes.
	maxMessage  = 4 << 10
	dialTimeout = 15 * time.Second
	// Without clicks nothing arrives, so pings check that the server is alive.
	pingEvery   = 30 * time.Second
	pingTimeout = 10 * time.Second
)

// session is one connection, from its handshake to its end. It calls up once it is
// connected.
func (c *Client) session(ctx context.Context, clicks chan<- Click, up func()) error {
	conn, err := c.dial(ctx)
	if err != nil {
		return err
	}
	defer func() { _ = conn.CloseNow() }()
	conn.SetReadLimit(maxMessage)
	up()
	c.log.InfoContext(ctx, "heat connected")

	ctx, cancel := context.WithCancelCause(ctx)
	var pinger sync.WaitGroup
	pinger.Go(func() { cancel(ping(ctx, conn)) })
	defer pinger.Wait()
	defer cancel(nil)
	for {
		_, data, err := conn.Read(ctx)
		if err != nil {
			if cause := context.Cause(ctx); cause != nil {
				err = cause
			}
			return fmt.Errorf("heat: %w", err)
		}
		click, err := parse(data, time.Now())
		if err != nil {
			if !errors.Is(err, errNoClick) {
				c.log.DebugContext(ctx, "heat message dropped", "error", err)
			}
			continue
		}
		select {
		case clicks <- click:
		default:
			c.log.WarnContext(ctx, "heat click dropped, the handler is too slow")
		}
	}
}

func (c *Client) dial(ctx context.Context) (*websocket.Conn, error) {
	ctx, cancel := context.WithTimeout(ctx, dialTimeout)
	defer cancel()
	client := *cmp.Or(c.http, http.DefaultClient)
	// The library would follow redirects without a limit.
	client.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	conn, res, err := websocket.Dial(ctx, c.address, &websocket.DialOptions{HTTPClient: &client}) //nolint:bodyclose // Dial closes it
	if err == nil {
		return conn, nil
	}
	if res != nil && res.StatusCode == http.StatusNotFound {
		return nil, ErrUnknownChannel
	}
	if quoting, ok := errors.AsType[*url.Error](err); ok {
		err = quoting.Err // without the address, in which a proxy may want a secret
	}
	return nil, fmt.Errorf("heat: connect: %w", err)
}

// ping sends pings until one is not answered or ctx ends.
func ping(ctx context.Context, conn *websocket.Conn) error {
	ticker := time.NewTicker(pingEvery)
	defer ticker.Stop()
	for {
		select {
		case <-ctx.Done():
			return context.Cause(ctx)
		case <-ticker.C:
		}
		pingCtx, cancel := context.WithTimeout(ctx, pingTimeout)
		err := conn.Ping(pingCtx)
		cancel()
		if err != nil {
			return fmt.Errorf("no answer to a ping: %w", err)
		}
	}
}
