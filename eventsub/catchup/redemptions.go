package catchup

import (
	"context"
	"maps"
	"slices"
	"strings"

	"github.com/larkspur-dev/larkspur/eventsub"
	"github.com/larkspur-dev/larkspur/helix"
)

// open are the redemptions that wait for a decision: the ids of their rewards, by their
// own ids.
type open map[string]string

// mostOpen bounds the redemptions that are remembered.
const mostOpen = 5000

func updateOpen(s *open, p eventsub.Payload) {
	switch e := p.(type) {
	case *eventsub.ChannelPointsCustomRewardRedemptionAdd:
		if e.Status == eventsub.RedemptionStatusUnfulfilled && len(*s) < mostOpen {
			(*s)[e.ID] = e.Reward.ID
		}
	case *eventsub.ChannelPointsCustomRewardRedemptionUpdate:
		delete(*s, e.ID)
	}
}

// ownRewards returns the rewards of the condition that this application has created.
// Redemptions of others cannot be fetched, which is recorded.
func ownRewards(ctx context.Context, j *job) ([]helix.CustomReward, error) {
	every, err := rewardsNow(ctx, j)
	if err != nil {
		return nil, err
	}
	own, err := shared(ctx, j, "own rewards", func() ([]helix.CustomReward, error) {
		if err := j.call(); err != nil {
			return nil, err
		}
		return j.tw.ChannelPoints.GetRewards(ctx, helix.GetCustomRewardParams{BroadcasterID: j.broadcasterID, OnlyManageableRewards: true})
	})
	if err != nil {
		return nil, err
	}
	other := func(r helix.CustomReward) bool {
		only := j.fields["reward_id"]
		return only != "" && only != r.ID
	}
	own = slices.DeleteFunc(slices.Clone(own), other)
	if len(slices.DeleteFunc(slices.Clone(every), other)) > len(own) && !j.first() {
		j.incomplete("redemptions of rewards that another application created cannot be fetched")
	}
	return own, nil
}

// redemptions returns the redemptions of a reward with a status, the newest first, until
// more returns false.
func redemptions(ctx context.Context, j *job, rewardID string, status helix.RedemptionStatus, more func(r helix.Redemption) bool) ([]helix.Redemption, error) {
	var found []helix.Redemption
	err := pages(j, func(after string) (*helix.Page[helix.Redemption], error) {
		return j.tw.ChannelPoints.GetRedemptions(ctx, helix.GetCustomRewardRedemptionParams{
			BroadcasterID: j.broadcasterID, RewardID: rewardID, Status: status, Sort: helix.RedemptionSortNewest, First: 50, After: after,
		})
	}, func(r helix.Redemption) (bool, error) {
		if !more(r) {
			return false, nil
		}
		found = append(found, r)
		return true, nil
	})
	return found, err
}

// redeemed finds the redemptions since the loss, whatever became of them.
func redeemed(ctx context.Context, j *job) error {
	if j.first() {
		return nil
	}
	own, err := ownRewards(ctx, j)
	if err != nil {
		return err
	}
	since := j.since()
	for _, r := range own {
		for _, status := range []helix.RedemptionStatus{
			helix.RedemptionStatusUnfulfilled, helix.RedemptionStatusFulfilled, helix.RedemptionStatusCanceled,
		} {
			found, err := redemptions(ctx, j, r.ID, status, func(r helix.Redemption) bool { return !r.RedeemedAt.Before(since) })
			if err != nil {
				return err
			}
			for _, x := range found {
				e := eventsub.ChannelPointsCustomRewardRedemptionAdd(*redemptionOf(x))
				if e.Status = eventsub.RedemptionStatusUnfulfilled; r.ShouldRedemptionsSkipRequestQueue {
					e.Status = eventsub.RedemptionStatusFulfilled
				}
				if err := j.add("Get Custom Reward Redemption", x.RedeemedAt, &e); err != nil {
					return err
				}
			}
		}
	}
	return nil
}

// decided finds the redemptions that were fulfilled or canceled since the loss: those
// that were open before, and those that were redeemed since.
func decided(ctx context.Context, j *job) error {
	own, err := ownRewards(ctx, j)
	if err != nil {
		return err
	}
	before, known := load[open](j)
	after := open{}
	var settled []helix.Redemption
	for _, r := range own {
		pending, err := redemptions(ctx, j, r.ID, helix.RedemptionStatusUnfulfilled, func(helix.Redemption) bool { return true })
		if err != nil {
			return err
		}
		for _, x := range pending {
			if delete(before, x.ID); len(after) < mostOpen {
				after[x.ID] = r.ID
			} else {
				j.incomplete("too many open redemptions")
			}
		}
		if j.first() || r.ShouldRedemptionsSkipRequestQueue {
			continue
		}
		since := j.since()
		for _, status := range []helix.RedemptionStatus{helix.RedemptionStatusFulfilled, helix.RedemptionStatusCanceled} {
			found, err := redemptions(ctx, j, r.ID, status, func(r helix.Redemption) bool { return !r.RedeemedAt.Before(since) })
			if err != nil {
				return err
			}
			for _, x := range found {
				if _, ok := before[x.ID]; !ok && !x.RedeemedAt.Before(j.m.From) {
					settled = append(settled, x)
				}
			}
		}
	}
	save(j, after)
	if !known || j.first() {
		return nil
	}
	byID, err := j.redemptionsByID(ctx, before, own)
	if err != nil {
		return err
	}
	for _, x := range append(byID, settled...) {
		if err := j.add("Get Custom Reward Redemption", unknownTime, redemptionOf(x)); err != nil {
			return err
		}
	}
	return nil
}

// redemptionsByID returns redemptions of own rewards.
func (j *job) redemptionsByID(ctx context.Context, ids open, own []helix.CustomReward) ([]helix.Redemption, error) {
	var found []helix.Redemption
	for _, r := range own {
		var of []string
		for _, id := range slices.Sorted(maps.Keys(ids)) {
			if ids[id] == r.ID {
				of = append(of, id)
			}
		}
		for chunk := range slices.Chunk(of, 50) {
			if err := j.call(); err != nil {
				return nil, err
			}
			page, err := j.tw.ChannelPoints.GetRedemptions(ctx, helix.GetCustomRewardRedemptionParams{
				BroadcasterID: j.broadcasterID, RewardID: r.ID, IDs: chunk, First: 50,
			})
			if err != nil {
				return nil, err
			}
			for _, x := range page.Items {
				if x.Status != helix.RedemptionStatusUnfulfilled {
					found = append(found, x)
				}
			}
		}
	}
	return found, nil
}

func redemptionOf(r helix.Redemption) *eventsub.ChannelPointsCustomRewardRedemptionUpdate {
	return &eventsub.ChannelPointsCustomRewardRedemptionUpdate{
		ID: r.ID, BroadcasterUserID: r.BroadcasterID, BroadcasterUserLogin: r.BroadcasterLogin, BroadcasterUserName: r.BroadcasterName,
		UserID: r.UserID, UserLogin: r.UserLogin, UserName: r.UserName, UserInput: r.UserInput,
		Status:     eventsub.RedemptionStatus(strings.ToLower(string(r.Status))),
		Reward:     eventsub.RedeemedReward{ID: r.Reward.ID, Title: r.Reward.Title, Cost: r.Reward.Cost, Prompt: r.Reward.Prompt},
		RedeemedAt: r.RedeemedAt,
	}
}
