package daemon

import (
	"context"

	"github.com/larkspur-dev/larkspur/irc"
	"github.com/larkspur-dev/larkspur/skill"
)

// listen passes messages, joins and parts of chat to the skills.
func listen(chat *irc.Client, engine *skill.Engine, o Observer) {
	irc.On(chat, func(ctx context.Context, m *irc.PrivMsg) error {
		o.message(m)
		_ = engine.Message(ctx, m.Chat()) // reported
		return nil
	})
	irc.On(chat, func(ctx context.Context, m *irc.Join) error {
		_ = engine.Join(ctx, skill.Membership{UserLogin: m.Login, BroadcasterLogin: m.Channel, Raw: string(m.Raw)}) // reported
		return nil
	})
	irc.On(chat, func(ctx context.Context, m *irc.Part) error {
		_ = engine.Part(ctx, skill.Membership{UserLogin: m.Login, BroadcasterLogin: m.Channel, Raw: string(m.Raw)}) // reported
		return nil
	})
}
