package main

import (
	"context"

	"github.com/larkspur-dev/larkspur/bot"
)

type coffeeArgs struct {
	Size string `arg:"oneof=small|large"`
}

func rewards(b *bot.Bot) error {
	return bot.Reward(b, "Free coffee", func(ctx context.Context, c *bot.Call, a coffeeArgs) error {
		return c.Send(ctx, "one %s coffee for %s", a.Size, c.Chatter.Mention())
	})
}
