package daemon

import (
	"context"

	"github.com/larkspur-dev/larkspur/chat"
	"github.com/larkspur-dev/larkspur/irc"
	"github.com/larkspur-dev/larkspur/skill"
)

// listen passes messages, joins and parts of chat to the skills, and the bot's own
// messages to the sender: they arrive if they were sent with the API.
func listen(client *irc.Client, engine *skill.Engine, sender *chat.Sender, bot account, o Observer) {
	irc.On(client, func(ctx context.Context, p *irc.PrivMsg) error {
		o.message(p)
		m := p.Chat()
		if m.Chatter.ID == bot.ID {
			sender.Observe(m)
		}
		_ = engine.Message(ctx, m) // reported
		return nil
	})
	irc.On(client, func(ctx context.Context, m *irc.Join) error {
		_ = engine.Join(ctx, skill.Membership{UserLogin: m.Login, BroadcasterLogin: m.Channel, Raw: string(m.Raw)}) // reported
		return nil
	})
	irc.On(client, func(ctx context.Context, m *irc.Part) error {
		_ = engine.Part(ctx, skill.Membership{UserLogin: m.Login, BroadcasterLogin: m.Channel, Raw: string(m.Raw)}) // reported
		return nil
	})
}
