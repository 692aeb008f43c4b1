package bot

import (
	"context"
	"fmt"
	"slices"
	"sync"
	"time"
	"weak"

	"github.com/larkspur-dev/larkspur/chat"
	"github.com/larkspur-dev/larkspur/helix"
)

// IsLive is a [Check] that allows everyone while the channel is live. Twitch's answer is
// kept for a minute.
func (b *Bot) IsLive(ctx context.Context, m *chat.Message) error {
	live, err := b.live(ctx, m.Broadcaster.ID)
	if err == nil && !live {
		err = ErrNotAllowed
	}
	return err
}

// IsOffline is a [Check] that allows everyone while the channel is not live.
func (b *Bot) IsOffline(ctx context.Context, m *chat.Message) error { return Not(b.IsLive)(ctx, m) }

// WhileLive is the [Condition] that a channel is live.
func (b *Bot) WhileLive(broadcasterID string) Condition {
	return func(ctx context.Context, _ time.Time) bool {
		live, err := b.live(ctx, broadcasterID)
		if err != nil {
			b.log.WarnContext(ctx, "cannot ask whether the channel is live", "broadcaster_id", broadcasterID, "error", err)
		}
		return live
	}
}

func (b *Bot) live(ctx context.Context, broadcasterID string) (bool, error) {
	return b.lives.get(ctx, broadcasterID, func(ctx context.Context) (bool, error) {
		streams, err := b.user().own.Streams.Get(ctx, helix.GetStreamsParams{UserIDs: []string{broadcasterID}})
		if err != nil {
			return false, fmt.Errorf("is the channel live: %w", err)
		}
		return len(streams.Items) > 0, nil
	})
}

// Following is a [Check] that allows those who have followed the channel for at least
// minAge, moderators and the broadcaster. Twitch's yes is kept for ten minutes, its
// no for 15 seconds. The bot has to be moderator, with the scope moderator:read:followers.
func (b *Bot) Following(minAge time.Duration) Check {
	return func(ctx context.Context, m *chat.Message) error {
		if m.Chatter.CanModerate() {
			return nil
		}
		since, err := b.follows.get(ctx, m.Broadcaster.ID+" "+m.Chatter.ID, func(ctx context.Context) (time.Time, error) {
			page, err := b.user().own.Channels.GetFollowers(ctx, helix.GetChannelFollowersParams{BroadcasterID: m.Broadcaster.ID, UserID: m.Chatter.ID})
			if err != nil {
				return time.Time{}, fmt.Errorf("does %s follow: %w", m.Chatter.Login, err)
			}
			if len(page.Items) == 0 {
				return time.Time{}, ErrNotAllowed
			}
			return page.Items[0].FollowedAt, nil
		})
		if err == nil && time.Since(since) < minAge {
			err = ErrNotAllowed
		}
		return err
	}
}

// AfterLines is the [Condition] that others than the bot have written at least n messages
// in a channel since the routine ran last: a routine that writes does not talk to itself.
func (b *Bot) AfterLines(broadcasterID string, n int) Condition {
	l := &lines{at: make([]time.Time, max(n, 1))}
	b.mu.Lock()
	if b.lines == nil {
		b.lines = map[string][]weak.Pointer[lines]{}
	}
	all := slices.DeleteFunc(slices.Clone(b.lines[broadcasterID]), func(p weak.Pointer[lines]) bool { return p.Value() == nil })
	b.lines[broadcasterID] = append(all, weak.Make(l)) // a condition that is not used any more is forgotten
	b.mu.Unlock()
	return func(_ context.Context, last time.Time) bool { return n <= 0 || l.since(last) }
}

// lines remember when the newest messages of a channel were written.
type lines struct {
	mu   sync.Mutex
	at   []time.Time // guarded by mu; a ring
	next int         // guarded by mu; the oldest
}

func (l *lines) add(now time.Time) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.at[l.next] = now
	l.next = (l.next + 1) % len(l.at)
}

// since reports whether all of them were written after a time.
func (l *lines) since(last time.Time) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	return !l.at[l.next].IsZero() && l.at[l.next].After(last)
}

// count counts a message for the conditions of its channel.
func (b *Bot) count(m *chat.Message) {
	b.mu.RLock()
	all := b.lines[m.Broadcaster.ID]
	b.mu.RUnlock()
	for _, p := range all {
		if l := p.Value(); l != nil {
			l.add(time.Now())
		}
	}
}
