package irc

import (
	"strings"
	"time"
)

// A UserNotice is sent for subscriptions, gifts, raids, announcements and so on. Each
// kind has a method that returns its parameters:
//
//	if r, ok := n.Raid(); ok {
//		fmt.Println(r.From.Login, r.Viewers)
//	}
//
// These methods search the line at each call. [UserNotice.Param] reads parameters of
// kinds without a method.
type UserNotice struct {
	Chatter

	ID            string
	Kind          string // one of the Kind constants: [KindSub], [KindRaid] …; others may appear
	Channel       string
	BroadcasterID string
	System        string // Twitch's own sentence: "Ada subscribed at Tier 1."; "" for an announcement
	Text          string // the text that the chatter attached, or ""
	Emotes        Emotes // in Text
	SentAt        time.Time

	Raw Line
}

// Command returns "USERNOTICE".
func (*UserNotice) Command() string { return "USERNOTICE" }

// Shared returns where the notice comes from. It is false outside of a shared chat
// session.
func (u *UserNotice) Shared() (Shared, bool) { return u.Raw.Tags().shared() }

// FromShared reports whether the notice comes from another channel of a shared chat
// session. Kind is its kind in that channel.
func (u *UserNotice) FromShared() bool {
	s, ok := u.Shared()
	return ok && s.BroadcasterID != u.BroadcasterID
}

// Flags returns the parts of the text that Twitch's moderation found.
func (u *UserNotice) Flags() Flags { return Flags(u.Raw.Tags().Get("flags")) }

// Param returns a parameter of the kind by its name behind "msg-param-":
// Param("viewerCount") of a raid, Param("sub-plan") of a subscription.
func (u *UserNotice) Param(name string) (value string) {
	u.params(func(k, v string) {
		if k == name {
			value = unescape(v)
		}
	})
	return value
}

// Number is like [UserNotice.Param] for numbers. It returns 0 if the value is not one.
func (u *UserNotice) Number(name string) int { return number(u.Param(name)) }

// params calls f for every parameter, with the escapes still in the value.
func (u *UserNotice) params(f func(k, v string)) {
	u.Raw.Tags().raw(func(k, v string) {
		if name, ok := strings.CutPrefix(k, "msg-param-"); ok {
			f(name, v)
		}
	})
}

// Decode reads a USERNOTICE.
func (u *UserNotice) Decode(m *Message) error {
	*u = UserNotice{Raw: Line(m.Line)}
	u.Channel, u.Text = m.channelText()
	if u.Channel == "" {
		return missing(m.Command, "a channel")
	}
	for rest := string(m.Tags); rest != ""; {
		var k, v string
		k, v, rest = nextTag(rest)
		u.tag(k, v)
	}
	if u.Kind == "sharedchatnotice" {
		if kind := m.Tags.Get("source-msg-id"); kind != "" {
			u.Kind = kind
		}
	}
	if u.DisplayName == "" {
		u.DisplayName = u.Login
	}
	if u.Kind == KindModiversary && u.System != "" && !strings.HasPrefix(u.System, u.DisplayName) {
		u.System = u.DisplayName + " " + u.System // Twitch sends "has been a moderator for …"
	}
	return nil
}

func (u *UserNotice) tag(k, v string) {
	if v == "" || strings.HasPrefix(k, "msg-param-") {
		return
	}
	switch k {
	case "id":
		u.ID = v
	case "msg-id":
		u.Kind = v
	case "login":
		u.Login = v
	case "room-id":
		u.BroadcasterID = v
	case "system-msg":
		u.System = unescape(v)
	case "emotes":
		u.Emotes = Emotes(v)
	case "tmi-sent-ts":
		u.SentAt = millis(v)
	default:
		u.Chatter.tag(k, v)
	}
}
