package cli

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"time"

	"github.com/larkspur-dev/larkspur/chat"
	"github.com/larkspur-dev/larkspur/irc"
)

// Why a conversation ends, apart from failures.
var (
	errLeft    = errors.New("the user ends it")
	errAllSent = errors.New("all messages were sent")
)

// A conversation reads and writes chat.
type conversation struct {
	p       Process
	f       *chatFlags
	account *chatAccount
	client  *irc.Client
	sender  *chat.Sender // nil: reading only
	rooms   *chatRooms
	out     *chatOutput
	notes   *display // on standard error, or above the line that is typed
	end     context.CancelCauseFunc

	outbox  chan outgoingLine
	refused atomic.Int64 // messages that were not accepted
	waiting atomic.Int64 // messages without an outcome yet
	pipes   atomic.Bool  // the messages come from standard input that is no terminal
	repeats repeatFilter

	states chan irc.State // that were not handled yet; see connection
	missed atomic.Int64   // states that found no room

	mu     sync.Mutex
	told   bool              // guarded by mu; the user knows that the program is connected
	never  error             // guarded by mu; why it could not connect the last time; nil once it has
	lost   map[int]bool      // guarded by mu; the connections that were lost, and not replaced yet
	moving map[int]bool      // guarded by mu; the connections that Twitch asked to replace
	prompt func(text string) // guarded by mu; shows the channel before the line that is typed; nil: no such line
}

// runChat reads and writes until the user ends it.
func runChat(ctx context.Context, p Process, f *chatFlags, a *chatAccount, channels []channel) error {
	whole := ctx
	if f.length > 0 {
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeoutCause(ctx, f.length, errTimeUp)
		defer cancel()
	}
	ctx, end := context.WithCancelCause(ctx)
	defer end(nil)
	c := &conversation{p: p, f: f, account: a, rooms: newChatRooms(channels), end: end, outbox: make(chan outgoingLine, maxTyped), states: make(chan irc.State, maxStates), lost: map[int]bool{}, moving: map[int]bool{}}
	started := p.Started.Round(0) // without the monotonic clock, which stops while a laptop sleeps
	c.notes = newDisplay(p.Stderr, started, false, isTerminal(p.Stderr) && wantColor(p) && !f.noColor)
	c.notes.clock, c.notes.width = true, columnsOf(p.Stderr)
	c.out = newChatOutput(p, f, c.rooms.several)
	c.out.failed = func(err error) { end(err) }
	if f.log != "" {
		log, err := openChatLog(f.log, int64(f.logSize)*1e6, f.logFiles, c.warn)
		if err != nil {
			return usageError{fmt.Errorf("--log: %w", err)}
		}
		defer log.end()
		c.out.log = log
	}
	o := a.options(channels)
	o.OnState = c.connection
	c.client = irc.New(o)
	c.sender = a.sender(c.client)
	c.read()
	leave := c.sitDown(ctx)
	defer leave()
	return c.outcome(ctx, whole, c.run(ctx))
}

// run stays connected until ctx ends. It does not wait longer than drainTime for output
// that is blocked.
func (c *conversation) run(ctx context.Context) error {
	done := make(chan error, 1)
	go func() { done <- c.client.Run(ctx) }()
	var rest sync.WaitGroup
	go c.tell(ctx) // a terminal that is stopped may hold it up
	rest.Go(func() { c.sendAll(ctx) })
	if c.account.api != nil {
		rest.Go(func() { _ = c.account.api.tokens.Run(ctx) }) // it validates the tokens each hour, as Twitch requires
	}
	select {
	case err := <-done:
		c.end(err)
		rest.Wait()
		return err
	case <-ctx.Done():
	}
	rest.Wait()
	wait := time.NewTimer(drainTime)
	defer wait.Stop()
	select {
	case err := <-done:
		return err
	case <-wait.C:
		return nil
	}
}

// outcome decides how the command ends.
func (c *conversation) outcome(ctx, whole context.Context, err error) error {
	cause := context.Cause(ctx)
	refused, unsent := c.refused.Load(), c.waiting.Load()
	switch {
	case c.pipes.Load() && unsent > 0:
		return fmt.Errorf("stopped: %s not accepted, %d not sent", wereNot(refused), unsent)
	case c.pipes.Load() && refused > 0:
		return fmt.Errorf("%s not accepted", wereNot(refused))
	case unsent > 0:
		c.warn(fmt.Sprintf("%s not sent any more", wereNot(unsent)))
	}
	c.mu.Lock()
	never := c.never
	c.mu.Unlock()
	switch {
	case errors.Is(cause, errTimeUp) && never != nil:
		return fmt.Errorf("there was no connection to chat: %s", bare(never))
	case errors.Is(cause, errAllSent), errors.Is(cause, errLeft), errors.Is(cause, errTimeUp):
		return nil
	case c.account.api != nil && err != nil && isLoggedOut(err):
		return fmt.Errorf("%s\nTo log in again, run:\n  %s", loggedOut(c.account.user.Login), c.account.login(c.f))
	case whole.Err() != nil:
		return context.Canceled
	case err != nil:
		return err
	}
	return cause
}

func wereNot(n int64) string {
	if n == 1 {
		return "1 message was"
	}
	return fmt.Sprintf("%d messages were", n)
}
