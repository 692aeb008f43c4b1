package irc

import (
	"strings"
	"time"
)

// A PrivMsg is a chat message.
type PrivMsg struct {
	Chatter

	ID            string
	Channel       string // login of the channel
	BroadcasterID string
	Text          string // without the wrapper of /me
	Action        bool   // written with /me
	SentAt        time.Time
	Emotes        Emotes
	EmoteOnly     bool // the text consists of emotes only
	Bits          int  // sum of the cheers in the message
	FirstMessage  bool // the first message of the chatter in this channel
	Returning     bool
	Kind          string // "highlighted-message" …; "" for a usual message
	RewardID      string // ID of the custom reward that was redeemed with this text, or ""
	Nonce         string // client-nonce that the sender attached
	Reply         Parent // zero if the message is not a reply
	Shared        Shared // zero outside of a shared chat session

	Raw Message
}

// A Parent is the message that a reply answers.
type Parent struct {
	ID          string
	UserID      string
	Login       string
	DisplayName string
	Text        string
	ThreadID    string // ID of the first message of the thread
	ThreadLogin string // login of its author
}

// Command returns "PRIVMSG".
func (*PrivMsg) Command() string { return "PRIVMSG" }

// Decode reads a PRIVMSG. It allocates only for values with escapes.
func (p *PrivMsg) Decode(m *Message) error {
	*p = PrivMsg{}
	return p.fill(m)
}

// fill is Decode into a zero value.
func (p *PrivMsg) fill(m *Message) error {
	p.Raw = *m
	p.Channel, p.Text = m.channelText()
	p.Login = m.Nick()
	if p.Channel == "" {
		return missing(m.Command, "a channel")
	}
	if text, ok := strings.CutPrefix(p.Text, "\x01ACTION"); ok {
		p.Text = strings.TrimSuffix(strings.TrimPrefix(text, " "), "\x01")
		p.Action = true
	}
	p.tags(string(m.Tags))
	if p.DisplayName == "" {
		p.DisplayName = p.Login
	}
	return nil
}

func (r *Parent) tag(k, v string) {
	switch k {
	case "reply-parent-msg-id":
		r.ID = v
	case "reply-parent-user-id":
		r.UserID = v
	case "reply-parent-user-login":
		r.Login = v
	case "reply-parent-display-name":
		r.DisplayName = unescape(v)
	case "reply-parent-msg-body":
		r.Text = unescape(v)
	case "reply-thread-parent-msg-id":
		r.ThreadID = v
	case "reply-thread-parent-user-login":
		r.ThreadLogin = v
	}
}
