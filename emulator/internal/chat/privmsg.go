package chat

import (
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/larkspur-dev/larkspur/emulator/internal/world"
)

// privmsg renders a chat message. It is for deliver only, whose scratch it uses:
// chat is most of what the emulator says, so its tags are written without a list.
func (s *Server) privmsg(b world.User, m *world.ChatMessage) *message {
	u := &m.Sender
	emotes, only := emoteTags(m.Text)
	info, badges := badgeTags(m.Badges)
	t := s.scratch[:0]
	before, after := "@badge-info=", ""
	if id := m.AnimationID(); id != "" { // tags are sorted
		t = appendTag(t, "@animation-id=", id)
		before = ";badge-info="
	}
	t = appendTag(t, before, info)
	t = appendTag(t, ";badges=", badges)
	if m.Bits > 0 {
		t = strconv.AppendInt(append(t, ";bits="...), int64(m.Bits), 10)
	}
	t = appendOptional(t, ";client-nonce=", m.ClientNonce)
	t = appendTag(t, ";color=", u.Color)
	t = appendOptional(t, ";custom-reward-id=", m.RewardID)
	t = appendTag(t, ";display-name=", u.DisplayName)
	if only {
		t = append(t, ";emote-only=1"...)
	}
	t = appendTag(t, ";emotes=", emotes)
	copied := m.Source != nil && m.Source.Broadcaster.ID != b.ID
	if !copied {
		t = appendFlag(t, ";first-msg=", m.First)
	}
	if m.Flags == "" {
		t = append(t, ";flags="...)
	} else {
		t = appendTag(t, ";flags=", m.Flags)
	}
	t = appendTag(t, ";id=", m.ID)
	t = appendFlag(t, ";mod=", m.Moderator)
	if m.Automatic != "" {
		t = appendTag(t, ";msg-id=", messageKinds[m.Automatic])
	}
	if r := m.Reply; r != nil {
		t = appendTag(t, ";reply-parent-display-name=", r.Parent.Sender.DisplayName)
		t = appendTag(t, ";reply-parent-msg-body=", r.Parent.Text)
		t = appendTag(t, ";reply-parent-msg-id=", r.Parent.ID)
		t = appendTag(t, ";reply-parent-user-id=", r.Parent.Sender.ID)
		t = appendTag(t, ";reply-parent-user-login=", r.Parent.Sender.Login)
		t = appendTag(t, ";reply-thread-parent-display-name=", r.Thread.Sender.DisplayName)
		t = appendTag(t, ";reply-thread-parent-msg-id=", r.Thread.ID)
		t = appendTag(t, ";reply-thread-parent-user-id=", r.Thread.Sender.ID)
		t = appendTag(t, ";reply-thread-parent-user-login=", r.Thread.Sender.Login)
	}
	switch {
	case copied:
		t = appendTag(t, ";room-id=", b.ID)
	case m.Returning:
		t = appendTag(t, ";returning-chatter=1;room-id=", b.ID)
	default:
		t = appendTag(t, ";returning-chatter=0;room-id=", b.ID)
	}
	if m.Source != nil {
		t = appendSource(t, m.Source)
	}
	t = appendFlag(t, ";subscriber=", m.Subscriber)
	t = strconv.AppendInt(append(t, ";tmi-sent-ts="...), m.Time.UnixMilli(), 10)
	if u.Turbo {
		t = appendTag(t, ";turbo=1;user-id=", u.ID)
	} else {
		t = appendTag(t, ";turbo=0;user-id=", u.ID)
	}
	t = appendTag(t, ";user-type=", userType(*u, m.Moderator))
	if m.VIP { // absent for all others
		t = append(t, ";vip=1"...)
	}
	s.scratch = append(t, ' ')
	if before = " :"; m.Action {
		before, after = " :\x01ACTION ", "\x01"
	}
	return withTags(s.scratch, ":", u.Login, "!", u.Login, "@", u.Login, "."+host+" PRIVMSG #", b.Login, before, m.Text, after)
}

// messageKinds are the msg-ids of messages that were paid for.
var messageKinds = map[world.AutomaticReward]string{
	world.HighlightedMessage: "highlighted-message",
	world.SubModeBypass:      "skip-subs-mode-message",
	world.MessageEffect:      "animated-message",
	world.GigantifyEmote:     "gigantified-emote-message",
}

// appendSource appends the tags of a message in a shared chat.
func appendSource(t []byte, from *world.Source) []byte {
	info, badges := badgeTags(from.Badges)
	t = appendTag(t, ";source-badge-info=", info)
	t = appendTag(t, ";source-badges=", badges)
	t = appendTag(t, ";source-id=", from.ID)
	t = appendFlag(t, ";source-only=", from.Only)
	return appendTag(t, ";source-room-id=", from.Broadcaster.ID)
}

// stateTags are the tags of a USERSTATE: after JOIN, or after a message of the
// client with the message's id.
func (c *client) stateTags(broadcasterID, messageID, nonce string) tagList {
	w := c.server.world
	u, _ := w.UserByID(c.user.ID) // the colour may have changed since the login
	badges := w.Badges(broadcasterID, u.ID)
	mod := w.Has(broadcasterID, world.Moderator, u.ID)
	info, shown := badgeTags(badges)
	tags := tagList{{"badge-info", info}, {"badges", shown}}
	tags.optional("client-nonce", nonce)
	tags.add("color", u.Color)
	tags.add("display-name", u.DisplayName)
	tags.add("emote-sets", "0")
	tags.optional("id", messageID)
	tags.flag("mod", mod)
	tags.flag("subscriber", hasBadge(badges, "subscriber"))
	tags.flag("turbo", u.Turbo)
	tags.add("user-type", userType(u, mod))
	return tags
}

// badgeTags returns the values of the tags badge-info and badges.
func badgeTags(badges []world.Badge) (info, shown string) {
	for _, b := range badges {
		if b.Info != "" {
			info = joined(info, ",", b.SetID+"/"+b.Info)
		}
		shown = joined(shown, ",", b.SetID+"/"+b.ID)
	}
	return info, shown
}

// joined adds an element to a list, which is a string already.
func joined(list, sep, element string) string {
	if list == "" {
		return element
	}
	return list + sep + element
}

func hasBadge(badges []world.Badge, set string) bool {
	return slices.ContainsFunc(badges, func(b world.Badge) bool { return b.SetID == set })
}

func userType(u world.User, mod bool) string {
	if u.Type == "" && mod {
		return "mod"
	}
	return u.Type
}

// emoteTags returns the emotes tag: each emote with where it stands in the
// text, in code points, both ends included. It also reports whether the text
// holds nothing but emotes.
func emoteTags(text string) (emotes string, only bool) {
	var order []string
	var at map[string]string // most messages have none
	only = true
	for start := 0; start < len(text); {
		word, _, _ := strings.Cut(text[start:], " ")
		if e, ok := world.EmoteNamed(word); ok {
			position := utf8.RuneCountInString(text[:start])
			span := strconv.Itoa(position) + "-" + strconv.Itoa(position+utf8.RuneCountInString(word)-1)
			if at == nil {
				at = map[string]string{}
			}
			if at[e.ID] == "" {
				order = append(order, e.ID)
			}
			at[e.ID] = joined(at[e.ID], ",", span)
		} else if only && strings.TrimSpace(word) != "" {
			only = false
		}
		start += len(word) + 1
	}
	for _, id := range order {
		emotes = joined(emotes, "/", id+":"+at[id])
	}
	return emotes, only && emotes != ""
}
