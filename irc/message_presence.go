package irc

// A Join is sent when a chatter joins a channel. For chatters other than the logged-in
// user it is sent only with Options.Membership, delayed, and not in large channels.
type Join struct {
	Channel string
	Login   string

	Raw Line
}

// Command returns "JOIN".
func (*Join) Command() string { return "JOIN" }

// Decode reads a JOIN.
func (j *Join) Decode(m *Message) error {
	*j = Join{Raw: Line(m.Line), Channel: m.Channel(), Login: m.Nick()}
	if j.Channel == "" {
		return missing(m.Command, "a channel")
	}
	return nil
}

// A Part is sent when a chatter leaves a channel, under the same conditions as [Join].
type Part struct {
	Channel string
	Login   string

	Raw Line
}

// Command returns "PART".
func (*Part) Command() string { return "PART" }

// Decode reads a PART.
func (p *Part) Decode(m *Message) error {
	*p = Part{Raw: Line(m.Line), Channel: m.Channel(), Login: m.Nick()}
	if p.Channel == "" {
		return missing(m.Command, "a channel")
	}
	return nil
}
