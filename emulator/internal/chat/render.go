package chat

import (
	"bytes"
	"strconv"
	"strings"
)

const host = "tmi.twitch.tv"

// A tagList is the tags of one message in the order in which they are written.
// Twitch sorts them by key, and so must all callers.
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

// A message is a line for clients, in both shapes that clients may have asked
// for. It is rendered once and shared by all connections.
type message struct {
	tagged []byte // with tags, with line end
	plain  []byte // without
}

// newMessage renders a line: tags, then body, which is everything from the prefix
// on. Line breaks in the body would let one message become two, so they turn into
// spaces.
func newMessage(tags tagList, body string) *message {
	var b []byte
	for i, t := range tags {
		if i == 0 {
			b = append(b, '@')
		} else {
			b = append(b, ';')
		}
		b = append(b, t.key...)
		b = appendTag(b, "=", t.value)
	}
	if len(tags) > 0 {
		b = append(b, ' ')
	}
	return withTags(b, body)
}

// withTags is newMessage for tags that are written already, with the space behind
// them, and a body in pieces.
func withTags(tags []byte, body ...string) *message {
	size := len(tags) + 2
	for _, part := range body {
		size += len(part)
	}
	b := append(make([]byte, 0, size), tags...)
	for _, part := range body {
		b = append(b, part...)
	}
	b = append(oneLine(b, len(tags)), '\r', '\n')
	return &message{tagged: b, plain: b[len(tags):]}
}

var lineBreaks = strings.NewReplacer("\r", " ", "\n", " ", "\x00", "")

// oneLine replaces the line breaks that are in b from start on.
func oneLine(b []byte, start int) []byte {
	for _, c := range [...]byte{'\r', '\n', 0} {
		if bytes.IndexByte(b[start:], c) >= 0 {
			return append(b[:start], lineBreaks.Replace(string(b[start:]))...)
		}
	}
	return b
}

// appendTag appends a key, which comes with its separators, and a value, which is
// escaped. Few have anything to escape.
func appendTag(b []byte, key, value string) []byte {
	b = append(b, key...)
	from := 0
	for i := range len(value) {
		var escape byte
		switch value[i] {
		case '\\':
			escape = '\\'
		case ';':
			escape = ':'
		case ' ':
			escape = 's'
		case '\r':
			escape = 'r'
		case '\n':
			escape = 'n'
		default:
			continue
		}
		b = append(append(b, value[from:i]...), '\\', escape)
		from = i + 1
	}
	return append(b, value[from:]...)
}

// appendOptional appends the tag unless its value is empty.
func appendOptional(b []byte, key, value string) []byte {
	if value == "" {
		return b
	}
	return appendTag(b, key, value)
}

func appendFlag(b []byte, key string, set bool) []byte {
	b = append(b, key...)
	if set {
		return append(b, '1')
	}
	return append(b, '0')
}

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
