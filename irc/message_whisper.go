package irc

// A Whisper is a private message to the logged-in user.
type Whisper struct {
	Chatter

	ID       string
	To       string // login of the receiver
	Text     string
	Emotes   Emotes
	ThreadID string

	Raw Line
}

// Command returns "WHISPER".
func (*Whisper) Command() string { return "WHISPER" }

// Decode reads a WHISPER.
func (w *Whisper) Decode(m *Message) error {
	*w = Whisper{Raw: Line(m.Line), To: m.Param(0), Text: m.Text()}
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
