package catchup

import (
	"context"

	"github.com/larkspur-dev/larkspur/eventsub"
	"github.com/larkspur-dev/larkspur/helix"
)

// follows walks the followers, the newest first.
func follows(ctx context.Context, j *job) error {
	if j.first() {
		return nil
	}
	since := j.since()
	p := helix.GetChannelFollowersParams{BroadcasterID: j.broadcasterID, First: 100}
	for {
		if err := j.call(); err != nil {
			return err
		}
		page, err := j.tw.Channels.GetFollowers(ctx, p)
		if err != nil {
			return err
		}
		for _, f := range page.Items {
			if f.FollowedAt.Before(since) {
				return nil
			}
			b, err := j.broadcaster(ctx)
			if err != nil {
				return err
			}
			if err := j.add("Get Channel Followers", f.FollowedAt, &eventsub.ChannelFollow{
				UserID: f.UserID, UserLogin: f.UserLogin, UserName: f.UserName,
				BroadcasterUserID: b.ID, BroadcasterUserLogin: b.Login, BroadcasterUserName: b.DisplayName,
				FollowedAt: f.FollowedAt,
			}); err != nil {
				return err
			}
		}
		if p.After = page.Cursor; p.After == "" {
			return nil
		}
	}
}
