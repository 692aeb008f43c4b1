package daemon

import (
	"context"
	"slices"

	"github.com/larkspur-dev/larkspur/bot"
	"github.com/larkspur-dev/larkspur/chat"
	"github.com/larkspur-dev/larkspur/eventsub"
	"github.com/larkspur-dev/larkspur/irc"
	"github.com/larkspur-dev/larkspur/skill"
)

// listen passes messages, joins and parts of chat to the skills, and the bot's own
// messages to the sender. Messages come over IRC and EventSub, each once; joins and parts
// over IRC only. EventSub may deliver messages while the bot is to be out of chat: they
// are ignored.
func listen(stream *bot.Stream, client *irc.Client, mux *eventsub.Mux, session eventSource, engine *skill.Engine, sender *chat.Sender, self account, o Observer) {
	stream.IRC(client)
	stream.EventSub(mux, session)
	stream.On(func(ctx context.Context, m *chat.Message) error {
		if m.Chatter.ID == self.ID {
			sender.Observe(m)
		}
		if slices.Contains(client.Channels(), m.Broadcaster.Login) {
			o.message(m)
			_ = engine.Message(ctx, m) // reported
		}
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
