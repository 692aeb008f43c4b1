package irc

import (
	"strings"
	"time"
)

// A UserNotice tells of something a chatter did: a subscription, a gift, a raid,
// an announcement … What belongs to one kind only is read with Param.
type UserNotice struct {
	Chatter

	ID            string
	Kind          string // "sub", "resub", "subgift", "raid" …; an open set
	Channel       string
	BroadcasterID string
	System        string // Twitch's own sentence: "Ada subscribed at Tier 1."
	Text          string // what the chatter wrote, if anything
	Emotes        Emotes
	SentAt        time.Time
	Shared        Shared // zero if no shared chat session runs

	Raw Message
}

// Command returns "USERNOTICE".
func (*UserNotice) Command() string { return "USERNOTICE" }

// FromShared tells whether it happened in another channel of a shared chat
// session. Kind is the kind it had there.
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

// Number is [UserNotice.Param] for numbers; what is none is 0.
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
