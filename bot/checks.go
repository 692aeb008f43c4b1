package bot

import (
	"context"
	"errors"

	"github.com/larkspur-dev/larkspur/chat"
)

// A Check decides whether the writer of a message may use a command. It returns nil
// if so. [ErrNotAllowed] refuses without a reply; an error made by [Sorry] refuses
// with its text as the reply; any other error is one of the program and logged.
//
// Checks are also asked for "help", with the message that asks for it, so that they
// must not depend on the text of the message and must not change anything.
type Check func(ctx context.Context, m *chat.Message) error

// ErrNotAllowed is returned by a [Check] that refuses. The chatter gets no reply:
// it would let any viewer trigger output from the bot.
var ErrNotAllowed = errors.New("bot: not allowed")

// Require adds checks to a command. All of them must allow a call.
func Require(checks ...Check) Option { return func(s *Spec) { s.Require(checks...) } }

// Only restricts a command to chatters with at least one of the roles, and to the
// broadcaster: bot.Only(chat.VIP | chat.Moderator).
func Only(roles chat.Roles) Option {
	return Require(func(_ context.Context, m *chat.Message) error {
		if m.Chatter.Is(roles | chat.Broadcaster) {
			return nil
		}
		return ErrNotAllowed
	})
}

// ModsOnly restricts a command to moderators and the broadcaster.
func ModsOnly(s *Spec) { Only(chat.Moderator)(s) }

// BroadcasterOnly restricts a command to the broadcaster.
func BroadcasterOnly(s *Spec) { Only(chat.Broadcaster)(s) }

// SubsOnly restricts a command to subscribers, moderators and the broadcaster.
func SubsOnly(s *Spec) { Only(chat.Subscriber | chat.Moderator)(s) }

// allows returns the error of the first check that refuses the writer of m.
func (cmd *command) allows(ctx context.Context, m *chat.Message) error {
	for _, check := range cmd.checks {
		if err := check(ctx, m); err != nil {
			return err
		}
	}
	return nil
}
