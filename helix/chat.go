package helix

import (
	"context"
	"fmt"

	"github.com/larkspur-dev/larkspur/chat"
)

// Say is [ChatService.SendMessage] with a [*chat.DroppedError] for a message that Twitch
// dropped: Twitch answers 200 then. It returns the id of the message. The text is
// sent as it is; [chat.Clean] makes a text fit that a viewer chose. Say knows nothing of the
// limits of chat: a [chat.Sender] with [ChatService.Carrier] does.
//
// Twitch: Send Chat Message. Scope: user:write:chat.
func (s *ChatService) Say(ctx context.Context, p SendChatMessageParams) (messageID string, err error) {
	sent, err := s.SendMessage(ctx, p)
	if err != nil {
		return "", err
	}
	if sent.IsSent {
		return sent.MessageID, nil
	}
	dropped := &chat.DroppedError{Code: "unknown", Text: "Twitch gave no reason"}
	if r := sent.DropReason; r != nil {
		dropped.Code, dropped.Text = clean(r.Code), clean(r.Message)
	}
	return "", dropped
}

// SayAll is [ChatService.Say] for a text of any length: [chat.Split] cleans it and
// cuts it into messages, which are sent one after the other. Only the first is a
// reply, if p is one. SayAll stops at the first error and returns the ids of the
// messages that were sent.
//
// Twitch: Send Chat Message. Scope: user:write:chat.
func (s *ChatService) SayAll(ctx context.Context, p SendChatMessageParams) (messageIDs []string, err error) {
	parts := chat.Split(p.Message, chat.MaxLength)
	if len(parts) == 0 {
		return nil, &ParamError{Endpoint: sendChatMessage, Param: "message", Rule: "is required"}
	}
	for i, part := range parts {
		p.Message = part
		id, err := s.Say(ctx, p)
		if err != nil && len(parts) > 1 {
			return messageIDs, fmt.Errorf("message %d of %d: %w", i+1, len(parts), err)
		}
		if err != nil {
			return nil, err
		}
		messageIDs = append(messageIDs, id)
		p.ReplyTo, p.Pin = "", false
	}
	return messageIDs, nil
}
