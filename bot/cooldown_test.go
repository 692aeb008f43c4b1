package bot_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/larkspur-dev/larkspur/bot"
)

func TestChecks(t *testing.T) {
	inRoom(t, func(b *bot.Bot) error {
		return errors.Join(
			bot.Command(b, "mods", hello, bot.ModsOnly),
			bot.Command(b, "mine", hello, bot.BroadcasterOnly),
			bot.Command(b, "subs", hello, bot.SubsOnly),
		)
	}, func(r *room) {
		r.tw.Mod("ada", "bob")
		r.want("grace", "!mods")
		r.want("bob", "!mods", "hello bob!")
		r.want("ada", "!mods", "hello ada!")
		r.want("bob", "!mine")
		r.want("ada", "!mine", "hello ada!")
		r.want("grace", "!subs")
		r.tw.Subscribe("ada", "grace", "1000")
		r.want("grace", "!subs", "hello grace!")
	})
}

func TestCooldown(t *testing.T) {
	inRoom(t, func(b *bot.Bot) error {
		return errors.Join(
			bot.Command(b, "all", hello, bot.Cooldown(2, 10*time.Second)),
			bot.Command(b, "each", hello, bot.Cooldown(1, 10*time.Second, bot.PerChatter)),
			bot.Command(b, "told", hello, bot.Cooldown(1, 10*time.Second, bot.PerUser, bot.Telling("again in %s"))),
			bot.Command(b, "first", hello, bot.Cooldown(1, 10*time.Second, bot.KeyedBy(func(c *bot.Call) string {
				if c.Chatter.Login == "bob" {
					return "" // no cooldown
				}
				return c.Chatter.Login[:1]
			}))),
			bot.Command(b, "smooth", hello, bot.Cooldown(2, 10*time.Second, bot.Global, bot.Smoothly)),
			bot.Command(b, "sorry", func(ctx context.Context, c *bot.Call, a struct{ N int }) error {
				if a.N == 0 {
					return bot.Sorry("no")
				}
				return c.Send(ctx, "yes")
			}, bot.Cooldown(1, 10*time.Second)),
		)
	}, func(r *room) {
		r.want("grace", "!all", "hello grace!")
		r.want("bob", "!all", "hello bob!")
		r.want("grace", "!all")
		time.Sleep(11 * time.Second)
		r.want("grace", "!all", "hello grace!")
		r.want("grace", "!each", "hello grace!")
		r.want("grace", "!each")
		r.want("bob", "!each", "hello bob!")
		r.want("grace", "!told", "hello grace!")
		r.want("grace", "!told", "again in 10s")
		r.want("grace", "!told") // told once
		r.want("grace", "!first", "hello grace!")
		r.want("grace", "!first")
		r.want("bob", "!first", "hello bob!")
		r.want("bob", "!first", "hello bob!")
		r.want("grace", "!smooth", "hello grace!")
		r.want("grace", "!smooth", "hello grace!")
		r.want("grace", "!smooth")
		time.Sleep(6 * time.Second)
		r.want("grace", "!smooth", "hello grace!")
		r.want("grace", "!sorry 0", "no")
		r.want("grace", "!sorry 0", "no") // a refusal is no use
		r.want("grace", "!sorry 1", "yes")
		r.want("grace", "!sorry 1")
	})
}
