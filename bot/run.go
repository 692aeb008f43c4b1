package bot

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"runtime/debug"
	"slices"
	"time"

	"github.com/larkspur-dev/larkspur/eventsub"
)

// run takes a call through its stages, which are the same for every command,
// whatever the order of its options: checks, arguments, cooldown, and the command
// itself within its middleware. A call that ends early costs no use of the cooldown.
// A panic becomes an error.
func (b *Bot) run(ctx context.Context, c *Call) (err error) {
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
	do, err := c.cmd.parse(ctx, c)
	if err != nil {
		return err
	}
	if wait, tell := c.cmd.take(c, time.Now()); wait > 0 {
		b.log.DebugContext(ctx, "command cooling down", "command", c.Command, "user_id", c.Chatter.ID, "wait", wait)
		if tell == "" {
			return nil
		}
		return c.Reply(ctx, "%s", tell)
	}
	defer func() {
		if _, sorry := asUserError(err); sorry {
			c.cmd.giveBack(c)
		}
	}()
	b.mu.RLock()
	wraps := slices.Concat(b.wraps, c.cmd.wraps)
	b.mu.RUnlock()
	for _, wrap := range slices.Backward(wraps) {
		do = wrap(do)
	}
	return do(ctx, c)
}

// report tells the chatter what concerns them of an error, and logs the rest. It
// returns the error if the bot has no logger.
func (b *Bot) report(ctx context.Context, c *Call, err error) error {
	text := "something went wrong"
	if sorry, ok := asUserError(err); ok {
		text, err = sorry.Text, nil
	}
	if failed := c.Reply(ctx, "%s", text); err == nil {
		err = failed
	}
	if err == nil {
		return nil
	}
	err = fmt.Errorf("bot: command %s: %w", c.Command, err)
	if b.o.Logger == nil {
		return err
	}
	attrs := []slog.Attr{
		slog.String("command", c.Command), slog.String("user_id", c.Chatter.ID), slog.String("broadcaster_id", c.BroadcasterID),
		slog.String("message_id", c.Message.ID), slog.Any("error", err),
	}
	if p, ok := errors.AsType[*eventsub.PanicError](err); ok {
		attrs = append(attrs, slog.String("stack", string(p.Stack)))
	}
	b.log.LogAttrs(ctx, slog.LevelError, "command failed", attrs...)
	return nil
}
