package irc

import (
	"iter"
	"strings"
)

// A Message is one parsed line of IRC. Its strings are substrings of Line.
type Message struct {
	Line    string // the line as it arrived, without its end
	Tags    Tags   // the text between "@" and the first space
	Source  string // the sender: "ada!ada@ada.tmi.twitch.tv" or "tmi.twitch.tv"
	Command string // "PRIVMSG", "001" …

	params string
}

// Nick returns the login in the source: "ada" of "ada!ada@ada.tmi.twitch.tv". It
// is "" when the source is a server.
func (m *Message) Nick() string {
	nick, _, ok := cutByte(m.Source, '!')
	if !ok {
		return ""
	}
	return nick
}

// Param returns the i-th parameter, counted from 0, or "".
func (m *Message) Param(i int) string {
	for p := range m.Params() {
		if i == 0 {
			return p
		}
		i--
	}
	return ""
}

// Params yields the parameters in order. The last one may contain spaces.
func (m *Message) Params() iter.Seq[string] {
	return func(yield func(string) bool) {
		for rest := m.params; ; {
			var p string
			p, rest = nextParam(rest)
			if p == "" && rest == "" {
				return
			}
			if !yield(strings.TrimPrefix(p, ":")) {
				return
			}
		}
	}
}

// nextParam cuts the first parameter off rest. A last parameter keeps its colon.
func nextParam(rest string) (param, tail string) {
	rest = trimSpaces(rest)
	if rest == "" || rest[0] == ':' {
		return rest, ""
	}
	param, tail, _ = cutByte(rest, ' ')
	return param, tail
}

// Channel returns the login of the channel that the message belongs to, or "".
func (m *Message) Channel() string {
	channel, _ := m.channelText()
	return channel
}

// Text returns the last parameter if it stands behind a colon, or "". It is the
// text of the message where there is one.
func (m *Message) Text() string {
	if text, ok := strings.CutPrefix(m.params, ":"); ok {
		return text
	}
	if _, text, ok := strings.Cut(m.params, " :"); ok {
		return text
	}
	return ""
}

// channelText is Channel and Text in one pass, fast for the usual form "#channel :text".
func (m *Message) channelText() (channel, text string) {
	if p := m.params; len(p) > 1 && p[0] == '#' {
		if i := strings.IndexByte(p, ' '); i > 1 && i+1 < len(p) && p[i+1] == ':' {
			return p[1:i], p[i+2:]
		}
	}
	for p := range m.Params() { // 353 and 366 have the channel further back
		if len(p) > 1 && p[0] == '#' && strings.IndexByte(p, ' ') < 0 {
			return p[1:], m.Text()
		}
	}
	return "", m.Text()
}
