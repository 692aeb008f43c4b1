package chat

import (
	"strconv"
	"strings"
)

const host = "tmi.twitch.tv"

// A tagList is the tags of one message in the order in which they are written.
// Twitch sorts them by key; whoever builds a list keeps to that.
type tagList []tag

type tag struct{ key, value string }

func (t *tagList) add(key, value string) { *t = append(*t, tag{key, value}) }

func (t *tagList) number(key string, n int64) { t.add(key, strconv.FormatInt(n, 10)) }

func (t *tagList) flag(key string, set bool) {
	value := "0"
	if set {
		value = "1"
	}
	t.add(key, value)
}

// optional adds the tag unless its value is empty.
func (t *tagList) optional(key, value string) {
	if value != "" {
		t.add(key, value)
	}
}

var escaper = strings.NewReplacer(`\`, `\\`, ";", `\:`, " ", `\s`, "\r", `\r`, "\n", `\n`)

// A message is a line for clients, in both shapes that clients may have asked
// for. It is rendered once and shared by all connections.
type message struct {
	tagged []byte // with tags, with line end
	plain  []byte // without
}

// newMessage renders a line: tags, then body, which is everything from the
// prefix on. Line breaks in the body would let one message become two, so they
// turn into spaces.
func newMessage(tags tagList, body string) *message {
	if strings.ContainsAny(body, "\r\n\x00") {
		body = lineBreaks.Replace(body)
	}
	size := len(body) + 2
	for _, t := range tags {
		size += len(t.key) + len(t.value) + 8
	}
	b := make([]byte, 0, size)
	for i, t := range tags {
		if i == 0 {
			b = append(b, '@')
		} else {
			b = append(b, ';')
		}
		b = append(b, t.key...)
		b = append(b, '=')
		if strings.ContainsAny(t.value, "\\; \r\n") {
			b = append(b, escaper.Replace(t.value)...)
		} else {
			b = append(b, t.value...)
		}
	}
	if len(tags) > 0 {
		b = append(b, ' ')
	}
	start := len(b)
	b = append(b, body...)
	b = append(b, '\r', '\n')
	return &message{tagged: b, plain: b[start:]}
}

var lineBreaks = strings.NewReplacer("\r", " ", "\n", " ", "\x00", "")

// rawMessage is a line that comes from elsewhere as it stands.
func rawMessage(s string) *message {
	if strings.ContainsAny(s, "\r\n\x00") {
		s = lineBreaks.Replace(s)
	}
	b := append([]byte(s), '\r', '\n')
	m := &message{tagged: b, plain: b}
	if strings.HasPrefix(s, "@") {
		if tags, _, found := strings.Cut(s, " "); found {
			m.plain = b[len(tags)+1:]
		}
	}
	return m
}

// bytes returns the shape for a client with or without the tags capability.
func (m *message) bytes(tags bool) []byte {
	if tags {
		return m.tagged
	}
	return m.plain
}

// userPrefix is how a user signs what they do in chat.
func userPrefix(login string) string {
	return ":" + login + "!" + login + "@" + login + "." + host
}
