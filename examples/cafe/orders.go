package main

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/larkspur-dev/larkspur/bot"
)

func orders(b *bot.Bot) error {
	return errors.Join(
		bot.Command(b, "order", order, bot.Alias("o"), bot.About("orders a drink")),
		bot.Command(b, "reserve", reserve, bot.About("keeps a table for you")),
	)
}

type orderArgs struct {
	Count int
	Drink string `arg:"rest"`
}

func order(ctx context.Context, c *bot.Call, a orderArgs) error {
	if a.Count < 1 || a.Count > 9 {
		return bot.Sorry("one to nine drinks, please")
	}
	return c.Reply(ctx, "%d x %s for %s", a.Count, a.Drink, c.Chatter.Name)
}

type reserveArgs struct {
	Seats  uint8
	For    time.Duration
	Host   bot.User
	Where  string `arg:"oneof=inside|garden"`
	Table  table
	Guests []string `arg:"optional"`
	Quiet  bool     `arg:"flag"`
	Budget float64  `arg:"flag,default=10"`
}

func reserve(ctx context.Context, c *bot.Call, a reserveArgs) error {
	return c.Reply(ctx, "table %c%d, %s, for %s: %d seats, %s, quiet: %t, budget: %g, guests: %s",
		a.Table.Row, a.Table.Number, a.Where, a.Host.Name, a.Seats, a.For, a.Quiet, a.Budget, strings.Join(a.Guests, " and "))
}

type table struct {
	Row    rune
	Number int
}

func (t *table) ParseArg(_ context.Context, _ *bot.Call, word string) error {
	if _, err := fmt.Sscanf(word, "%c%d", &t.Row, &t.Number); err != nil {
		return errors.New("must be a table, such as A7")
	}
	return nil
}
