package irc

// A Join is sent when a chatter joins a channel. For chatters other than the logged-in
// user it is sent only with Options.Membership, delayed, and not in large channels.
type Join struct {
	Channel string
	Login   string

	Raw Message
}

// Command returns "JOIN".
func (*Join) Command() string { return "JOIN" }

// Decode reads a JOIN.
func (j *Join) Decode(m *Message) error {
	*j = Join{Raw: *m, Channel: m.Channel(), Login: m.Nick()}
	if j.Channel == "" {
		return missing(m.Command, "a channel")
	}
	return nil
}

// A Part is sent when a chatter leaves a channel, under the same conditions as [Join].
type Part struct {
	Channel string
	Login   string

	Raw Message
}

// Command returns "PART".
func (*Part) Command() string { return "PART" }

// Decode reads a PART.
func (p *Part) Decode(m *Message) error {
	*p = Part{Raw: *m, Channel: m.Channel(), Login: m.Nick()}
	if p.Channel == "" {
		return missing(m.Command, "a channel")
	}
	return nil
}

// A Ping asks whether the connection is alive. The client answers it.
type Ping struct {
	Text string

	Raw Message
}

// Command returns "PING".
func (*Ping) Command() string { return "PING" }

// Decode reads a PING.
func (p *Ping) Decode(m *Message) error {
	*p = Ping{Raw: *m, Text: m.Param(0)}
	return nil
}

// A Reconnect is sent before Twitch closes the connection. The client moves to a new
// connection.
type Reconnect struct {
	Raw Message
}

// Command returns "RECONNECT".
func (*Reconnect) Command() string { return "RECONNECT" }

// Decode reads a RECONNECT.
func (r *Reconnect) Decode(m *Message) error {
	*r = Reconnect{Raw: *m}
	return nil
}

// A Numeric is a reply of the server with a number: 001 after the login, 353 and
// 366 for the list of names, 421 for a command it does not know.
type Numeric struct {
	Code    int
	Channel string // "" if the reply is not about a channel
	Text    string

	Raw Message
}

// numeric is the command under which handlers of numeric replies are registered.
const numeric = "NUMERIC"

// Command returns "NUMERIC", which stands for all numbers.
func (*Numeric) Command() string { return numeric }

// Decode reads a numeric reply.
func (n *Numeric) Decode(m *Message) error {
	*n = Numeric{Raw: *m, Code: number(m.Command)}
	n.Channel, n.Text = m.channelText()
	return nil
}
