package irc

import (
	"strings"
	"time"
)

// A PrivMsg is a chat message. What only some messages have is read from the line at each
// call of a method, such as [PrivMsg.Reply] and [PrivMsg.Shared].
type PrivMsg struct {
	Chatter

	ID            string
	Channel       string // login of the channel
	BroadcasterID string
	Text          string // without the wrapper of /me
	Kind          string // one of the Kind constants or another msg-id; "" for a usual message
	RewardID      string // ID of the custom reward that was redeemed with this text, or ""
	Emotes        Emotes
	SentAt        time.Time
	Bits          int  // sum of the cheers in the message
	Action        bool // written with /me
	EmoteOnly     bool // the text consists of emotes only
	FirstMessage  bool // the first message of the chatter in this channel
	Returning     bool // Twitch's mark for a new chatter who came back

	Raw Line
}

// The kinds of a [PrivMsg]. Other ones may appear.
const (
	KindHighlighted     = "highlighted-message"       // redeemed with channel points
	KindSubOnly         = "skip-subs-mode-message"    // written in sub-only mode, with channel points
	KindUserIntro       = "user-intro"                // the chatter introduces themself
	KindGigantified     = "gigantified-emote-message" // a Power-up: the last emote is shown large
	KindAnimatedMessage = "animated-message"          // a Power-up; see [PrivMsg.Animation]
)

// Command returns "PRIVMSG".
func (*PrivMsg) Command() string { return "PRIVMSG" }

// Decode reads a PRIVMSG. It allocates only for values with escapes.
func (p *PrivMsg) Decode(m *Message) error {
	*p = PrivMsg{}
	return p.fill(m)
}

// fill is Decode into a zero value.
func (p *PrivMsg) fill(m *Message) error {
	p.Raw = Line(m.Line)
	p.Channel, p.Text = m.channelText()
	p.Login = m.Nick()
	if p.Channel == "" {
		return missing(m.Command, "a channel")
	}
	if p.Text != "" && p.Text[0] == '\x01' {
		p.action()
	}
	p.tags(string(m.Tags))
	if p.DisplayName == "" {
		p.DisplayName = p.Login
	}
	return nil
}

// action takes the wrapper of /me off the text.
func (p *PrivMsg) action() {
	if text, ok := strings.CutPrefix(p.Text, "\x01ACTION"); ok {
		p.Text = strings.TrimSuffix(strings.TrimPrefix(text, " "), "\x01")
		p.Action = true
	}
}

// Keep returns a copy of the message as it was received, which shares no memory with it. A
// handler of [OnReused] needs it to keep a message. A message that was not parsed, but made
// by the caller, has no line in Raw: its copy has the same strings.
func (p *PrivMsg) Keep() *PrivMsg {
	var m Message
	if m.cut(strings.Clone(string(p.Raw))) != nil {
		return new(*p)
	}
	kept := new(PrivMsg)
	_ = kept.fill(&m) // it was decoded before
	return kept
}
