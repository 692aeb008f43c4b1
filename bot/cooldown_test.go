package bot_test

import (
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
	})
}
