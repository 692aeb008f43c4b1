package irc

import (
	"context"
	"fmt"

	"github.com/larkspur-dev/larkspur/chat"
)

// Sender returns the sender that Say, Reply, Act, SayLong and Raw use, for messages with a
// priority for example. It stays below Twitch's limits for the account; see [chat.Sender].
func (c *Client) Sender() *chat.Sender { return c.sender }

// Say sends text to the chat of a channel that the client keeps joined, and returns when
// Twitch has answered: nil means that the message was accepted, a [*chat.DroppedError]
// that Twitch did not show it. The error is [chat.ErrUnknownOutcome] if the connection was
// lost while sending, or no answer came within five seconds.
//
// Before that Say waits for Twitch's rate limits and for a lost connection to be replaced.
// After Options.TTL it returns [chat.ErrExpired].
//
// Messages to one channel keep their order. The text is cleaned by [chat.Clean], so that
// it is one line and not a chat command; a text that Twitch would drop as a repetition
// within 30 seconds is varied by [chat.Vary].
func (c *Client) Say(ctx context.Context, login, text string) error {
	return c.send(ctx, login, chat.Outgoing{Text: text})
}

// Reply is like [Client.Say] and sends a reply to the message with the id parentID.
func (c *Client) Reply(ctx context.Context, login, parentID, text string) error {
	return c.send(ctx, login, chat.Outgoing{Text: text, ReplyTo: parentID})
}

// Act is like [Client.Say] and sends the text as /me does.
func (c *Client) Act(ctx context.Context, login, text string) error {
	return c.send(ctx, login, chat.Outgoing{Text: text, Action: true})
}

// SayLong is like [Client.Say] for a text of any length: [chat.Split] splits it between
// words into as many messages as needed. It returns the first error and sends nothing
// after it.
func (c *Client) SayLong(ctx context.Context, login, text string) error {
	return c.send(ctx, login, chat.Outgoing{Text: text, Split: true})
}

func (c *Client) send(ctx context.Context, login string, m chat.Outgoing) error {
	channel, ok := cleanLogin(login)
	if !ok {
		return fmt.Errorf("%w: %q", ErrBadLogin, login)
	}
	m.Channel = chat.User{Login: channel}
	_, err := c.sender.Send(ctx, m)
	return err
}

// newSender returns the sender of a client.
func newSender(c *Client) *chat.Sender {
	l := c.o.Limits
	return chat.NewSender(c.Carrier(), chat.SenderOptions{
		Limits: chat.Limits{Messages: l.Messages, ModMessages: l.ModMessages, Account: l.Account},
		Queue:  c.o.Queue, TTL: c.o.TTL, Evade: true,
	})
}
