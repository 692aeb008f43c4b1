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

	Raw Line
}

// Command returns "CLEARCHAT".
func (*ClearChat) Command() string { return "CLEARCHAT" }

// Decode reads a CLEARCHAT.
func (c *ClearChat) Decode(m *Message) error {
	*c = ClearChat{Raw: Line(m.Line)}
	c.Channel, c.Login = m.channelText()
	if c.Channel == "" {
		return missing(m.Command, "a channel")
	}
	c.BroadcasterID = m.Tags.Get("room-id")
	c.UserID = m.Tags.Get("target-user-id")
	c.Duration = max(span(m.Tags.Get("ban-duration"), time.Second), 0)
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

	Raw Line
}

// Command returns "CLEARMSG".
func (*ClearMsg) Command() string { return "CLEARMSG" }

// Decode reads a CLEARMSG.
func (c *ClearMsg) Decode(m *Message) error {
	*c = ClearMsg{Raw: Line(m.Line)}
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
