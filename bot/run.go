package bot

import (
	"cmp"
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"log/slog"
	"runtime/debug"
	"slices"
	"strings"
	"time"

	"github.com/larkspur-dev/larkspur/eventsub"
)

// runPooled runs a call of the pool.
func (b *Bot) runPooled(c *Call) {
	ctx := c.ctx.Context
	_ = b.run(ctx, c)
	if c.Redemption != nil {
		b.decide(ctx, c)
	}
}

// run takes a call through all stages and reports its error, which it also returns.
func (b *Bot) run(ctx context.Context, c *Call) (err error) {
	c.Twitch = b.user().own
	c.ctx.Context, c.ctx.at = ctx, time.Now().Add(cmp.Or(c.cmd.chain.Load().deadline, b.o.Deadline))
	err = b.stages(&c.ctx, c) //nolint:contextcheck // its parent is ctx
	c.ctx.end()
	c.err = err
	if err == nil {
		return nil
	}
	defer func() {
		if v := recover(); v != nil { // Translate or OnError panicked
			b.log.LogAttrs(ctx, slog.LevelError, "panic while an error was reported", slog.String("command", c.Command),
				slog.Any("panic", v), slog.Any("error", err), slog.String("stack", string(debug.Stack())))
		}
	}()
	return b.report(context.WithoutCancel(ctx), c, err)
}

// stages takes a call through its stages, which are the same for every command,
// whatever the order of its options: checks, arguments, cooldown, and the command
// itself within its middleware. A call that ends early costs no use of the cooldown.
// A panic becomes an error.
func (b *Bot) stages(ctx context.Context, c *Call) (err error) {
	defer func() {
		if v := recover(); v != nil {
			err = &eventsub.PanicError{Value: v, Stack: debug.Stack()}
		}
	}()
	if err := c.cmd.allows(ctx, c.Message); err != nil {
		if errors.Is(err, ErrNotAllowed) {
			b.log.DebugContext(ctx, "command not allowed", "command", c.Command, "user_id", c.Chatter.ID)
			return nil
		}
		return err
	}
	command, err := c.cmd.parse(ctx, c)
	if err != nil {
		return err
	}
	if wait, tell := b.take(c, time.Now()); wait > 0 {
		b.log.DebugContext(ctx, "command cooling down", "command", c.Command, "user_id", c.Chatter.ID, "wait", wait)
		if tell == "" {
			return nil
		}
		return c.Reply(ctx, "%s", c.Text(tell, max(wait.Round(time.Second), time.Second)))
	}
	defer func() {
		if _, sorry := asUserError(err); sorry {
			b.giveBack(c)
		}
	}()
	do := b.wrapped(c.cmd, command)
	if c.ran = true; do == nil {
		return command.run(ctx, c)
	}
	return do(ctx, c)
}

// wrapped returns a command within all its middleware, nil if there is none.
func (b *Bot) wrapped(cmd *command, command runner) (do Handler) {
	add := func(wraps []Middleware) {
		for _, wrap := range slices.Backward(wraps) {
			if do == nil {
				do = command.run
			}
			do = wrap(do)
		}
	}
	for _, s := range slices.Backward(cmd.specs()) {
		add(s.wraps)
	}
	b.mu.RLock()
	wraps := b.wraps
	b.mu.RUnlock()
	add(wraps)
	return do
}

// report tells the chatter what concerns them of an error, and logs the rest, which it
// returns.
func (b *Bot) report(ctx context.Context, c *Call, err error) error {
	ctx, cancel := context.WithTimeout(ctx, b.o.Deadline)
	defer cancel()
	var text, id string
	if sorry, ok := asUserError(err); ok {
		text, err = sorry.Text, nil
	} else {
		id = newErrorID()
		text = c.Text(TextWrong, id)
	}
	if failed := c.Reply(ctx, "%s", text); err == nil {
		err = failed
	}
	if err == nil {
		return nil
	}
	err = fmt.Errorf("bot: command %s: %w", c.Command, err)
	attrs := []slog.Attr{
		slog.String("command", c.Command), slog.String("user_id", c.Chatter.ID), slog.String("broadcaster_id", c.BroadcasterID),
		slog.String("message_id", c.Message.ID), slog.Any("error", err),
	}
	if id != "" {
		attrs = append(attrs, slog.String("id", id))
	}
	if p, ok := errors.AsType[*eventsub.PanicError](err); ok {
		attrs = append(attrs, slog.String("stack", string(p.Stack)))
	}
	b.log.LogAttrs(ctx, slog.LevelError, "command failed", attrs...)
	if b.o.OnError != nil {
		b.o.OnError(ctx, c, id, err)
	}
	return err
}

// newErrorID returns a short id, which chat can quote and the log has.
func newErrorID() string { return strings.ToLower(rand.Text()[:5]) }
