package irc

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/larkspur-dev/larkspur/internal/retry"
)

// Run connects and stays connected until ctx ends; then it returns nil when all
// handlers have returned. Messages that wait for a handler at that time are
// dropped. It returns an error at once if the options cannot work. After it has
// returned it may be called again.
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
	sender := make(chan struct{})
	go func() { defer close(sender); c.sends(ctx) }()
	defer func() {
		cancel()
		<-sender
		c.release()
		c.lanes.wait()
		c.mu.Lock()
		c.running = false
		c.mu.Unlock()
		c.release()
	}()
	r := runner{
		c: c, addr: addr,
		soon: retry.Backoff{Min: time.Second, Max: 2 * time.Minute, Healthy: time.Minute, Floor: 500 * time.Millisecond},
		// A refused login is not cured by trying again, only by somebody.
		slow: retry.Backoff{Min: time.Minute, Max: 10 * time.Minute, Floor: 30 * time.Second},
	}
	r.run(ctx)
	return nil
}

// release ends everybody's waiting, so that handlers can return.
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

// A runner is the loop of one Run: it keeps one link alive, two while Twitch moves us.
type runner struct {
	c          *Client
	addr       address
	soon, slow retry.Backoff
	old        *link  // serves until the new one is ready
	used       string // token of the latest attempt
	fresh      string // token that RenewToken gave, not used yet
	refused    string // the last token that Twitch refused
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
		wait := r.pause(ctx, err)
		r.c.tell(ctx, State{Kind: Disconnected, Err: err, RetryIn: wait})
		_ = retry.Sleep(ctx, wait)
	}
}

// connect dials and starts a link.
func (r *runner) connect(ctx context.Context) (*link, error) {
	token, err := r.token(ctx)
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

// attend waits for what happens to a link. It returns errMoved when the link was
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
			r.soon.Up(time.Now())
			r.slow.Reset()
			r.refused = ""
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
				r.slow.Reset()
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

// token returns the token for the next login.
func (r *runner) token(ctx context.Context) (string, error) {
	if r.c.o.Token == nil {
		return "", nil
	}
	token := r.fresh
	if r.fresh = ""; token == "" {
		var err error
		if token, err = r.c.o.Token(ctx); err != nil {
			return "", fmt.Errorf("token: %w", err)
		}
	}
	r.used = strings.TrimPrefix(token, "oauth:")
	return r.used, nil
}

// pause says how long to wait after err. A refused token is renewed once; if the
// next is refused too, somebody has to look after it and we only ask slowly.
func (r *runner) pause(ctx context.Context, err error) time.Duration {
	now := time.Now()
	r.soon.Down(now)
	if !errors.Is(err, ErrLoginFailed) {
		return r.soon.Next()
	}
	return r.renew(ctx)
}

func (r *runner) renew(ctx context.Context) time.Duration {
	c := r.c
	if c.o.Token == nil || r.refused != "" {
		return r.slow.Next()
	}
	stale := r.used
	r.refused = stale
	var fresh string
	var err error
	if c.o.RenewToken != nil {
		fresh, err = c.o.RenewToken(ctx, stale)
	} else {
		fresh, err = c.o.Token(ctx)
	}
	if err != nil {
		c.o.Logger.WarnContext(ctx, "chat token not renewed", "error", err)
		return r.slow.Next()
	}
	if fresh = strings.TrimPrefix(fresh, "oauth:"); fresh == stale {
		return r.slow.Next()
	}
	r.fresh = fresh
	return 0
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
