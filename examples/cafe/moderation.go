package main

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/larkspur-dev/larkspur/bot"
	"github.com/larkspur-dev/larkspur/chat"
)

func moderation(b *bot.Bot) error {
	return errors.Join(
		bot.Command(b, "so", shoutout, bot.Only(chat.Moderator|chat.VIP)),
		bot.Command(b, "nap", nap),
	)
}

type shoutoutArgs struct{ To bot.User }

func shoutout(ctx context.Context, c *bot.Call, a shoutoutArgs) error {
	if a.To.ID == c.BroadcasterID {
		return bot.Sorry("you are here already")
	}
	if err := c.Room().Shoutout(ctx, a.To.ID); err != nil {
		return fmt.Errorf("shoutout of %s: %w", a.To.Login, err)
	}
	return c.Send(ctx, "Visit %s: https://twitch.tv/%s", a.To.Name, a.To.Login)
}

func nap(ctx context.Context, c *bot.Call, _ struct{}) error {
	if c.Chatter.CanModerate() {
		return bot.Sorry("moderators must stay awake")
	}
	if err := c.Reply(ctx, "sleep well"); err != nil {
		return err
	}
	return c.Timeout(ctx, 10*time.Minute, "asked for it with !nap")
}
