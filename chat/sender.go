package chat

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
)

// A Carrier hands one message over to Twitch: the chat service of package helix and the
// client of package irc have one each. It keeps no queue and does not change the text.
type Carrier interface {
	// Carry sends m and returns the id of the message, "" if the carrier learns none. A
	// message that Twitch did not show is a [*DroppedError]; [ErrUnknownOutcome] means
	// that it may have been shown.
	Carry(ctx context.Context, m Outgoing) (messageID string, err error)
}

// Errors of a [Sender], for errors.Is.
var (
	// ErrEmpty means that nothing is left of a text after cleaning.
	ErrEmpty = errors.New("chat: nothing to send")
	// ErrTooLong means that a text has more than MaxLength characters and Outgoing.Split
	// is not set.
	ErrTooLong = errors.New("chat: text has more than 500 characters")
	// ErrUnknownOutcome means that the connection was lost while sending: Twitch may have
	// shown the message or not.
	ErrUnknownOutcome = errors.New("chat: no answer from Twitch; the message may have been shown")
)

// A DroppedError means that Twitch took a message and did not show it.
type DroppedError struct {
	Code string // "msg_duplicate", "followers_only_mode" …; Twitch publishes no list
	Text string // Twitch's explanation
}

// Error returns Twitch's reason.
func (e *DroppedError) Error() string {
	return fmt.Sprintf("chat: message dropped (%s): %s", e.Code, e.Text)
}

// LogValue implements [slog.LogValuer].
func (e *DroppedError) LogValue() slog.Value {
	return slog.GroupValue(slog.String("code", e.Code), slog.String("text", e.Text))
}

// An Outgoing is a message to be sent.
type Outgoing struct {
	// Channel is the broadcaster in whose chat the message is written. An id is enough for
	// Helix and a login for IRC; with both, any carrier works without a request.
	Channel User
	Text    string
	ReplyTo string // id of the message that is answered; "" if none
	Action  bool   // shown as /me shows it
	Split   bool   // a longer text becomes several messages; otherwise it is ErrTooLong
}

// Sent describes a message that Twitch has accepted.
type Sent struct {
	IDs []string // of its parts, in order; IRC tells none
}

// SenderOptions configure a [Sender].
type SenderOptions struct{}

// A Sender writes to chat as one account, over Helix or IRC: see [Carrier]. Its methods
// are safe for concurrent use.
type Sender struct{ carrier Carrier }

// NewSender returns a Sender that sends through a carrier.
func NewSender(carrier Carrier, _ SenderOptions) *Sender { return &Sender{carrier: carrier} }

// Say writes text to the chat of a channel.
func (s *Sender) Say(ctx context.Context, channel User, text string) (Sent, error) {
	return s.Send(ctx, Outgoing{Channel: channel, Text: text})
}

// Reply answers a message.
func (s *Sender) Reply(ctx context.Context, to *Message, text string) (Sent, error) {
	return s.Send(ctx, Outgoing{Channel: to.Broadcaster, ReplyTo: to.ID, Text: text})
}

// Act writes text to the chat of a channel as /me does.
func (s *Sender) Act(ctx context.Context, channel User, text string) (Sent, error) {
	return s.Send(ctx, Outgoing{Channel: channel, Text: text, Action: true})
}

// Send cleans the text of m as [Clean] does, and sends it.
func (s *Sender) Send(ctx context.Context, m Outgoing) (Sent, error) {
	parts := []string{Clean(m.Text)}
	if m.Split {
		parts = Split(m.Text, MaxLength)
	}
	if len(parts) == 0 || parts[0] == "" {
		return Sent{}, ErrEmpty
	}
	var sent Sent
	for _, m.Text = range parts {
		if Length(m.Text) > MaxLength {
			return sent, ErrTooLong
		}
		id, err := s.carrier.Carry(ctx, m)
		if err != nil {
			return sent, err
		}
		if id != "" {
			sent.IDs = append(sent.IDs, id)
		}
		m.ReplyTo = ""
	}
	return sent, nil
}
