package irc

// A HostTarget told that a channel shows another one. Twitch ended hosting in October
// 2022; the message is found in old logs.
type HostTarget struct {
	Channel string // the channel that hosts
	Target  string // login of the channel that is shown; "" when hosting ends
	Viewers int    // 0 if unknown

	Raw Line
}

// Command returns "HOSTTARGET".
func (*HostTarget) Command() string { return "HOSTTARGET" }

// Decode reads a HOSTTARGET.
func (h *HostTarget) Decode(m *Message) error {
	*h = HostTarget{Raw: Line(m.Line)}
	var text string
	if h.Channel, text = m.channelText(); h.Channel == "" {
		return missing(m.Command, "a channel")
	}
	target, viewers, _ := cutByte(text, ' ')
	if target != "-" {
		h.Target = target
	}
	h.Viewers = number(viewers)
	return nil
}

// A ModeChange told that a user became a moderator of a channel, or is none any more.
// Twitch does not send it today; the message is found in old logs.
type ModeChange struct {
	Channel   string
	Login     string
	Moderator bool

	Raw Line
}

// Command returns "MODE".
func (*ModeChange) Command() string { return "MODE" }

// Decode reads a MODE.
func (c *ModeChange) Decode(m *Message) error {
	*c = ModeChange{Raw: Line(m.Line), Channel: m.Channel(), Moderator: m.Param(1) == "+o", Login: m.Param(2)}
	if c.Channel == "" {
		return missing(m.Command, "a channel")
	}
	return nil
}
