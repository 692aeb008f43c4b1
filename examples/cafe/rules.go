package main

import (
	"context"
	"errors"
	"sync"
	"time"

	"github.com/larkspur-dev/larkspur/bot"
	"github.com/larkspur-dev/larkspur/chat"
)

func rules(b *bot.Bot) error {
	door := &door{}
	staff := bot.Is(chat.Moderator | chat.Broadcaster)
	regular := bot.AnyOf(bot.Is(chat.VIP|chat.Subscriber), b.Following(30*24*time.Hour))
	return errors.Join(
		bot.Command(b, "close", door.close, bot.ModsOnly),
		bot.Command(b, "open", door.open, bot.ModsOnly),
		bot.Command(b, "menu", menu, bot.Require(door.isOpen)),
		bot.Command(b, "secret", secret, bot.Require(bot.AnyOf(staff, bot.AllOf(regular, b.IsLive)))),
		bot.Command(b, "special", special,
			bot.Cooldown(1, 30*time.Second),
			bot.Cooldown(3, time.Hour, bot.PerChatter, bot.Telling("come back in %s"))),
	)
}

// A door knows which channels have closed their cafe.
type door struct{ closed sync.Map } // by broadcaster id

// isOpen is a check: nil allows the call, and the text of bot.Sorry is the reply.
func (d *door) isOpen(_ context.Context, m *chat.Message) error {
	if _, closed := d.closed.Load(m.Broadcaster.ID); closed && !m.Chatter.CanModerate() {
		return bot.Sorry("the cafe is closed")
	}
	return nil
}

func (d *door) close(ctx context.Context, c *bot.Call, _ struct{}) error {
	d.closed.Store(c.BroadcasterID, true)
	return c.Act(ctx, "closes the door")
}

func (d *door) open(ctx context.Context, c *bot.Call, _ struct{}) error {
	d.closed.Delete(c.BroadcasterID)
	return c.Act(ctx, "opens the door")
}

func menu(ctx context.Context, c *bot.Call, _ struct{}) error {
	return c.Reply(ctx, "coffee, tea and cake")
}

func secret(ctx context.Context, c *bot.Call, _ struct{}) error {
	return c.Reply(ctx, "ask for the blue cup")
}

type specialArgs struct {
	Cup string `arg:"default=blue"`
}

func special(ctx context.Context, c *bot.Call, a specialArgs) error {
	if a.Cup != "blue" {
		return bot.Sorry("there is no %s cup", a.Cup) // gives the use back
	}
	return c.Reply(ctx, "here you are")
}
