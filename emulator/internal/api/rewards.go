package api

import (
	"slices"
	"time"

	"github.com/larkspur-dev/larkspur/emulator/internal/world"
)

// set writes a field of the body, if it is there, to where it belongs.
func set[T any](c *call, name string, to *T) {
	if v, ok := field[T](c, name); ok {
		*to = v
	}
}

func setNumber(c *call, name string, to *int) {
	if v, ok := c.number(name); ok {
		*to = v
	}
}

// readReward writes what the body has to a reward's settings.
func readReward(c *call, s *world.RewardSettings) {
	set(c, "title", &s.Title)
	set(c, "prompt", &s.Prompt)
	setNumber(c, "cost", &s.Cost)
	set(c, "background_color", &s.Color)
	set(c, "is_enabled", &s.Enabled)
	set(c, "is_paused", &s.Paused)
	set(c, "is_user_input_required", &s.InputRequired)
	set(c, "should_redemptions_skip_request_queue", &s.SkipQueue)
	set(c, "is_max_per_stream_enabled", &s.PerStream.On)
	setNumber(c, "max_per_stream", &s.PerStream.Value)
	set(c, "is_max_per_user_per_stream_enabled", &s.PerUser.On)
	setNumber(c, "max_per_user_per_stream", &s.PerUser.Value)
	set(c, "is_global_cooldown_enabled", &s.Cooldown.On)
	setNumber(c, "global_cooldown_seconds", &s.Cooldown.Value)
}

func (c *call) showReward(r world.Reward) obj {
	image := "https://static-cdn.jtvnw.net/custom-reward-images/default-"
	o := obj{
		"broadcaster_id": r.Broadcaster.ID, "broadcaster_login": r.Broadcaster.Login, "broadcaster_name": r.Broadcaster.DisplayName,
		"id": r.ID, "title": r.Title, "prompt": r.Prompt, "cost": r.Cost, "image": nil,
		"default_image":    obj{"url_1x": image + "1.png", "url_2x": image + "2.png", "url_4x": image + "4.png"},
		"background_color": r.Color, "is_enabled": r.Enabled, "is_user_input_required": r.InputRequired,
		"max_per_stream_setting":          obj{"is_enabled": r.PerStream.On, "max_per_stream": r.PerStream.Value},
		"max_per_user_per_stream_setting": obj{"is_enabled": r.PerUser.On, "max_per_user_per_stream": r.PerUser.Value},
		"global_cooldown_setting":         obj{"is_enabled": r.Cooldown.On, "global_cooldown_seconds": r.Cooldown.Value},
		"is_paused":                       r.Paused, "is_in_stock": r.InStock, "should_redemptions_skip_request_queue": r.SkipQueue,
		"redemptions_redeemed_current_stream": nil, "cooldown_expires_at": nil,
	}
	if r.Live && r.PerStream.On {
		o["redemptions_redeemed_current_stream"] = r.RedeemedNow
	}
	if !r.CooldownUntil.IsZero() {
		o["cooldown_expires_at"] = stamp(r.CooldownUntil)
	}
	return o
}

func createReward(c *call) (obj, error) {
	s := world.RewardSettings{Enabled: true}
	readReward(c, &s)
	r, err := c.world.AddReward(c.broadcaster(), c.grant.ClientID, s)
	if err != nil {
		return nil, err
	}
	return data(c.showReward(r)), nil
}

func updateReward(c *call) (obj, error) {
	r, err := c.world.ChangeReward(c.broadcaster(), c.grant.ClientID, c.get("id"), func(s *world.RewardSettings) { readReward(c, s) })
	if err != nil {
		return nil, err
	}
	return data(c.showReward(r)), nil
}

func deleteReward(c *call) (obj, error) {
	return nil, c.world.RemoveReward(c.broadcaster(), c.grant.ClientID, c.get("id"))
}

func getRewards(c *call) (obj, error) {
	b, err := c.user("broadcaster_id")
	if err != nil {
		return nil, err
	}
	if b.BroadcasterType == "" {
		return nil, forbidden("The broadcaster must be a partner or affiliate.")
	}
	all := only(c, "id", c.world.Rewards(b.ID), func(r world.Reward) string { return r.ID })
	if c.get("only_manageable_rewards") == "true" {
		all = slices.DeleteFunc(all, func(r world.Reward) bool { return r.ClientID != c.grant.ClientID })
	}
	if len(all) == 0 && c.has("id") {
		return nil, notFound("None of the custom rewards specified in the id query parameter were found.")
	}
	return data(every(all, c.showReward)...), nil
}

func showRedemption(r world.Redemption) obj {
	o := showWho(r.User)
	o["broadcaster_id"], o["broadcaster_login"], o["broadcaster_name"] = r.Broadcaster.ID, r.Broadcaster.Login, r.Broadcaster.DisplayName
	o["id"], o["user_input"], o["status"], o["redeemed_at"] = r.ID, r.Input, r.Status, r.RedeemedAt.UTC().Format(time.RFC3339Nano)
	o["reward"] = obj{"id": r.Reward.ID, "title": r.Reward.Title, "prompt": r.Reward.Prompt, "cost": r.Reward.Cost}
	return o
}

func getRedemptions(c *call) (obj, error) {
	all, err := c.world.Redemptions(c.broadcaster(), c.grant.ClientID, c.get("reward_id"))
	if err != nil {
		return nil, err
	}
	key := func(r world.Redemption) string { return r.ID }
	if c.has("id") {
		if all = only(c, "id", all, key); len(all) == 0 {
			return nil, notFound("None of the redemptions specified in the id query parameter were found.")
		}
	} else {
		all = slices.DeleteFunc(all, func(r world.Redemption) bool { return r.Status != c.query.Get("status") })
	}
	if c.query.Get("sort") == "NEWEST" {
		slices.Reverse(all)
	}
	return page(c, all, key, showRedemption)
}

func updateRedemptions(c *call) (obj, error) {
	status, _ := field[string](c, "status")
	all, err := c.world.SettleRedemptions(c.broadcaster(), c.grant.ClientID, c.get("reward_id"), c.query["id"], status)
	if err != nil {
		return nil, err
	}
	return data(every(all, showRedemption)...), nil
}
