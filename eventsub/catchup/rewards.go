package catchup

import (
	"context"
	"maps"
	"slices"

	"github.com/larkspur-dev/larkspur/eventsub"
	"github.com/larkspur-dev/larkspur/helix"
)

// A reward is a channel point reward, in the form in which all three of its events
// carry it.
type reward = eventsub.ChannelPointsCustomRewardUpdate

// rewards are the rewards of a channel by id.
type rewards map[string]*reward

func updateRewards(s *rewards, p eventsub.Payload) {
	switch e := p.(type) {
	case *eventsub.ChannelPointsCustomRewardAdd:
		r := reward(*e)
		(*s)[e.ID] = &r
	case *eventsub.ChannelPointsCustomRewardUpdate:
		r := *e
		(*s)[e.ID] = &r
	case *eventsub.ChannelPointsCustomRewardRemove:
		delete(*s, e.ID)
	}
}

// rewardsNow returns all rewards of the channel.
func rewardsNow(ctx context.Context, j *job) ([]helix.CustomReward, error) {
	return shared(ctx, j, "rewards", func() ([]helix.CustomReward, error) {
		if err := j.call(); err != nil {
			return nil, err
		}
		return j.tw.ChannelPoints.GetRewards(ctx, helix.GetCustomRewardParams{BroadcasterID: j.broadcasterID})
	})
}

// rewardEvents returns a fetch function for events that follow from the rewards before
// and now. A reward that one of them lacks is nil there.
func rewardEvents(event func(before, now *reward) eventsub.Payload) func(context.Context, *job) error {
	return func(ctx context.Context, j *job) error {
		list, err := rewardsNow(ctx, j)
		if err != nil {
			return err
		}
		before, known := load[rewards](j)
		after := make(rewards, len(list))
		for _, r := range list {
			after[r.ID] = rewardOf(r)
		}
		save(j, after)
		if !known || j.first() {
			return nil
		}
		ids := maps.Clone(after)
		maps.Copy(ids, before)
		for _, id := range slices.Sorted(maps.Keys(ids)) {
			if only := j.fields["reward_id"]; only != "" && only != id {
				continue
			}
			if p := event(before[id], after[id]); p != nil {
				if err := j.add("Get Custom Reward", unknownTime, p); err != nil {
					return err
				}
			}
		}
		return nil
	}
}

func rewardAdded(before, now *reward) eventsub.Payload {
	if before != nil || now == nil {
		return nil
	}
	e := eventsub.ChannelPointsCustomRewardAdd(*now)
	return &e
}

func rewardChanged(before, now *reward) eventsub.Payload {
	if before == nil || now == nil || before.SemanticKey() == now.SemanticKey() {
		return nil
	}
	return now
}

func rewardRemoved(before, now *reward) eventsub.Payload {
	if before == nil || now != nil {
		return nil
	}
	e := eventsub.ChannelPointsCustomRewardRemove(*before)
	return &e
}

func rewardOf(r helix.CustomReward) *reward {
	e := &reward{
		ID: r.ID, BroadcasterUserID: r.BroadcasterID, BroadcasterUserLogin: r.BroadcasterLogin, BroadcasterUserName: r.BroadcasterName,
		IsEnabled: r.IsEnabled, IsPaused: r.IsPaused, IsInStock: r.IsInStock, Title: r.Title, Cost: r.Cost, Prompt: r.Prompt,
		IsUserInputRequired: r.IsUserInputRequired, ShouldRedemptionsSkipRequestQueue: r.ShouldRedemptionsSkipRequestQueue,
		MaxPerStream:        eventsub.RewardLimit{IsEnabled: r.MaxPerStreamSetting.IsEnabled, Value: r.MaxPerStreamSetting.MaxPerStream},
		MaxPerUserPerStream: eventsub.RewardLimit{IsEnabled: r.MaxPerUserPerStreamSetting.IsEnabled, Value: r.MaxPerUserPerStreamSetting.MaxPerUserPerStream},
		BackgroundColor:     r.BackgroundColor,
		DefaultImage:        eventsub.Image(r.DefaultImage),
		GlobalCooldown:      eventsub.RewardCooldown{IsEnabled: r.GlobalCooldownSetting.IsEnabled, Seconds: r.GlobalCooldownSetting.GlobalCooldownSeconds},
		CooldownExpiresAt:   r.CooldownExpiresAt, RedemptionsRedeemedCurrentStream: r.RedemptionsRedeemedCurrentStream,
	}
	if r.Image != nil {
		image := eventsub.Image(*r.Image)
		e.Image = &image
	}
	return e
}
