package bot_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/larkspur-dev/larkspur/bot"
	"github.com/larkspur-dev/larkspur/chat"
)

// reset asks before it does something.
func reset(ctx context.Context, c *bot.Call, _ struct{}) error {
	if err := c.Reply(ctx, "really?"); err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(ctx, 10*time.Second)
	defer cancel()
	answer, err := c.WaitFor(ctx, nil)
	switch {
	case errors.Is(err, context.DeadlineExceeded):
		return bot.Sorry("too late")
	case err != nil:
		return err
	case answer.Text != "yes":
		return bot.Sorry("as you like")
	}
	return c.Reply(ctx, "done")
}

func TestCommandWaitsForAnAnswer(t *testing.T) {
	inRoom(t, func(b *bot.Bot) error {
		return errors.Join(bot.Command(b, "reset", reset), bot.Command(b, "hello", hello))
	}, func(r *room) {
		r.want("grace", "!reset", "really?")
		r.want("bob", "yes") // not the one who was asked
		r.want("bob", "!hello", "hello bob!")
		r.want("grace", "yes", "done")
		r.want("grace", "!reset", "really?")
		r.want("grace", "!hello", "as you like") // an answer, and no command
		r.want("grace", "!reset", "really?")
		time.Sleep(11 * time.Second)
		r.want("grace", "!hello", "hello grace!")
	})
}

// Calls that wait must not take the workers of others.
func TestWaitingCallsHoldNoWorkers(t *testing.T) {
	inRoom(t, func(b *bot.Bot) error {
		return errors.Join(bot.Command(b, "hello", hello), bot.Command(b, "wait", func(ctx context.Context, c *bot.Call, _ struct{}) error {
			_, err := c.WaitFor(ctx, func(m *chat.Message) bool { return m.Text == "go on" })
			return err
		}))
	}, func(r *room) {
		for i := range 200 {
			r.bot.Handle(r.t.Context(), from(r, i, "!wait"))
		}
		r.want("grace", "!hello", "hello grace!")
		for range 200 {
			r.bot.Handle(r.t.Context(), from(r, 999, "go on"))
		}
		if err := r.bot.Drain(r.t.Context()); err != nil {
			t.Fatal(err)
		}
		if log := r.log.String(); log != "" {
			t.Errorf("got the log %q, want none", log)
		}
	})
}
