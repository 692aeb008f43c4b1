package irc

import "time"

// A ClearChat is sent when messages are removed: those of a chatter who was banned or
// timed out, or all messages.
type ClearChat struct {
	Channel       string
	BroadcasterID string
	Login         string        // login of the banned or timed out chatter; "" if the whole chat was cleared
	UserID        string        // ID of that chatter, or ""
	Duration      time.Duration // of a timeout; 0 for a ban
	SentAt        time.Time

	Raw Message
}

// Command returns "CLEARCHAT".
func (*ClearChat) Command() string { return "CLEARCHAT" }

// Decode reads a CLEARCHAT.
func (c *ClearChat) Decode(m *Message) error {
	*c = ClearChat{Raw: *m}
	c.Channel, c.Login = m.channelText()
	if c.Channel == "" {
		return missing(m.Command, "a channel")
	}
	c.BroadcasterID = m.Tags.Get("room-id")
	c.UserID = m.Tags.Get("target-user-id")
	c.Duration = time.Duration(number(m.Tags.Get("ban-duration"))) * time.Second
	c.SentAt = millis(m.Tags.Get("tmi-sent-ts"))
	return nil
}

// A ClearMsg is sent when one message is deleted.
type ClearMsg struct {
	MessageID     string
	Channel       string
	BroadcasterID string // may be ""
	Login         string // login of the author
	Text          string // the message
	SentAt        time.Time

	Raw Message
}

// Command returns "CLEARMSG".
func (*ClearMsg) Command() string { return "CLEARMSG" }

// Decode reads a CLEARMSG.
func (c *ClearMsg) Decode(m *Message) error {
	*c = ClearMsg{Raw: *m}
	c.Channel, c.Text = m.channelText()
	if c.Channel == "" {
		return missing(m.Command, "a channel")
	}
	c.MessageID = m.Tags.Get("target-msg-id")
	c.BroadcasterID = m.Tags.Get("room-id")
	c.Login = m.Tags.Get("login")
	c.SentAt = millis(m.Tags.Get("tmi-sent-ts"))
	return nil
}

// A Notice is a message from Twitch to this connection: a message was not sent, a chat
// mode changed, or the login failed.
type Notice struct {
	Kind    string // "msg_duplicate", "slow_on" …; "" before the login
	Channel string // "" before the login
	Text    string

	Raw Message
}

// Command returns "NOTICE".
func (*Notice) Command() string { return "NOTICE" }

// Decode reads a NOTICE.
func (n *Notice) Decode(m *Message) error {
	*n = Notice{Raw: *m, Kind: m.Tags.Get("msg-id")}
	n.Channel, n.Text = m.channelText()
	return nil
}

// A Whisper is a private message to the logged-in user.
type Whisper struct {
	Chatter

	ID       string
	To       string // login of the receiver
	Text     string
	Emotes   Emotes
	ThreadID string

	Raw Message
}

// Command returns "WHISPER".
func (*Whisper) Command() string { return "WHISPER" }

// Decode reads a WHISPER.
func (w *Whisper) Decode(m *Message) error {
	*w = Whisper{Raw: *m, To: m.Param(0), Text: m.Text()}
	w.Login = m.Nick()
	m.Tags.raw(func(k, v string) {
		switch k {
		case "message-id":
			w.ID = v
		case "thread-id":
			w.ThreadID = v
		case "emotes":
			w.Emotes = Emotes(v)
		default:
			w.tag(k, v)
		}
	})
	if w.Login == "" {
		return missing(m.Command, "a sender")
	}
	if w.DisplayName == "" {
		w.DisplayName = w.Login
	}
	return nil
}
