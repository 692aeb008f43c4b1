package irc

import (
	"strings"
	"time"
)

// A UserNotice is sent for subscriptions, gifts, raids, announcements and so on. Use
// Param to read the parameters of one kind.
type UserNotice struct {
	Chatter

	ID            string
	Kind          string // "sub", "resub", "subgift", "raid" …; an open set
	Channel       string
	BroadcasterID string
	System        string // Twitch's own sentence: "Ada subscribed at Tier 1."
	Text          string // the text that the chatter attached, or ""
	Emotes        Emotes
	SentAt        time.Time
	Shared        Shared // zero outside of a shared chat session

	Raw Message
}

// Command returns "USERNOTICE".
func (*UserNotice) Command() string { return "USERNOTICE" }

// FromShared reports whether the notice comes from another channel of a shared chat
// session. Shared.Kind is its kind in that channel.
func (u *UserNotice) FromShared() bool {
	return u.Shared.BroadcasterID != "" && u.Shared.BroadcasterID != u.BroadcasterID
}

// Param returns a parameter of the kind by its name behind "msg-param-":
// Param("viewerCount") of a raid, Param("sub-plan") of a subscription.
func (u *UserNotice) Param(name string) string {
	for rest := string(u.Raw.Tags); rest != ""; {
		var k, v string
		k, v, rest = nextTag(rest)
		if n, ok := strings.CutPrefix(k, "msg-param-"); ok && n == name {
			return unescape(v)
		}
	}
	return ""
}

// Number is like [UserNotice.Param] for numbers. It returns 0 if the value is not one.
func (u *UserNotice) Number(name string) int { return number(u.Param(name)) }

// Decode reads a USERNOTICE.
func (u *UserNotice) Decode(m *Message) error {
	*u = UserNotice{Raw: *m}
	u.Channel, u.Text = m.channelText()
	if u.Channel == "" {
		return missing(m.Command, "a channel")
	}
	for rest := string(m.Tags); rest != ""; {
		var k, v string
		k, v, rest = nextTag(rest)
		u.tag(k, v)
	}
	if u.Kind == "sharedchatnotice" && u.Shared.Kind != "" {
		u.Kind = u.Shared.Kind
	}
	if u.DisplayName == "" {
		u.DisplayName = u.Login
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
		if !u.Chatter.tag(k, v) {
			u.Shared.tag(k, v)
		}
	}
}
