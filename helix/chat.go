package helix

import (
	"context"
	"fmt"
	"log/slog"
)

// A DroppedError means that Twitch took a chat message and did not show it.
type DroppedError struct {
	Code    string // "msg_duplicate", "followers_only_mode" …; Twitch publishes no list
	Message string
}

// Error returns Twitch's reason.
func (e *DroppedError) Error() string {
	return fmt.Sprintf("helix: Send Chat Message: dropped (%s): %s", e.Code, e.Message)
}

// LogValue returns the error's parts as attributes.
func (e *DroppedError) LogValue() slog.Value {
	return slog.GroupValue(slog.String("code", e.Code), slog.String("message", e.Message))
}

// Say is [ChatService.SendMessage], but a message that Twitch dropped is a
// [DroppedError]: Twitch answers 200 then. It returns the id of the message.
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
	dropped := &DroppedError{Code: "unknown", Message: "Twitch gave no reason"}
	if r := sent.DropReason; r != nil {
		dropped.Code, dropped.Message = clean(r.Code), clean(r.Message)
	}
	return "", dropped
}
