package catchup

import (
	"context"
	"maps"
	"time"

	"github.com/larkspur-dev/larkspur/eventsub"
	"github.com/larkspur-dev/larkspur/helix"
)

// bansNow returns all bans and timeouts that are in force.
func bansNow(ctx context.Context, j *job) ([]helix.BannedUser, error) {
	return shared(ctx, j, "bans", func() ([]helix.BannedUser, error) {
		return all(j, func(after string) (*helix.Page[helix.BannedUser], error) {
			return j.tw.Moderation.GetBannedUsers(ctx, helix.GetBannedUsersParams{BroadcasterID: j.broadcasterID, First: 100, After: after})
		})
	})
}

// banned finds the bans that are still in force. Twitch does not document an order of
// the list, so all of it is read.
func banned(ctx context.Context, j *job) error {
	if j.first() {
		return nil
	}
	bans, err := bansNow(ctx, j)
	if err != nil {
		return err
	}
	since := j.since()
	for _, ban := range bans {
		if ban.CreatedAt.Before(since) {
			continue
		}
		b, err := j.broadcaster(ctx)
		if err != nil {
			return err
		}
		if err := j.add("Get Banned Users", ban.CreatedAt, &eventsub.ChannelBan{
			UserID: ban.UserID, UserLogin: ban.UserLogin, UserName: ban.UserName,
			BroadcasterUserID: b.ID, BroadcasterUserLogin: b.Login, BroadcasterUserName: b.DisplayName,
			ModeratorUserID: ban.ModeratorID, ModeratorUserLogin: ban.ModeratorLogin, ModeratorUserName: ban.ModeratorName,
			Reason: ban.Reason, BannedAt: ban.CreatedAt, EndsAt: ban.ExpiresAt, IsPermanent: ban.ExpiresAt.IsZero(),
		}); err != nil {
			return err
		}
	}
	return nil
}

// sentences are the bans in force by user id: when they end, or 0.
type sentences map[string]int64

func endOf(t helix.Time) int64 {
	if t.IsZero() {
		return 0
	}
	return t.Unix()
}

func updateSentences(s *sentences, p eventsub.Payload) {
	switch e := p.(type) {
	case *eventsub.ChannelBan:
		(*s)[e.UserID] = endOf(e.EndsAt)
	case *eventsub.ChannelUnban:
		delete(*s, e.UserID)
	}
}

// unbanned finds the bans that are no longer in force, although they had not run out.
func unbanned(ctx context.Context, j *job) error {
	bans, err := bansNow(ctx, j)
	if err != nil {
		return err
	}
	before, known := load[sentences](j)
	after := make(sentences, len(bans))
	for _, ban := range bans {
		after[ban.UserID] = endOf(ban.ExpiresAt)
	}
	save(j, after)
	if !known || j.first() {
		return nil
	}
	maps.DeleteFunc(before, func(id string, end int64) bool {
		_, still := after[id]
		return still || end != 0 && end <= time.Now().Add(overlap).Unix()
	})
	return gone(ctx, j, "Get Banned Users", before, func(u, b helix.User, _ int64) eventsub.Payload {
		return &eventsub.ChannelUnban{
			UserID: u.ID, UserLogin: u.Login, UserName: u.DisplayName,
			BroadcasterUserID: b.ID, BroadcasterUserLogin: b.Login, BroadcasterUserName: b.DisplayName,
		}
	})
}
