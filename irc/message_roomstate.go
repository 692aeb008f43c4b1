package irc

import (
	"strings"
	"time"
)

// A RoomState holds the chat modes of a channel: all of them after joining, later only
// those that changed. Use Has to find out which ones are set in the message.
type RoomState struct {
	Channel       string
	BroadcasterID string
	EmoteOnly     bool
	FollowersOnly time.Duration // how long a chatter must have followed; negative: off
	Unique        bool          // repeated messages are refused ("r9k")
	Slow          time.Duration // between two messages of one chatter; 0: off
	SubsOnly      bool

	Raw Message
}

// Command returns "ROOMSTATE".
func (*RoomState) Command() string { return "ROOMSTATE" }

// Has reports whether the message contains a mode, by the name of its tag:
// "emote-only", "followers-only", "r9k", "slow", "subs-only".
func (r *RoomState) Has(mode string) bool {
	_, ok := r.Raw.Tags.Lookup(mode)
	return ok
}

// Decode reads a ROOMSTATE.
func (r *RoomState) Decode(m *Message) error {
	*r = RoomState{Raw: *m, Channel: m.Channel(), FollowersOnly: -1}
	if r.Channel == "" {
		return missing(m.Command, "a channel")
	}
	for k, v := range m.Tags.All() {
		switch k {
		case "room-id":
			r.BroadcasterID = v
		case "emote-only":
			r.EmoteOnly = v == "1"
		case "followers-only":
			if n := number(v); n >= 0 {
				r.FollowersOnly = time.Duration(n) * time.Minute
			}
		case "r9k":
			r.Unique = v == "1"
		case "slow":
			r.Slow = time.Duration(number(v)) * time.Second
		case "subs-only":
			r.SubsOnly = v == "1"
		}
	}
	return nil
}

// A UserState describes the logged-in user in a channel. It is sent after joining and
// after each accepted message.
type UserState struct {
	Chatter

	Channel   string
	EmoteSets []string
	MessageID string // of the message that was accepted, if it follows one
	Nonce     string // client-nonce of that message

	Raw Message
}

// Command returns "USERSTATE".
func (*UserState) Command() string { return "USERSTATE" }

// Decode reads a USERSTATE.
func (u *UserState) Decode(m *Message) error {
	*u = UserState{Raw: *m, Channel: m.Channel()}
	if u.Channel == "" {
		return missing(m.Command, "a channel")
	}
	m.Tags.raw(func(k, v string) {
		switch k {
		case "emote-sets":
			u.EmoteSets = strings.FieldsFunc(v, isComma)
		case "id":
			u.MessageID = v
		case "client-nonce":
			u.Nonce = unescape(v)
		default:
			u.tag(k, v)
		}
	})
	return nil
}

// A GlobalUserState describes the logged-in user. It is sent once after the login, and
// not on anonymous connections.
type GlobalUserState struct {
	Chatter

	EmoteSets []string

	Raw Message
}

// Command returns "GLOBALUSERSTATE".
func (*GlobalUserState) Command() string { return "GLOBALUSERSTATE" }

// Decode reads a GLOBALUSERSTATE.
func (g *GlobalUserState) Decode(m *Message) error {
	*g = GlobalUserState{Raw: *m}
	m.Tags.raw(func(k, v string) {
		if k == "emote-sets" {
			g.EmoteSets = strings.FieldsFunc(v, isComma)
			return
		}
		g.tag(k, v)
	})
	return nil
}

func isComma(r rune) bool { return r == ',' }
