package bot

import (
	"context"
	"log/slog"
	"slices"

	"github.com/larkspur-dev/larkspur/chat"
	"github.com/larkspur-dev/larkspur/eventsub"
	"github.com/larkspur-dev/larkspur/helix"
)

// An account is the user that a bot acts as. It does not change once it is known.
type account struct {
	id, ownerID string
	own         *helix.Client // acts as the account
	sender      *chat.Sender
}

func (b *Bot) newAccount(userID, ownerID string) *account {
	who := &account{id: userID, ownerID: ownerID, own: b.tw.As(userID), sender: b.o.Sender}
	if who.sender == nil {
		who.sender = chat.NewSender(b.tw.Chat.Carrier(userID), chat.SenderOptions{})
	}
	return who
}

// SetUser sets the account of a bot that was made with Options.UserLater, and its owner if
// Options.OwnerID is empty. The bot handles messages and redemptions from then on. SetUser
// may be called once; it panics if userID is empty or the account is known already.
func (b *Bot) SetUser(userID, ownerID string) {
	if b.o.OwnerID != "" {
		ownerID = b.o.OwnerID
	}
	if userID == "" || !b.who.CompareAndSwap(nil, b.newAccount(userID, ownerID)) {
		panic("bot: SetUser: the user id is empty, or the account is known already")
	}
}

// user returns the account. Before SetUser it has no id: calls of Twitch's API use the
// application's own token, and those that need a user fail.
func (b *Bot) user() *account {
	if who := b.who.Load(); who != nil {
		return who
	}
	return b.newAccount("", b.o.OwnerID)
}

// Routine adds a routine, which [Bot.Run] starts. Its errors go to the logger of the bot,
// unless the options have another one. It returns an error as [NewRoutine] does. A routine
// that is added while Run runs is not started: call its Start.
func (b *Bot) Routine(name string, schedule Schedule, do func(ctx context.Context) error, o RoutineOptions) (*Routine, error) {
	if o.Logger == nil {
		o.Logger = b.log
	}
	r, err := NewRoutine(name, schedule, do, o)
	if err != nil {
		return nil, err
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	b.routines = append(b.routines, r)
	return r, nil
}

// Run starts the routines of [Bot.Routine] that are not started yet and waits until ctx
// ends, which is no error. Then it stops those routines and waits for their functions.
// Commands are handled without Run, and it does not wait for them: see [Bot.Drain].
func (b *Bot) Run(ctx context.Context) error {
	b.mu.RLock()
	routines := slices.Clone(b.routines)
	b.mu.RUnlock()
	for _, r := range routines {
		if err := r.Start(ctx); err != nil { // the program has started it
			b.log.LogAttrs(ctx, slog.LevelDebug, "routine not started", slog.Any("error", err))
		}
	}
	<-ctx.Done()
	for _, r := range routines {
		r.Stop()
	}
	return nil
}

// Wants returns the subscriptions that the bot needs for the chat of a channel.
func (b *Bot) Wants(broadcasterID string) []eventsub.Condition {
	return []eventsub.Condition{
		eventsub.ChannelChatMessageCondition{BroadcasterUserID: broadcasterID, UserID: b.user().id},
	}
}

// IsOwner is a [Check] that allows the owner: the user of Options.OwnerID or of
// [Bot.SetUser].
func (b *Bot) IsOwner(ctx context.Context, m *chat.Message) error {
	return Users(b.user().ownerID)(ctx, m)
}
