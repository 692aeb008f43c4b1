package irc

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"strings"
	"time"

	"github.com/larkspur-dev/larkspur/chat"
)

// answerWithin is how long Twitch may take to answer a message.
const answerWithin = 5 * time.Second

// Carrier returns the way to write to chat over this client, for [chat.NewSender]. A
// sender made with it has limits of its own: use [Client.Sender] instead, unless the
// program sends over Helix too and has one sender for both.
func (c *Client) Carrier() chat.Carrier { return carrier{c} }

// A carrier hands messages to the connection that is in their channel.
type carrier struct{ c *Client }

// Carry implements [chat.Carrier]. A text with a line end or NUL is [ErrBadLine].
func (c carrier) Carry(ctx context.Context, m chat.Outgoing) (string, error) {
	login, ok := cleanLogin(m.Channel.Login)
	if !ok {
		return "", fmt.Errorf("%w: %q", ErrBadLogin, m.Channel.Login)
	}
	if strings.ContainsAny(m.Text, "\r\n\x00") { // a sender removes them; other callers may not
		return "", fmt.Errorf("%w: it contains a line end or NUL", ErrBadLine)
	}
	text := m.Text
	if m.Action {
		text = "\x01ACTION " + text + "\x01"
	}
	nonce := fmt.Sprintf("%016x", rand.Uint64())
	tags := "@client-nonce=" + nonce
	if m.ReplyTo != "" {
		tags += ";reply-parent-msg-id=" + escapeTag(m.ReplyTo)
	}
	return c.c.privmsg(ctx, login, nonce, tags+" PRIVMSG #"+login+" :"+text)
}

// Ready implements the readiness that [chat.Carrier] describes.
func (c carrier) Ready(channel chat.User) error {
	login, ok := cleanLogin(channel.Login)
	switch {
	case !ok:
		return fmt.Errorf("%w: %q", ErrBadLogin, channel.Login)
	case c.c.o.Token == nil:
		return ErrAnonymous
	case c.c.outbox.isClosed():
		return ErrStopped
	case !c.c.isWanted(login):
		return fmt.Errorf("%w: %s", ErrNotWanted, login)
	case c.c.linkIn(login) == nil:
		return chat.ErrNotReady
	}
	return nil
}

// Changed implements the readiness that [chat.Carrier] describes.
func (c carrier) Changed() <-chan struct{} { return c.c.outbox.change() }

// Roles returns what the account is in a channel, as the latest USERSTATE says.
func (c carrier) Roles(channel chat.User) (chat.Roles, bool) {
	login, _ := cleanLogin(channel.Login)
	return c.c.outbox.rolesIn(login)
}

// Account returns the account that the client logs in as.
func (c carrier) Account() chat.User { return chat.User{Login: c.c.login()} }

// privmsg writes the line of a PRIVMSG and waits for Twitch's answer. nonce is the value of
// its tag client-nonce.
func (c *Client) privmsg(ctx context.Context, channel, nonce, line string) (messageID string, err error) {
	l := c.linkIn(channel)
	if l == nil {
		return "", chat.ErrNotReady
	}
	p := &pending{channel: channel, nonce: nonce, answer: make(chan answer, 1)}
	c.outbox.expect(p)
	defer c.outbox.forget(p)
	if err := l.send(ctx, line); err != nil {
		if errors.Is(err, errNotHanded) {
			return "", chat.ErrNotReady
		}
		return "", err
	}
	timer := time.NewTimer(answerWithin)
	defer timer.Stop()
	select {
	case a := <-p.answer:
		return a.id, a.err
	case <-l.done:
	case <-timer.C:
	case <-ctx.Done():
	}
	select {
	case a := <-p.answer:
		return a.id, a.err
	default:
		return "", chat.ErrUnknownOutcome
	}
}
