package helix

import (
	"context"
	"errors"
	"fmt"

	"github.com/larkspur-dev/larkspur/chat"
)

// Carrier returns the way to write to chat over Helix as a user, for [chat.NewSender].
// A message with an unknown outcome is both [chat.ErrUnknownOutcome] and
// [ErrUnknownOutcome].
//
// Twitch: Send Chat Message. Scope: user:write:chat.
func (s *ChatService) Carrier(senderID string) chat.Carrier { return &carrier{s, senderID} }

type carrier struct {
	chat     *ChatService
	senderID string
}

// Carry implements [chat.Carrier].
func (c *carrier) Carry(ctx context.Context, m chat.Outgoing) (string, error) {
	if m.Action {
		m.Text = "/me " + m.Text
	}
	id, err := c.chat.Say(ctx, SendChatMessageParams{
		BroadcasterID: m.Channel.ID, SenderID: c.senderID, Message: m.Text, ReplyTo: m.ReplyTo,
	})
	if errors.Is(err, ErrUnknownOutcome) {
		return "", fmt.Errorf("%w: %w", chat.ErrUnknownOutcome, err)
	}
	return id, err
}

// Account returns the account that writes, as [chat.Carrier] describes.
func (c *carrier) Account() chat.User { return chat.User{ID: c.senderID} }
