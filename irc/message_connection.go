package irc

// A Ping asks whether the connection is alive. The client answers it.
type Ping struct {
	Text string

	Raw Line
}

// Command returns "PING".
func (*Ping) Command() string { return "PING" }

// Decode reads a PING.
func (p *Ping) Decode(m *Message) error {
	*p = Ping{Raw: Line(m.Line), Text: m.Param(0)}
	return nil
}

// A Pong answers a PING of the client. The client uses it to find out whether the
// connection is alive.
type Pong struct {
	Text string // the text of the PING

	Raw Line
}

// Command returns "PONG".
func (*Pong) Command() string { return "PONG" }

// Decode reads a PONG.
func (p *Pong) Decode(m *Message) error {
	*p = Pong{Raw: Line(m.Line), Text: m.Text()}
	return nil
}

// A Reconnect is sent before Twitch closes the connection. The client moves to a new
// connection.
type Reconnect struct {
	Raw Line
}

// Command returns "RECONNECT".
func (*Reconnect) Command() string { return "RECONNECT" }

// Decode reads a RECONNECT.
func (r *Reconnect) Decode(m *Message) error {
	*r = Reconnect{Raw: Line(m.Line)}
	return nil
}

// A Cap answers the client's request for capabilities.
type Cap struct {
	Kind         string   // "ACK": granted; "NAK": refused; "LS": what there is
	Capabilities []string // "twitch.tv/tags" …

	Raw Line
}

// Command returns "CAP".
func (*Cap) Command() string { return "CAP" }

// Decode reads a CAP.
func (c *Cap) Decode(m *Message) error {
	*c = Cap{Raw: Line(m.Line), Kind: m.Param(1), Capabilities: list(m.Text(), " ")}
	if c.Kind == "" {
		return missing(m.Command, "a kind")
	}
	return nil
}
