package heat

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/url"
	"runtime/debug"
	"strings"
	"sync"
	"time"

	"github.com/larkspur-dev/larkspur/internal/quiet"

	"github.com/larkspur-dev/larkspur/internal/retry"
)

// DefaultURL is the address of the extension's server.
const DefaultURL = "wss://heat-api.j38.net"

// ErrUnknownChannel means that the channel does not use the extension.
var ErrUnknownChannel = errors.New("heat: the channel does not use the Heat extension")

// Options configure a [Client]. The zero value is usable.
type Options struct {
	URL        string       // default: DefaultURL
	HTTPClient *http.Client // for the handshake; default: http.DefaultClient
	Logger     *slog.Logger // default: discard
}

// A Client receives the clicks on one channel.
type Client struct {
	address string
	http    *http.Client
	log     *slog.Logger
}

// New returns a Client for the broadcaster's channel. It connects in [Client.Run].
func New(broadcasterID string, o Options) *Client {
	if o.URL == "" {
		o.URL = DefaultURL
	}
	o.Logger = quiet.Or(o.Logger)
	return &Client{
		address: strings.TrimSuffix(o.URL, "/") + "/channel/" + url.PathEscape(broadcasterID),
		http:    o.HTTPClient,
		log:     o.Logger,
	}
}

// queued is how many clicks may wait for the handler; later ones are dropped.
const queued = 256

// Run connects and calls handle for every click until ctx ends; then it returns nil. It
// returns [ErrUnknownChannel] if the channel does not use the extension. Errors and
// panics of handle are logged and do not end Run. Run panics if handle is nil.
func (c *Client) Run(ctx context.Context, handle func(context.Context, Click) error) error {
	if handle == nil {
		panic("heat: Run: the handler is nil")
	}
	clicks := make(chan Click, queued)
	var handler sync.WaitGroup
	handler.Go(func() {
		for click := range clicks {
			if ctx.Err() == nil {
				c.handle(ctx, click, handle)
			}
		}
	})
	defer handler.Wait()
	defer close(clicks)

	backoff := retry.Backoff{Min: time.Second, Max: 2 * time.Minute, Floor: time.Second / 2, Healthy: time.Minute}
	for {
		err := c.session(ctx, clicks, func() { backoff.Up(time.Now()) })
		if ctx.Err() != nil {
			return nil
		}
		if errors.Is(err, ErrUnknownChannel) {
			return err
		}
		backoff.Down(time.Now())
		wait := backoff.Next()
		c.log.WarnContext(ctx, "heat connection lost", "error", err, "wait", wait)
		if retry.Sleep(ctx, wait) != nil { // ctx has ended
			return nil
		}
	}
}

// handle calls f and recovers from a panic.
func (c *Client) handle(ctx context.Context, click Click, f func(context.Context, Click) error) {
	defer func() {
		if p := recover(); p != nil {
			c.log.ErrorContext(ctx, "heat handler panicked", "panic", fmt.Sprint(p), "stack", string(debug.Stack()))
		}
	}()
	if err := f(ctx, click); err != nil {
		c.log.ErrorContext(ctx, "heat handler failed", "error", err)
	}
}
