package bot

import (
	"context"
	"errors"
	"slices"

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
func Only(roles chat.Roles) Option { return Require(Is(roles | chat.Broadcaster)) }

// ModsOnly restricts a command to moderators and the broadcaster.
func ModsOnly(s *Spec) { Only(chat.Moderator)(s) }

// BroadcasterOnly restricts a command to the broadcaster.
func BroadcasterOnly(s *Spec) { Only(chat.Broadcaster)(s) }

// SubsOnly restricts a command to subscribers, moderators and the broadcaster.
func SubsOnly(s *Spec) { Only(chat.Subscriber | chat.Moderator)(s) }

// Is allows chatters with at least one of the roles. Unlike [Only] it makes no exception
// for the broadcaster.
func Is(roles chat.Roles) Check {
	return ifTrue(func(m *chat.Message) bool { return m.Chatter.Is(roles) })
}

// SubTier allows subscribers of a tier or a higher one: 1, 2 or 3.
func SubTier(tier int) Check {
	return ifTrue(func(m *chat.Message) bool { return m.Chatter.SubTier() >= tier })
}

// Users allows the users with the ids. Logins can change their owner, so they are no
// protection.
func Users(ids ...string) Check {
	return ifTrue(func(m *chat.Message) bool { return m.Chatter.ID != "" && slices.Contains(ids, m.Chatter.ID) })
}

// Channels allows everyone in the channels of the broadcasters with the ids.
func Channels(ids ...string) Check {
	return ifTrue(func(m *chat.Message) bool { return slices.Contains(ids, m.Broadcaster.ID) })
}

func ifTrue(f func(m *chat.Message) bool) Check {
	return func(_ context.Context, m *chat.Message) error {
		if f(m) {
			return nil
		}
		return ErrNotAllowed
	}
}

// AnyOf allows what at least one of the checks allows. If none does, its error is that of
// the first check that gives another reason than [ErrNotAllowed].
func AnyOf(checks ...Check) Check {
	return func(ctx context.Context, m *chat.Message) error {
		var reason error
		for _, check := range checks {
			err := check(ctx, m)
			if err == nil {
				return nil
			}
			if reason == nil && !errors.Is(err, ErrNotAllowed) {
				reason = err
			}
		}
		if reason == nil {
			reason = ErrNotAllowed
		}
		return reason
	}
}

// AllOf allows what all of the checks allow. Its error is that of the first that does not.
func AllOf(checks ...Check) Check {
	return func(ctx context.Context, m *chat.Message) error {
		for _, check := range checks {
			if err := check(ctx, m); err != nil {
				return err
			}
		}
		return nil
	}
}

// Not allows what check refuses, with whatever text, and refuses what it allows. An error
// of the program stays one.
func Not(check Check) Check {
	return func(ctx context.Context, m *chat.Message) error {
		err := check(ctx, m)
		_, sorry := asUserError(err)
		switch {
		case err == nil:
			return ErrNotAllowed
		case sorry, errors.Is(err, ErrNotAllowed):
			return nil
		default:
			return err
		}
	}
}

// allows returns the error of the first check that refuses the writer of m, those of the
// groups first.
func (cmd *command) allows(ctx context.Context, m *chat.Message) error {
	for _, s := range cmd.specs() {
		for _, check := range s.checks {
			if err := check(ctx, m); err != nil {
				return err
			}
		}
	}
	return nil
}
