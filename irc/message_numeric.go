package irc

// A Numeric is a reply of the server with a number: 001 after the login, 353 and
// 366 for the list of names, 421 for a command it does not know.
type Numeric struct {
	Code    int
	Channel string // "" if the reply is not about a channel
	Text    string

	Raw Line
}

// The codes of a [Numeric] that Twitch sends: those from 1 to 4 and from 372 to 376 after
// the login, the others later.
const (
	NumericWelcome        = 1
	NumericHost           = 2
	NumericCreated        = 3
	NumericInfo           = 4
	NumericNames          = 353 // who is in a channel; see [Numeric.Names]
	NumericEndOfNames     = 366
	NumericMotd           = 372
	NumericMotdStart      = 375
	NumericEndOfMotd      = 376
	NumericUnknownCommand = 421 // see [Numeric.UnknownCommand]
)

// Names returns the logins of a [NumericNames], and nil for other codes. Twitch sends one
// such message or more after joining, then a [NumericEndOfNames]. In large channels it
// names the logged-in user only.
func (n *Numeric) Names() []string {
	if n.Code != NumericNames {
		return nil
	}
	return list(n.Text, " ")
}

// UnknownCommand returns the command of a [NumericUnknownCommand].
func (n *Numeric) UnknownCommand() (command string, ok bool) {
	if n.Code != NumericUnknownCommand {
		return "", false
	}
	m := n.Raw.Message()
	return m.Param(1), true
}

// numeric is the command under which handlers of numeric replies are registered.
const numeric = "NUMERIC"

// Command returns "NUMERIC", which stands for all numbers.
func (*Numeric) Command() string { return numeric }

// Decode reads a numeric reply.
func (n *Numeric) Decode(m *Message) error {
	*n = Numeric{Raw: Line(m.Line), Code: number(m.Command)}
	n.Channel, n.Text = m.channelText()
	return nil
}
