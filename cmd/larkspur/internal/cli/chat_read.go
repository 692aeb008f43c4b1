package cli

import (
	"context"
	"strings"
	"time"

	"github.com/larkspur-dev/larkspur/chat"
	"github.com/larkspur-dev/larkspur/irc"
)

// read prints what arrives in chat.
func (c *conversation) read() {
	client, out := c.client, c.out
	if c.f.raw {
		client.OnAny(func(_ context.Context, m irc.Message) error { out.raw(m.Line); return nil })
	}
	show := func(e *chatEvent) {
		if !c.f.raw {
			out.event(e)
		}
	}
	irc.On(client, func(_ context.Context, m *irc.PrivMsg) error {
		e := messageEvent(m)
		c.rooms.saw(e.message)
		if c.account.helix { // over IRC, the client does it
			c.sender.Observe(e.message)
		}
		show(e)
		return nil
	})
	irc.On(client, func(_ context.Context, u *irc.UserNotice) error {
		e := noticeEvent(u)
		if e.message != nil {
			c.rooms.saw(e.message)
		}
		show(e)
		return nil
	})
	irc.On(client, func(_ context.Context, m *irc.ClearChat) error { show(clearEvent(m)); return nil })
	irc.On(client, func(_ context.Context, m *irc.ClearMsg) error { show(deletedEvent(m)); return nil })
	irc.On(client, func(_ context.Context, m *irc.Whisper) error { show(whisperEvent(m)); return nil })
	irc.On(client, func(_ context.Context, s *irc.UserState) error { c.state(s); return nil })
	irc.On(client, func(_ context.Context, r *irc.RoomState) error {
		if c.modes(r) {
			show(&chatEvent{kind: chatModes, at: time.Now(), channel: r.Channel, modes: r})
		}
		return nil
	})
	irc.On(client, func(_ context.Context, n *irc.Notice) error {
		if n.Channel != "" && !c.toldOtherwise(n.Kind) {
			show(&chatEvent{kind: chatFromSite, at: time.Now(), channel: n.Channel, text: n.Text})
		}
		return nil
	})
}

// toldOtherwise reports whether the user learns about a notice in another way: by the
// failure of a message or of joining a channel, or from the chat's modes.
func (c *conversation) toldOtherwise(kind string) bool {
	for _, prefix := range []string{"msg_", "slow_", "followers_", "subs_", "emote_only_", "r9k_", "tos_ban"} {
		if strings.HasPrefix(kind, prefix) {
			return true
		}
	}
	return false
}

// state remembers the user's badges and colour in a channel.
func (c *conversation) state(s *irc.UserState) {
	as := irc.PrivMsg{Chatter: s.Chatter, Channel: s.Channel}
	me := as.Chat().Chatter
	c.rooms.in(s.Channel, func(r *chatRoom) { r.me = me })
}

// modes reports whether chat modes are to be shown: all changes, and what is on when the
// channel is joined for the first time.
func (c *conversation) modes(r *irc.RoomState) bool {
	if !r.Has(irc.RoomSlow) || !r.Has(irc.RoomEmoteOnly) { // only what changed
		return r.Has(irc.RoomSlow) || r.Has(irc.RoomEmoteOnly) || r.Has(irc.RoomFollowersOnly) || r.Has(irc.RoomSubsOnly) || r.Has(irc.RoomUnique)
	}
	first := false
	known := c.rooms.in(r.Channel, func(room *chatRoom) {
		first, room.moded = !room.moded, true
		if room.id == "" {
			room.id = strings.Clone(r.BroadcasterID)
		}
	})
	return known && first && (c.f.json || anyMode(r))
}

// own returns a message of the user: what is written over IRC, Twitch does not send back.
func (c *conversation) own(line outgoingLine, ids []string) *chat.Message {
	m := &chat.Message{Broadcaster: line.channel, Text: chat.OneLine(line.text), Action: line.action}
	if len(ids) > 0 {
		m.ID = ids[0]
	}
	c.rooms.in(line.channel.Login, func(r *chatRoom) { m.Chatter = r.me })
	m.Chatter.User = chat.User{ID: c.account.user.ID, Login: c.account.user.Login, Name: m.Chatter.Name}
	if parent, ok := c.rooms.byID(line.replyTo); ok {
		m.Reply = &chat.Parent{MessageID: line.replyTo, Chatter: chat.User{Login: parent.login}, Text: parent.text}
	}
	return m
}
