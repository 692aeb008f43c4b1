package bot

import (
	"context"
	"fmt"

	"github.com/larkspur-dev/larkspur/chat"
)

// Say writes to the chat of a broadcaster, for event handlers and routines; a command uses
// [Call.Send], which has the same rules and errors. A Sender over IRC has to find the login
// of the channel by its id: see [chat.Outgoing].
func (b *Bot) Say(ctx context.Context, broadcasterID, format string, args ...any) error {
	text := chat.Shorten(chat.Clean(fmt.Sprintf(format, args...)), chat.MaxLength)
	if text == "" {
		return nil
	}
	_, err := b.user().sender.Send(ctx, chat.Outgoing{Channel: chat.User{ID: broadcasterID}, Text: text, Evade: true})
	if err != nil {
		return fmt.Errorf("bot: %w", err)
	}
	return nil
}
