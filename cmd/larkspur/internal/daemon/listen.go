package daemon

import (
	"context"

	"github.com/larkspur-dev/larkspur/irc"
	"github.com/larkspur-dev/larkspur/skill"
)

// listen hands what happens in chat to the skills.
func listen(chat *irc.Client, engine *skill.Engine, o Observer) {
	irc.On(chat, func(ctx context.Context, m *irc.PrivMsg) error {
		o.message(m)
		_ = engine.Message(ctx, message(m)) // reported
		return nil
	})
	irc.On(chat, func(ctx context.Context, m *irc.Join) error {
		_ = engine.Join(ctx, skill.Membership{UserLogin: m.Login, BroadcasterLogin: m.Channel, Raw: m.Raw.Line}) // reported
		return nil
	})
	irc.On(chat, func(ctx context.Context, m *irc.Part) error {
		_ = engine.Part(ctx, skill.Membership{UserLogin: m.Login, BroadcasterLogin: m.Channel, Raw: m.Raw.Line}) // reported
		return nil
	})
}

// message is a line of chat as skills see it.
func message(m *irc.PrivMsg) skill.Message {
	badges := map[string]string{}
	for badge := range m.Badges.All() {
		badges[badge.Set] = badge.Version
	}
	return skill.Message{
		ID:               m.ID,
		Text:             m.Text,
		UserID:           m.UserID,
		UserLogin:        m.Login,
		UserName:         m.DisplayName,
		BroadcasterID:    m.BroadcasterID,
		BroadcasterLogin: m.Channel,
		Badges:           badges,
		Bits:             m.Bits,
		IsReply:          m.Reply.ID != "",
		Raw:              m.Raw.Line,
	}
}
