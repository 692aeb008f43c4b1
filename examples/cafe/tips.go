package main

import (
	"context"
	"errors"
	"sync/atomic"
	"time"

	"github.com/larkspur-dev/larkspur/bot"
	"github.com/larkspur-dev/larkspur/chat"
	"github.com/larkspur-dev/larkspur/eventsub"
)

// A tipJar is a component: commands, an event handler and routines that belong together.
type tipJar struct {
	bot       *bot.Bot
	channelID string
	tips      atomic.Int64
}

func (j *tipJar) Setup(s *bot.Setup) error {
	bot.On(s, j.raided)
	return errors.Join(
		bot.Command(s, "tip", j.tip),
		s.Routine("remind", bot.Every(20*time.Minute), j.remind, bot.RoutineOptions{
			When: []bot.Condition{j.bot.WhileLive(j.channelID), j.bot.AfterLines(j.channelID, 5)},
		}),
	)
}

func (j *tipJar) tip(ctx context.Context, c *bot.Call, _ struct{}) error {
	return c.Reply(ctx, "tips: %d", j.tips.Add(1))
}

// raided is an event handler. It returns soon, because the next events of the channel, also
// its commands, are handled after it.
func (j *tipJar) raided(ctx context.Context, e *eventsub.ChannelRaid) error {
	return j.bot.Say(ctx, j.channelID, "Welcome, %d guests of %s!", e.Viewers, e.FromBroadcasterUserName)
}

func (j *tipJar) remind(ctx context.Context) error {
	if err := j.bot.Say(ctx, j.channelID, "The jar has %d tips. Who adds one?", j.tips.Load()); err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(ctx, time.Minute)
	defer cancel()
	m, err := j.bot.WaitFor(ctx, j.channelID, func(m *chat.Message) bool { return m.Text == "me" })
	if errors.Is(err, context.DeadlineExceeded) {
		return nil
	} else if err != nil {
		return err
	}
	j.tips.Add(1)
	return j.bot.Say(ctx, j.channelID, "Thank you, %s!", m.Chatter.Name)
}

// components adds the component, and a command with which the owner puts a new one in its
// place. They live until ctx ends, which is that of the program.
func components(ctx context.Context, b *bot.Bot, channelID string) error {
	reload := func(_ context.Context, c *bot.Call, _ struct{}) error {
		return b.Replace(ctx, "tips", &tipJar{bot: b, channelID: channelID})
	}
	return errors.Join(
		b.Add(ctx, "tips", &tipJar{bot: b, channelID: channelID}),
		bot.Command(b, "reload", reload, bot.Require(b.IsOwner)),
	)
}
