package irc

import "strings"

// A UserState describes the logged-in user in a channel. It is sent after joining and
// after each accepted message.
type UserState struct {
	Chatter

	Channel   string
	EmoteSets []string
	MessageID string // of the message that was accepted, if it follows one
	Nonce     string // client-nonce of that message

	Raw Line
}

// Command returns "USERSTATE".
func (*UserState) Command() string { return "USERSTATE" }

// Decode reads a USERSTATE.
func (u *UserState) Decode(m *Message) error {
	*u = UserState{Raw: Line(m.Line), Channel: m.Channel()}
	if u.Channel == "" {
		return missing(m.Command, "a channel")
	}
	m.Tags.raw(func(k, v string) {
		switch k {
		case "emote-sets":
			u.EmoteSets = list(v, ",")
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

	Raw Line
}

// Command returns "GLOBALUSERSTATE".
func (*GlobalUserState) Command() string { return "GLOBALUSERSTATE" }

// Decode reads a GLOBALUSERSTATE.
func (g *GlobalUserState) Decode(m *Message) error {
	*g = GlobalUserState{Raw: Line(m.Line)}
	m.Tags.raw(func(k, v string) {
		if k == "emote-sets" {
			g.EmoteSets = list(v, ",")
			return
		}
		g.tag(k, v)
	})
	return nil
}

// list splits a value at separators. Empty parts are left out.
func list(v, separators string) []string {
	return strings.FieldsFunc(v, func(r rune) bool { return strings.ContainsRune(separators, r) })
}
