package irc

// A Join tells that a chatter came in. Others than the logged-in user are told
// only with Options.Membership, late, and not in large channels.
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

// A Part tells that a chatter left, under the same conditions as [Join].
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

// A Ping asks whether the connection is alive. The client answers it by itself.
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

// A Reconnect tells that Twitch will close the connection soon. The client moves
// to a new one by itself.
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
	Channel string // "" where it is about none
	Text    string

	Raw Message
}

// numeric is the command under which the handlers of all numbers are filed.
const numeric = "NUMERIC"

// Command returns "NUMERIC", which stands for all numbers.
func (*Numeric) Command() string { return numeric }

// Decode reads a numeric reply.
func (n *Numeric) Decode(m *Message) error {
	*n = Numeric{Raw: *m, Code: number(m.Command)}
	n.Channel, n.Text = m.channelText()
	return nil
}
