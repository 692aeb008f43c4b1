package main

import (
	"context"
	"errors"
	"time"

	"github.com/larkspur-dev/larkspur/bot"
	"github.com/larkspur-dev/larkspur/chat"
)

func questions(b *bot.Bot) error {
	return errors.Join(
		bot.Command(b, "bill", bill),
		bot.Command(b, "quiz", quiz, bot.Deadline(2*time.Minute)),
	)
}

func bill(ctx context.Context, c *bot.Call, _ struct{}) error {
	asking, cancel := context.WithTimeout(ctx, 20*time.Second)
	defer cancel()
	answer, err := c.Ask(asking, "pay now?")
	switch {
	case errors.Is(err, context.DeadlineExceeded):
		return bot.Sorry("then later")
	case err != nil:
		return err
	case answer.Text != "yes":
		return bot.Sorry("as you wish")
	}
	return c.Send(ctx, "%s pays the bill", c.Chatter.Name)
}

func quiz(ctx context.Context, c *bot.Call, _ struct{}) error {
	if err := c.Send(ctx, "What is six times seven?"); err != nil {
		return err
	}
	winner, err := c.WaitFor(ctx, func(m *chat.Message) bool { return m.Text == "42" })
	if errors.Is(err, context.DeadlineExceeded) {
		return bot.Sorry("it was 42")
	} else if err != nil {
		return err
	}
	return c.Send(ctx, "%s wins", winner.Chatter.Mention())
}
