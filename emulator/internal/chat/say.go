package chat

import (
	"context"
	"errors"
	"slices"
	"strings"

	"github.com/larkspur-dev/larkspur/emulator/internal/world"
)

// A post is a message that a connection hands to the world.
type post struct {
	from *client
	what world.Post
}

// say is PRIVMSG. The sender gets a USERSTATE with the message's id, or a
// NOTICE that says why it was dropped; never the message itself.
func (c *client) say(ctx context.Context, l line) {
	s := c.server
	login, ok := channelLogin(l.param(0))
	text := strings.TrimRight(l.param(1), " ")
	if !ok || text == "" || c.anonymous { // Twitch drops what anonymous clients say without a word
		return
	}
	broadcaster, ok := s.world.UserByLogin(login)
	if !ok { // Twitch says nothing about a channel that never existed
		return
	}
	if !slices.Contains(c.grant.Scopes, "chat:edit") {
		c.notice(login, "no_permission", "You don't have permission to perform that action.")
		return
	}
	p := world.Post{BroadcasterID: broadcaster.ID, SenderID: c.user.ID, ClientNonce: l.tags["client-nonce"]}
	if p.Text, p.Action, ok = action(text); !ok {
		command, _, _ := strings.Cut(text, " ")
		c.notice(login, "unrecognized_cmd", "Unrecognized command: "+command)
		return
	}
	if parent := l.tags["reply-parent-msg-id"]; parent != "" {
		if _, found := s.world.Message(broadcaster.ID, parent); found {
			p.ReplyTo = parent
		}
	}
	m, err := s.post(c, p)
	if drop, dropped := errors.AsType[*world.DropError](err); dropped {
		if drop.Silent {
			s.log.WarnContext(ctx, "chat message dropped: over the limit", "login", c.user.Login, "channel", login)
			return
		}
		c.sendInRoom(broadcaster.ID, newNotice(login, drop.Code, drop.Text), capCommands)
		return
	}
	if err != nil {
		s.log.DebugContext(ctx, "chat message refused", "login", c.user.Login, "error", err)
		return
	}
	c.sendInRoom(broadcaster.ID, newMessage(c.stateTags(broadcaster.ID, m.ID, p.ClientNonce), ":"+host+" USERSTATE #"+login), capCommands)
}

// post hands a message to the world. Others get it before post returns.
func (s *Server) post(c *client, p world.Post) (world.ChatMessage, error) {
	s.posting.Lock()
	defer s.posting.Unlock()
	s.poster.Store(&post{c, p})
	defer s.poster.Store(nil)
	return s.world.PostChat(p)
}

// author returns the connection that a message came from, if it was one, once.
func (s *Server) author(m *world.ChatMessage) *client {
	p := s.poster.Load()
	if p == nil || p.what.SenderID != m.Sender.ID || p.what.BroadcasterID != m.BroadcasterID ||
		p.what.ClientNonce != m.ClientNonce || !strings.HasPrefix(p.what.Text, m.Text) {
		return nil
	}
	s.poster.CompareAndSwap(p, nil)
	return p.from
}

// action takes apart the two ways to say /me. It reports false for other
// commands: Twitch serves those through Helix only.
func action(text string) (said string, isAction, ok bool) {
	if inner, found := strings.CutPrefix(text, "\x01ACTION "); found {
		return strings.TrimSuffix(inner, "\x01"), true, true
	}
	if text[0] != '/' && text[0] != '.' {
		return text, false, true
	}
	command, rest, _ := strings.Cut(text[1:], " ")
	switch {
	case strings.EqualFold(command, "me") && rest != "":
		return rest, true, true
	case command == "" || !isLetter(command[0]): // "...", "/ hello"
		return text, false, true
	}
	return "", false, false
}

func isLetter(b byte) bool { return b|0x20 >= 'a' && b|0x20 <= 'z' }
