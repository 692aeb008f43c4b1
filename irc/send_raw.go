package irc

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"unicode/utf8"

	"github.com/larkspur-dev/larkspur/chat"
)

// maxRaw bounds the bytes of a line that is sent, with its tags.
const maxRaw = 8191

// ErrBadLine means that [Client.Raw] or [Client.Carrier] cannot send a line.
var ErrBadLine = errors.New("irc: not a line that can be sent")

// Raw sends a line "[@tags] PRIVMSG #channel :text" as it is: the text is neither cleaned
// nor varied. The limits, the queue and the outcome are those of [Client.Say], and so is
// the condition that the client keeps the channel joined.
//
// A text that begins with a chat command is a [*CommandError], except "/me" and ".me".
// Other lines are [ErrBadLine]: text with a line end or NUL, one that is not UTF-8, and
// all other commands, which the client sends itself.
func (c *Client) Raw(ctx context.Context, line string) error {
	m, err := parseRaw(line)
	if err != nil {
		return err
	}
	channel, _ := cleanLogin(m.Channel())
	nonce := m.Tags.Get("client-nonce")
	_, err = c.sender.Do(ctx, chat.Outgoing{Channel: chat.User{Login: channel}, Text: m.Text()},
		func(ctx context.Context, _ chat.Outgoing) (string, error) {
			return c.privmsg(ctx, channel, nonce, line)
		})
	return err
}

// parseRaw checks a line of [Client.Raw].
func parseRaw(line string) (Message, error) {
	bad := func(reason string) (Message, error) { return Message{}, fmt.Errorf("%w: %s", ErrBadLine, reason) }
	switch {
	case strings.ContainsAny(line, "\r\n\x00"):
		return bad("it contains a line end or NUL")
	case !utf8.ValidString(line):
		return bad("it is not UTF-8")
	case len(line) > maxRaw:
		return bad("it is too long")
	}
	m, err := Parse(line)
	if err != nil {
		return Message{}, fmt.Errorf("%w: %w", ErrBadLine, err)
	}
	_, isChannel := cleanLogin(m.Channel())
	text := m.Text()
	switch {
	case m.Command != "PRIVMSG":
		return bad("the client itself sends all commands but PRIVMSG; see Join and Part")
	case m.Source != "":
		return bad("it has a source")
	case !isChannel:
		return bad("it names no channel")
	case strings.TrimSpace(text) == "":
		return Message{}, chat.ErrEmpty
	case chat.Length(text) > chat.MaxLength:
		return Message{}, chat.ErrTooLong
	}
	return m, checkCommand(text)
}
