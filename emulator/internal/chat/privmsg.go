package chat

import (
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/larkspur-dev/larkspur/emulator/internal/world"
)

// privmsg renders a chat message.
func (s *Server) privmsg(b world.User, m *world.ChatMessage) *message {
	u := m.Sender
	emotes, only := emoteTags(s.world.Fragments(*m))
	tags := make(tagList, 0, 32)
	tags.badges(m.Badges)
	if m.Bits > 0 {
		tags.number("bits", int64(m.Bits))
	}
	tags.optional("client-nonce", m.ClientNonce)
	tags.add("color", u.Color)
	tags.optional("custom-reward-id", m.RewardID)
	tags.add("display-name", u.DisplayName)
	if only {
		tags.flag("emote-only", true)
	}
	tags.add("emotes", emotes)
	tags.flag("first-msg", m.First)
	tags.add("flags", "")
	tags.add("id", m.ID)
	tags.flag("mod", m.Moderator)
	if r := m.Reply; r != nil {
		tags.add("reply-parent-display-name", r.Parent.Sender.DisplayName)
		tags.add("reply-parent-msg-body", r.Parent.Text)
		tags.add("reply-parent-msg-id", r.Parent.ID)
		tags.add("reply-parent-user-id", r.Parent.Sender.ID)
		tags.add("reply-parent-user-login", r.Parent.Sender.Login)
		tags.add("reply-thread-parent-display-name", r.Thread.Sender.DisplayName)
		tags.add("reply-thread-parent-msg-id", r.Thread.ID)
		tags.add("reply-thread-parent-user-id", r.Thread.Sender.ID)
		tags.add("reply-thread-parent-user-login", r.Thread.Sender.Login)
	}
	tags.flag("returning-chatter", false)
	tags.add("room-id", b.ID)
	tags.flag("subscriber", m.Subscriber)
	tags.number("tmi-sent-ts", m.Time.UnixMilli())
	tags.flag("turbo", false)
	tags.add("user-id", u.ID)
	tags.add("user-type", userType(u, m.Moderator))
	if m.VIP { // absent for everybody else
		tags.flag("vip", true)
	}
	text := m.Text
	if m.Action {
		text = "\x01ACTION " + text + "\x01"
	}
	return newMessage(tags, userPrefix(u.Login)+" PRIVMSG #"+b.Login+" :"+text)
}

// stateTags are the tags of a USERSTATE: after JOIN, or after a message of the
// client with the message's id.
func (c *client) stateTags(broadcasterID, messageID, nonce string) tagList {
	w := c.server.world
	u, _ := w.UserByID(c.user.ID) // the colour may have changed since the login
	badges := w.Badges(broadcasterID, u.ID)
	mod := w.Has(broadcasterID, world.Moderator, u.ID)
	var tags tagList
	tags.badges(badges)
	tags.optional("client-nonce", nonce)
	tags.add("color", u.Color)
	tags.add("display-name", u.DisplayName)
	tags.add("emote-sets", "0")
	tags.optional("id", messageID)
	tags.flag("mod", mod)
	tags.flag("subscriber", hasBadge(badges, "subscriber"))
	tags.add("user-type", userType(u, mod))
	return tags
}

// badges adds the two tags that tell of badges.
func (t *tagList) badges(badges []world.Badge) {
	var info, shown []string
	for _, b := range badges {
		if b.Info != "" {
			info = append(info, b.SetID+"/"+b.Info)
		}
		shown = append(shown, b.SetID+"/"+b.ID)
	}
	t.add("badge-info", strings.Join(info, ","))
	t.add("badges", strings.Join(shown, ","))
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
// text, in code points, both ends included. It also tells whether the text
// holds nothing but emotes.
func emoteTags(fragments []world.Fragment) (emotes string, only bool) {
	var order []string
	at := map[string]string{}
	only = len(fragments) > 0
	position := 0
	for _, f := range fragments {
		length := utf8.RuneCountInString(f.Text)
		if f.Type == "emote" {
			span := strconv.Itoa(position) + "-" + strconv.Itoa(position+length-1)
			if at[f.EmoteID] == "" {
				order = append(order, f.EmoteID)
				at[f.EmoteID] = span
			} else {
				at[f.EmoteID] += "," + span
			}
		} else if strings.TrimSpace(f.Text) != "" {
			only = false
		}
		position += length
	}
	for i, id := range order {
		order[i] = id + ":" + at[id]
	}
	return strings.Join(order, "/"), only && len(order) > 0
}
