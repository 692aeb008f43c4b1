package irc

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"time"

	"github.com/larkspur-dev/larkspur/internal/retry"
)

// Run connects and stays connected until ctx ends. Then it waits for running handlers
// to return, drops messages that no handler has seen, and returns nil. It returns an
// error immediately if the options are invalid or the client is already running. Run
// may be called again after it has returned.
func (c *Client) Run(ctx context.Context) error {
	addr, err := parseAddr(c.o.Addr)
	if err != nil {
		return err
	}
	if _, ok := cleanLogin(c.o.Login); !ok && c.o.Token != nil {
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
	clear(c.refused)
	c.mu.Unlock()
	c.outbox.open()

	ctx, cancel := context.WithCancel(ctx)
	var own sync.WaitGroup
	own.Go(func() { c.watchHandlers(ctx) })
	defer func() {
		cancel()
		own.Wait()
		c.release()
		c.lanes.wait()
		c.mu.Lock()
		c.running = false
		c.mu.Unlock()
		c.release()
	}()
	r := runner{
		c: c, addr: addr,
		backoff:     retry.Backoff{Min: time.Second, Max: 2 * time.Minute, Healthy: time.Minute, Floor: 500 * time.Millisecond},
		credentials: newCredentials(&c.o),
	}
	r.run(ctx)
	return nil
}

// release unblocks all callers of Join and Say, so that handlers can return.
func (c *Client) release() {
	c.mu.Lock()
	waiting := c.waiting
	c.waiting = make(map[string][]chan error)
	c.mu.Unlock()
	for _, answers := range waiting {
		for _, a := range answers {
			a <- ErrStopped
		}
	}
	c.outbox.close()
}

// A runner is the loop of one Run: it keeps one link alive, and two while Twitch moves
// the client to a new connection.
type runner struct {
	c           *Client
	addr        address
	backoff     retry.Backoff // between attempts that fail for other reasons than the token
	credentials credentials
	old         *link // serves until the new one is ready
}

func (r *runner) run(ctx context.Context) {
	defer r.retire()
	for ctx.Err() == nil {
		r.c.tell(ctx, State{Kind: Connecting})
		l, err := r.connect(ctx)
		if err == nil {
			err = r.attend(ctx, l)
		}
		if ctx.Err() != nil || errors.Is(err, errMoved) {
			continue
		}
		r.recover(ctx, err)
	}
}

// recover waits until another attempt makes sense after err.
func (r *runner) recover(ctx context.Context, err error) {
	now := time.Now()
	r.backoff.Down(now)
	if !needsToken(err) {
		wait := r.backoff.Next()
		r.c.tell(ctx, State{Kind: Disconnected, Err: err, RetryIn: wait})
		r.sleep(ctx, wait)
		return
	}
	if errors.Is(err, ErrLoginFailed) {
		r.credentials.reject(now)
	}
	ready, wait := r.credentials.look(ctx, now)
	if ready && !errors.Is(err, ErrLoginFailed) {
		// Options.Token failed and succeeded at once: a function that keeps doing so must
		// not become a busy loop.
		ready, wait = false, time.Second
	}
	r.c.tell(ctx, State{Kind: Disconnected, Err: err, RetryIn: wait})
	for !ready && retry.Sleep(ctx, wait) == nil {
		ready, wait = r.credentials.look(ctx, time.Now())
	}
}

// sleep waits for d. If Twitch refused the latest token, sleep returns early when
// there is another.
func (r *runner) sleep(ctx context.Context, d time.Duration) {
	end := time.Now().Add(d)
	for r.credentials.areRefused() && time.Until(end) > tokenPoll {
		if retry.Sleep(ctx, tokenPoll) != nil {
			return
		}
		if ready, _ := r.credentials.look(ctx, time.Now()); ready {
			return
		}
	}
	_ = retry.Sleep(ctx, time.Until(end))
}

// connect dials and starts a link.
func (r *runner) connect(ctx context.Context) (*link, error) {
	token, err := r.credentials.take(ctx)
	if err != nil {
		return nil, err
	}
	if err := r.c.logins.Wait(ctx); err != nil {
		return nil, err
	}
	w, err := r.addr.dial(ctx, &r.c.o)
	if err != nil {
		return nil, err
	}
	caps := "twitch.tv/tags twitch.tv/commands"
	if r.c.o.Membership {
		caps += " twitch.tv/membership"
	}
	l := newLink(r.c, w, session{login: r.c.nick(), token: token, caps: caps, joins: r.c.joins})
	if r.old != nil {
		l.hold.before = r.old.done
	}
	r.c.setLinks(func(links []*link) []*link { return append(links, l) })
	go l.run(ctx)
	return l, nil
}

// attend serves a link until it ends. It returns errMoved when the link was
// told to reconnect and has become the old one.
func (r *runner) attend(ctx context.Context, l *link) error {
	ready := l.ready
	for {
		var oldDone <-chan struct{}
		if r.old != nil {
			oldDone = r.old.done
		}
		select {
		case <-ready:
			ready = nil
			r.backoff.Up(time.Now())
			r.credentials.accepted()
			r.retire()
		case <-l.moving:
			r.retire()
			r.old = l
			r.c.seen.start()
			return errMoved
		case <-oldDone:
			r.retire()
		case <-l.done:
			r.c.drop(l)
			if l.login {
				r.credentials.accepted()
			}
			return l.err
		case <-ctx.Done():
			<-l.done
			r.c.drop(l)
			return context.Cause(ctx)
		}
	}
}

// retire ends the old link.
func (r *runner) retire() {
	if r.old == nil {
		return
	}
	r.old.w.close()
	<-r.old.done
	r.c.drop(r.old)
	r.old = nil
	r.c.seen.stopSoon(time.Now())
}

// setLinks changes the list of connections.
func (c *Client) setLinks(edit func([]*link) []*link) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.links = edit(slices.Clone(c.links))
}

func (c *Client) drop(l *link) {
	c.setLinks(func(links []*link) []*link {
		return slices.DeleteFunc(links, func(other *link) bool { return other == l })
	})
}
