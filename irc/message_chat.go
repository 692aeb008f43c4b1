package irc

import (
	"strings"

	"github.com/larkspur-dev/larkspur/chat"
)

// Chat returns the message in the form that does not depend on IRC. It is made anew
// at every call. Its strings are those of p: in a handler of [OnReused], use p.Keep().Chat()
// for a message that is kept or passed to another goroutine. Its fragments tell emotes from
// text; IRC does not say what is a cheer or who is mentioned.
//
// The chatter's roles come from badges and ids and, for a message that was written in
// this channel, from the tags mod, subscriber and vip: a moderator without the badge
// is a moderator.
func (p *PrivMsg) Chat() *chat.Message {
	m := &chat.Message{
		ID:          p.ID,
		Broadcaster: chat.User{ID: p.BroadcasterID, Login: p.Channel},
		Chatter: chat.Chatter{
			User:   chat.User{ID: p.UserID, Login: p.Login, Name: p.DisplayName},
			Color:  p.Color,
			Badges: p.Badges.chat(p.BadgeInfo),
		},
		Text: p.Text, Fragments: p.Emotes.fragments(p.Text),
		Kind: chatKind(p.Kind), Action: p.Action, Bits: p.Bits, RewardID: p.RewardID,
		FirstMessage: p.FirstMessage, Returning: p.Returning, Nonce: p.Nonce(),
		SentAt: p.SentAt, Raw: string(p.Raw),
	}
	if m.Kind == chat.KindMessageEffect {
		m.Animation = p.Animation()
	}
	m.Chatter.Roles = chat.RolesOf(p.UserID, p.BroadcasterID, m.Chatter.Badges)
	var r Parent
	var s Shared
	p.Raw.Tags().rare(&r, &s)
	if r.ID != "" {
		m.Reply = &chat.Parent{
			MessageID: r.ID, Chatter: chat.User{ID: r.UserID, Login: r.Login, Name: r.DisplayName}, Text: r.Text,
			ThreadID: r.ThreadID, ThreadUser: chat.User{ID: r.ThreadUserID, Login: r.ThreadLogin, Name: r.ThreadDisplayName},
		}
	}
	if s.BroadcasterID != "" {
		m.Source = &chat.Source{
			MessageID: s.MessageID, Broadcaster: chat.User{ID: s.BroadcasterID},
			Badges: s.Badges.chat(s.BadgeInfo), Only: s.Only,
		}
	}
	if !m.FromOtherChannel() {
		m.Chatter.Roles |= p.tagRoles()
	}
	return m
}

// tagRoles returns the roles that tags of their own state.
func (c *Chatter) tagRoles() (roles chat.Roles) {
	if c.Moderator {
		roles |= chat.Moderator
	}
	if c.Subscriber {
		roles |= chat.Subscriber
	}
	if c.VIP {
		roles |= chat.VIP
	}
	return roles
}

// chat returns the badges with the exact months that info has for them.
func (b Badges) chat(info Badges) []chat.Badge {
	if b == "" {
		return nil
	}
	badges := make([]chat.Badge, 0, strings.Count(string(b), ",")+1)
	for badge := range b.All() {
		badges = append(badges, chat.Badge{Set: badge.Set, Version: badge.Version, Info: info.Version(badge.Set)})
	}
	return badges
}

// chatKind translates the msg-id of a PRIVMSG into EventSub's name.
func chatKind(kind string) chat.Kind {
	switch kind {
	case "":
		return chat.KindText
	case KindHighlighted:
		return chat.KindHighlighted
	case KindSubOnly:
		return chat.KindSubOnly
	case KindUserIntro:
		return chat.KindUserIntro
	case KindAnimatedMessage:
		return chat.KindMessageEffect
	case KindGigantified:
		return chat.KindGigantifiedEmote
	default:
		return chat.Kind(kind)
	}
}

// fragments cuts the text at its emotes. Ranges that overlap or lie outside the text
// are left out.
func (e Emotes) fragments(text string) []chat.Fragment {
	if text == "" {
		return nil
	}
	if e == "" {
		return []chat.Fragment{{Kind: chat.FragmentText, Text: text}}
	}
	var few [8]Emote
	uses := e.sorted(few[:0])
	most := min(len(uses), len(text)) // a fragment has a byte at least
	fragments, emotes := make([]chat.Fragment, 0, 2*most+1), make([]chat.Emote, 0, most)
	at, rest := 0, text // at counts the code points in front of rest
	for _, emote := range uses {
		if emote.Start < at {
			continue
		}
		start := byteOffset(rest, emote.Start-at)
		end := start + byteOffset(rest[start:], emote.End-emote.Start)
		if start == end {
			break
		}
		if start > 0 {
			fragments = append(fragments, chat.Fragment{Kind: chat.FragmentText, Text: rest[:start]})
		}
		emotes = append(emotes, chat.Emote{ID: emote.ID})
		fragments = append(fragments, chat.Fragment{Kind: chat.FragmentEmote, Text: rest[start:end], Emote: &emotes[len(emotes)-1]})
		at, rest = emote.End, rest[end:]
	}
	if rest != "" {
		fragments = append(fragments, chat.Fragment{Kind: chat.FragmentText, Text: rest})
	}
	return fragments
}
