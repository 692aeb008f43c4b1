package irc

import "strings"

// String returns the line of the message, without a line end. For a message that was
// parsed it is the same line, except that spaces between its parts are single.
func (m Message) String() string { return string(m.AppendTo(make([]byte, 0, len(m.Line)))) }

// AppendTo appends the line of the message to b, without a line end. It writes Tags,
// Source and Command as they are; use [Parts] to make a message of parts that are not
// known to be correct.
func (m *Message) AppendTo(b []byte) []byte {
	if m.Tags != "" {
		b = append(b, '@')
		b = append(b, m.Tags...)
		b = append(b, ' ')
	}
	if m.Source != "" {
		b = append(b, ':')
		b = append(b, m.Source...)
		b = append(b, ' ')
	}
	b = append(b, m.Command...)
	if m.params != "" {
		b = append(b, ' ')
		b = append(b, m.params...)
	}
	return b
}

// Parts are what a [Message] is made of, for tools and tests:
//
//	m, err := irc.Parts{
//		Tags:    []irc.Tag{{Key: "color", Value: "#1E90FF"}},
//		Source:  "ada!ada@ada.tmi.twitch.tv",
//		Command: "PRIVMSG",
//		Params:  []string{"#ada"},
//		Text:    "hello",
//	}.Message()
type Parts struct {
	Tags    []Tag    // in the order in which they are written
	Source  string   // "" if there is none
	Command string   // letters or three digits
	Params  []string // the last one may be empty or contain spaces if Text is ""
	Text    string   // the last parameter, behind a colon; "" if there is none
}

// A Tag is a tag of a message. Value has no escapes.
type Tag struct {
	Key   string
	Value string
}

// Message builds the message. The error is a [*ParseError] if the parts cannot be written
// as one line: a key with a sign that separates tags, a space in a parameter, a line end.
// A tag with a line end is written with escapes.
func (p Parts) Message() (Message, error) {
	var b []byte
	for i, tag := range p.Tags {
		if tag.Key == "" || strings.ContainsAny(tag.Key, "=; \r\n\x00") || strings.Contains(tag.Value, "\x00") {
			return Message{}, &ParseError{Reason: "a tag that cannot be written", Offset: -1}
		}
		b = append(b, "@;"[min(i, 1)])
		b = append(b, tag.Key...)
		b = append(b, '=')
		b = append(b, escapeTag(tag.Value)...)
	}
	if len(p.Tags) > 0 {
		b = append(b, ' ')
	}
	if p.Source != "" {
		b = append(b, ':')
		b = append(b, p.Source...)
		b = append(b, ' ')
	}
	b = append(b, p.Command...)
	for i, param := range p.Params {
		b = append(b, ' ')
		if param == "" || param[0] == ':' || strings.Contains(param, " ") {
			if i+1 < len(p.Params) || p.Text != "" {
				return Message{}, &ParseError{Reason: "a parameter that is empty or contains a space is not the last one", Offset: -1}
			}
			b = append(b, ':')
		}
		b = append(b, param...)
	}
	if p.Text != "" {
		b = append(b, " :"...)
		b = append(b, p.Text...)
	}
	if strings.ContainsAny(p.Source, " ") || strings.ContainsAny(p.Command, " :@") || p.Command == "" {
		return Message{}, &ParseError{Reason: "a source or command that cannot be written", Offset: -1}
	}
	line := string(b)
	if strings.ContainsAny(line, "\r\n\x00") { // Parse would cut a line end off
		return Message{}, &ParseError{Reason: "line end or NUL inside the line", Offset: -1}
	}
	return Parse(line)
}

// Parts takes the message apart. It is the reverse of [Parts.Message]; that Params and Text
// are apart tells whether the last parameter stands behind a colon.
func (m *Message) Parts() Parts {
	p := Parts{Source: m.Source, Command: m.Command, Text: m.Text()}
	for k, v := range m.Tags.All() {
		p.Tags = append(p.Tags, Tag{Key: k, Value: v})
	}
	for param := range m.Params() {
		p.Params = append(p.Params, param)
	}
	if p.Text != "" {
		p.Params = p.Params[:len(p.Params)-1]
	}
	return p
}
