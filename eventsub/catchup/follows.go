package catchup

import (
	"context"
	"slices"

	"github.com/larkspur-dev/larkspur/eventsub"
	"github.com/larkspur-dev/larkspur/helix"
)

// follows walks the followers, the newest first.
func follows(ctx context.Context, j *job) error {
	if j.first() {
		return nil
	}
	since := j.since()
	get := func(after string) (*helix.Page[helix.Follower], error) {
		page, err := j.tw.Channels.GetFollowers(ctx, helix.GetChannelFollowersParams{BroadcasterID: j.broadcasterID, First: 100, After: after})
		if err != nil {
			return nil, err
		}
		if after == "" && page.Total > 0 && len(page.Items) == 0 { // Twitch's way to refuse
			j.incomplete("the list of followers needs the scope moderator:read:followers of a moderator")
		}
		return &page.Page, nil
	}
	err := pages(j, get, func(f helix.Follower) (bool, error) {
		if f.FollowedAt.Before(since) {
			return false, nil
		}
		b, err := j.broadcaster(ctx)
		if err != nil {
			return false, err
		}
		return true, j.add("Get Channel Followers", f.FollowedAt, &eventsub.ChannelFollow{
			UserID: f.UserID, UserLogin: f.UserLogin, UserName: f.UserName,
			BroadcasterUserID: b.ID, BroadcasterUserLogin: b.Login, BroadcasterUserName: b.DisplayName,
			FollowedAt: f.FollowedAt,
		})
	})
	slices.Reverse(j.events) // the list begins with the newest, and several can have the same second
	return err
}
