package emulator

import (
	"errors"
	"fmt"
	"strings"

	"github.com/larkspur-dev/larkspur/emulator/internal/world"
)

// A ChatNotice is a notice in chat that stands for nothing else: an anniversary, a watch
// streak, a badge, a gift that goes on, and so on.
type ChatNotice struct {
	// Kind is the msg-id of IRC's USERNOTICE, such as "modiversary"; [NoticeKinds] returns
	// those with usual parameters. Any other has only the parameters in Params.
	Kind      string
	From      string            // login of the user who gave the gift; "": anonymous, or none
	Recipient string            // login; "": the community, or none
	Text      string            // what the user wrote with it; often ""
	Params    map[string]string // in place of the usual ones; without "msg-param-"
}

// NoticeKinds returns the kinds of [ChatNotice] with usual parameters, sorted. Subscriptions,
// gifts, raids, announcements and donations have methods of their own.
func NoticeKinds() []string { return world.NoticeKinds() }

// Notice shows a notice about a user in a channel's chat: a USERNOTICE over IRC, and
// channel.chat.notification if EventSub has the kind.
func (s *Server) Notice(channel, user string, n ChatNotice) {
	s.fail("notice", s.notice(channel, user, n))
}

func (s *Server) notice(channel, user string, n ChatNotice) error {
	return s.pair(channel, user, func(b, u string) error {
		made := world.NewNotice{Kind: n.Kind, UserID: u, Text: n.Text, Params: n.Params}
		for login, id := range map[string]*string{n.From: &made.FromID, n.Recipient: &made.RecipientID} {
			if login == "" {
				continue
			}
			other, err := s.person(login)
			if err != nil {
				return err
			}
			*id = other.ID
		}
		return s.world.Notify(b, made)
	})
}

// Announce has a moderator make an announcement. Color is "primary", "blue", "green",
// "orange", "purple" or "", which is "primary".
func (s *Server) Announce(channel, moderator, text, color string) {
	s.fail("announce", s.announce(channel, moderator, text, color))
}

func (s *Server) announce(channel, moderator, text, color string) error {
	return s.pair(channel, moderator, func(b, m string) error { return s.world.Announce(b, m, text, color) })
}

// AnnounceRaid announces a raid, which arrives after 90 seconds, or with [Server.Raid].
func (s *Server) AnnounceRaid(from, to string) { s.fail("announce raid", s.announceRaid(from, to)) }

func (s *Server) announceRaid(from, to string) error {
	return s.pair(from, to, func(f, t string) error {
		_, err := s.world.StartRaid(f, t)
		return err
	})
}

// CancelRaid takes back a raid that was announced.
func (s *Server) CancelRaid(from string) { s.fail("cancel raid", s.cancelRaid(from)) }

func (s *Server) cancelRaid(from string) error {
	return s.pair(from, from, func(f, _ string) error { return s.world.CancelRaid(f) })
}

// Whisper has a user whisper to another.
func (s *Server) Whisper(from, to, text string) { s.fail("whisper", s.whisper(from, to, text)) }

func (s *Server) whisper(from, to, text string) error {
	return s.pair(from, to, func(f, t string) error { return s.world.Whisper(f, t, text) })
}

// SendLine sends a line of IRC, as it is, to all connections in a channel's chat. It changes
// nothing in the world. Connections without tags get it without its tags.
func (s *Server) SendLine(channel, line string) { s.fail("line", s.sendLine(channel, line)) }

func (s *Server) sendLine(channel, line string) error {
	if line == "" || strings.ContainsAny(line, "\r\n\x00") {
		return errors.New("a line must have text and no line break")
	}
	return s.pair(channel, channel, func(b, _ string) error { return s.world.Replay(b, line) })
}

// noticeVerbs are what chat tells beside messages.
var noticeVerbs = []verb{
	{"notice", "broadcaster user kind from? recipient? text? set?", "Chat shows a notice about a user; kind is a msg-id such as modiversary, and each set is a parameter, without msg-param-.", "broadcaster=ada user=grace kind=modiversary set=months=24", func(s *Server, o order) (any, error) {
		n := ChatNotice{Kind: o.Kind, From: o.From, Recipient: o.Recipient, Text: o.Text, Params: map[string]string{}}
		for _, set := range o.Set {
			key, value, found := strings.Cut(set, "=")
			if !found {
				return nil, fmt.Errorf("set %q: want NAME=VALUE", set)
			}
			n.Params[key] = value
		}
		return nil, s.notice(o.Broadcaster, o.User, n)
	}},
	{"announce", "broadcaster text moderator? kind?", "A moderator makes an announcement, the broadcaster unless one is given; kind is the color.", "broadcaster=ada text='Back in five minutes' kind=blue", func(s *Server, o order) (any, error) {
		if o.Moderator == "" {
			o.Moderator = o.Broadcaster
		}
		return nil, s.announce(o.Broadcaster, o.Moderator, o.Text, o.Kind)
	}},
	{"announce-raid", "broadcaster user", "The channel of user is going to raid that of broadcaster, in 90 seconds.", "broadcaster=ada user=grace", func(s *Server, o order) (any, error) { return nil, s.announceRaid(o.User, o.Broadcaster) }},
	{"cancel-raid", "user", "The channel of user takes its raid back.", "user=grace", func(s *Server, o order) (any, error) { return nil, s.cancelRaid(o.User) }},
	{"whisper", "user recipient text", "A user whispers to another.", "user=grace recipient=mybot text='are you there?'", func(s *Server, o order) (any, error) {
		return nil, s.whisper(o.User, o.Recipient, o.Text)
	}},
	{"line", "broadcaster text", "A line of IRC is sent as it is to all connections in a channel.", "broadcaster=ada text='@msg-id=host_on :tmi.twitch.tv NOTICE #ada :Now hosting grace.'", func(s *Server, o order) (any, error) {
		return nil, s.sendLine(o.Broadcaster, o.Text)
	}},
}
