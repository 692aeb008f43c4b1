package catchup

import (
	"context"

	"github.com/larkspur-dev/larkspur/eventsub"
	"github.com/larkspur-dev/larkspur/helix"
)

// adBreaks finds the last ad break. Twitch does not say how long it was and who started
// it.
func adBreaks(ctx context.Context, j *job) error {
	if j.first() {
		return nil
	}
	if err := j.call(); err != nil {
		return err
	}
	ads, err := j.tw.Ads.GetSchedule(ctx, helix.GetAdScheduleParams{BroadcasterID: j.broadcasterID})
	if err != nil {
		return err
	}
	if ads.LastAdAt.IsZero() || ads.LastAdAt.Before(j.since()) {
		return nil
	}
	b, err := j.broadcaster(ctx)
	if err != nil {
		return err
	}
	return j.add("Get Ad Schedule", ads.LastAdAt.Time, &eventsub.ChannelAdBreakBegin{
		StartedAt:         ads.LastAdAt.Time,
		BroadcasterUserID: b.ID, BroadcasterUserLogin: b.Login, BroadcasterUserName: b.DisplayName,
	})
}
