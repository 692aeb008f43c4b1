package irc

import (
	"context"
	"fmt"
	"sync"
	"time"

	"github.com/larkspur-dev/larkspur/internal/retry"
)

// Run connects and stays connected until ctx ends. Then it waits for running handlers
// to return, drops messages that no handler has seen, and returns nil. It returns an
// error immediately if the options are invalid or the client is already running. Run
// may be called again after it has returned.
//
// Run also ends, with a [*LoginError], when Twitch refuses the token and there is no other:
// if Token or RenewToken returns an error with a method LoginRequired() bool that returns
// true, or, without RenewToken, when Twitch has refused the token three times, which takes
// about half a minute. Options.WaitForLogin keeps Run running.
func (c *Client) Run(ctx context.Context) error {
	addr, err := parseAddr(c.o.Addr)
	if err != nil {
		return err
	}
	if _, ok := cleanLogin(c.o.Login); !ok && c.o.Login != "" {
		return fmt.Errorf("%w: Options.Login is %q", ErrBadLogin, c.o.Login)
	}
	if c.bad != nil {
		return c.bad
	}
	c.mu.Lock()
	if c.running {
		c.mu.Unlock()
		return ErrRunning
	}
	c.running = true
	c.mu.Unlock()
	c.outbox.open()
	credentials := newCredentials(&c.o)
	c.roster.begin(func(number int) *runner { return newRunner(c, addr, credentials, number) })

	ctx, cancel := context.WithCancel(ctx)
	var own sync.WaitGroup
	own.Go(func() { c.watchHandlers(ctx) })
	defer func() {
		cancel()
		own.Wait()
		c.release()
		c.lanes.wait()
		c.roster.end()
		c.mu.Lock()
		c.running = false
		c.mu.Unlock()
		c.release()
	}()
	return c.connections(ctx, &own)
}

// connections starts and ends the runners, until ctx ends or one of them cannot go on.
func (c *Client) connections(ctx context.Context, running *sync.WaitGroup) error {
	final := make(chan error, 1)
	timer := retry.NewTimer()
	defer timer.Stop()
	for {
		for _, r := range c.roster.starts() {
			running.Go(func() {
				if err := r.run(ctx); err != nil {
					select {
					case final <- err:
					default: // another one said the same
					}
				}
			})
		}
		surplus, next := c.roster.surplus(time.Now())
		for _, r := range surplus {
			close(r.stop)
		}
		timer.Set(next)
		select {
		case <-c.roster.changed:
		case <-timer.C:
		case err := <-final:
			return err
		case <-ctx.Done():
			return nil
		}
	}
}

// release unblocks all callers of Join and Say, so that handlers can return.
func (c *Client) release() {
	c.roster.release()
	c.outbox.close()
}
