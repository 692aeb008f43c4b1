package irc

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/larkspur-dev/larkspur/chat"
)

// Say sends text to the chat of a channel that the client keeps joined. It returns when
// the message has been written to the connection. Before that it waits for Twitch's rate
// limits (20 messages in 30 seconds, or 100 where the account is moderator or
// broadcaster; elsewhere one message a second and channel) and for a lost connection to
// be replaced. After Options.TTL it returns [ErrExpired].
//
// Messages to one channel keep their order. The text is cleaned by [chat.Clean], so that
// it is one line and not a chat command; a text that Twitch would drop as a repetition
// within 30 seconds gets an invisible character at its end. Whether Twitch accepted the
// message is not known when Say returns: a refusal is reported to Options.OnRefused. Use
// Helix's Send Chat Message where certainty matters.
func (c *Client) Say(ctx context.Context, login, text string) error {
	return c.put(ctx, outgoing{channel: login, text: text})
}

// Reply is like [Client.Say] and sends a reply to the message with the id parentID.
func (c *Client) Reply(ctx context.Context, login, parentID, text string) error {
	return c.put(ctx, outgoing{channel: login, replyTo: parentID, text: text})
}

// Act is like [Client.Say] and sends the text as /me does.
func (c *Client) Act(ctx context.Context, login, text string) error {
	return c.put(ctx, outgoing{channel: login, text: text, action: true})
}

// SayLong is like [Client.Say] for a text of any length: [chat.Split] splits it between
// words into as many messages as needed. It returns the first error and sends nothing
// after it.
func (c *Client) SayLong(ctx context.Context, login, text string) error {
	pieces := chat.Split(text, chat.MaxLength)
	if len(pieces) == 0 {
		return ErrEmpty
	}
	for _, piece := range pieces {
		if err := c.Say(ctx, login, piece); err != nil {
			return err
		}
	}
	return nil
}

// put queues a message and waits until it has been written.
func (c *Client) put(ctx context.Context, o outgoing) error {
	login, ok := cleanLogin(o.channel)
	if !ok {
		return fmt.Errorf("%w: %q", ErrBadLogin, o.channel)
	}
	o.channel, o.text, o.done = login, chat.Clean(o.text), make(chan error, 1)
	switch {
	case c.o.Token == nil:
		return ErrAnonymous
	case o.text == "":
		return ErrEmpty
	case chat.Length(o.text) > chat.MaxLength:
		return ErrTooLong
	case !c.isWanted(login):
		return fmt.Errorf("%w: %s", ErrNotWanted, login)
	}
	if err := c.outbox.put(&o); err != nil {
		return err
	}
	ttl := time.NewTimer(c.o.TTL)
	defer ttl.Stop()
	var err error
	select {
	case err := <-o.done:
		return err
	case <-ctx.Done():
		err = fmt.Errorf("irc: say: %w", context.Cause(ctx))
	case <-ttl.C:
		err = ErrExpired
	}
	if !c.outbox.withdraw(&o, err) {
		return <-o.done // being written right now
	}
	return err
}

// sends writes messages as the limits allow, until ctx ends.
func (c *Client) sends(ctx context.Context) {
	timer := time.NewTimer(time.Hour)
	defer timer.Stop()
	for ctx.Err() == nil {
		o, wait := c.outbox.take(time.Now(), func(channel string) bool { return c.linkIn(channel) != nil })
		if o != nil {
			c.write(ctx, o)
			continue
		}
		if wait == 0 {
			wait = time.Hour
		}
		timer.Reset(wait)
		select {
		case <-c.outbox.wake:
		case <-timer.C:
		case <-ctx.Done():
		}
	}
}

func (c *Client) write(ctx context.Context, o *outgoing) {
	err := errNotHanded
	if l := c.linkIn(o.channel); l != nil {
		err = l.send(ctx, o.line)
	}
	if errors.Is(err, errNotHanded) {
		c.outbox.putBack(o)
		return
	}
	o.done <- err
}

// userState records whether the account moderates a channel, and that a message was
// accepted.
func (b *outbox) userState(m *Message) {
	var u UserState
	if u.Decode(m) != nil {
		return
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	r := b.room(u.Channel)
	r.mod = u.CanModerate()
	if i := slices.IndexFunc(r.unsure, func(o *outgoing) bool { return o.nonce == u.Nonce }); i >= 0 {
		r.unsure = slices.Delete(r.unsure, 0, i+1)
	}
	b.poke()
}

// refused returns the oldest message without an answer: Twitch answers in order.
func (b *outbox) refused(channel string) *outgoing {
	b.mu.Lock()
	defer b.mu.Unlock()
	r := b.room(channel)
	if len(r.unsure) == 0 {
		return nil
	}
	o := r.unsure[0]
	r.unsure = slices.Delete(r.unsure, 0, 1)
	return o
}

// notice reports messages that Twitch did not accept.
func (c *Client) notice(ctx context.Context, m *Message) {
	id := m.Tags.Get("msg-id")
	channel, text := m.channelText()
	if channel == "" || !strings.HasPrefix(id, "msg_") || c.linkIn(channel) == nil {
		return
	}
	r := Refused{Channel: channel, Err: &NoticeError{ID: id, Text: text}}
	if o := c.outbox.refused(channel); o != nil {
		r.Text = o.text
	}
	c.o.Logger.WarnContext(ctx, "chat message refused", "channel", channel, "error", r.Err)
	if c.o.OnRefused != nil {
		c.o.OnRefused(r)
	}
}
