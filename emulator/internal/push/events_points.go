package push

import (
	"strings"
	"time"

	"github.com/larkspur-dev/larkspur/emulator/internal/world"
)

// supportEvents lists what comes of facts about rewards, charity, goals, hype
// trains and guests.
func (s *Server) supportEvents(b broadcaster, fact world.Fact) []event {
	switch f := fact.(type) {
	case world.RewardAdded:
		return []event{reward("add", b, f.Reward)}
	case world.RewardChanged:
		return []event{reward("update", b, f.Reward)}
	case world.RewardRemoved:
		return []event{reward("remove", b, f.Reward)}
	case world.Redeemed:
		return []event{redemption("add", b, f.Redemption)}
	case world.RedemptionSettled:
		return []event{redemption("update", b, f.Redemption)}
	case world.AutomaticRedeemed:
		return []event{automaticRedeemed(s.world, b, &f), automaticRedeemedV1(s.world, b, &f)}
	case world.PowerUpMessage:
		return []event{powerUpMessageBits(s.world, b, &f)}
	case world.PowerUpRedeemed:
		return []event{powerUpRedeemed(b, &f), powerUpBits(b, &f)}

	case world.RaidAnnounced:
		return []event{moderate(b, moderator(b), "raid", fact)}
	case world.RaidCancelled:
		return []event{moderate(b, moderator(b), "unraid", fact), unraidNotice(s.world, b, &f)}

	case world.CharityStarted:
		return []event{charityStarted(b, &f)}
	case world.CharityDonated:
		return []event{donated(b, &f), charityProgressed(b, &f), donationNotice(s.world, b, &f)}
	case world.CharityStopped:
		return []event{charityStopped(b, &f)}
	case world.GoalBegan:
		return []event{goal("begin", b, f.Goal)}
	case world.GoalProgressed:
		return []event{goal("progress", b, f.Goal)}
	case world.GoalEnded:
		return []event{goalEnded(b, &f)}
	case world.HypeTrainBegan:
		return []event{trainBegan(b, &f)}
	case world.HypeTrainProgressed:
		return []event{trainProgressed(b, &f)}
	case world.HypeTrainEnded:
		return []event{trainEnded(b, &f)}

	case world.GuestStarBegan:
		return []event{guestStarBegan(b, &f)}
	case world.GuestStarEnded:
		return []event{guestStarEnded(b, &f)}
	case world.GuestChanged:
		return []event{guestChanged(b, &f)}
	case world.GuestStarSettingsChanged:
		return []event{guestStarSettings(b, &f)}

	case world.DropGranted:
		return []event{dropGranted(&f)}
	case world.ProductBought:
		return []event{productBought(b, &f)}
	case world.UserAuthorizationGranted:
		return []event{authorization("grant", f.ClientID, f.User)}
	case world.UserAuthorizationRevoked:
		return []event{authorization("revoke", f.ClientID, f.User)}
	}
	return nil
}

// aboutReward makes an event that a condition may narrow to one reward.
func aboutReward(name string, b broadcaster, rewardID string, payload func() any) event {
	e := inChannel(name, "1", b, payload)
	e.keys["reward_id"] = rewardID
	return e
}

type images struct {
	Small  string `json:"url_1x"`
	Medium string `json:"url_2x"`
	Large  string `json:"url_4x"`
}

func reward(what string, b broadcaster, r world.Reward) event {
	type limit struct {
		On    bool `json:"is_enabled"`
		Value int  `json:"value"`
	}
	type cooldown struct {
		On      bool `json:"is_enabled"`
		Seconds int  `json:"seconds"`
	}
	return aboutReward("channel.channel_points_custom_reward."+what, b, r.ID, func() any {
		image := "https://static-cdn.jtvnw.net/custom-reward-images/default-"
		p := struct {
			ID string `json:"id"`
			broadcaster
			Enabled       bool       `json:"is_enabled"`
			Paused        bool       `json:"is_paused"`
			InStock       bool       `json:"is_in_stock"`
			Title         string     `json:"title"`
			Cost          int        `json:"cost"`
			Prompt        string     `json:"prompt"`
			InputRequired bool       `json:"is_user_input_required"`
			SkipQueue     bool       `json:"should_redemptions_skip_request_queue"`
			PerStream     limit      `json:"max_per_stream"`
			PerUser       limit      `json:"max_per_user_per_stream"`
			Color         string     `json:"background_color"`
			Image         *images    `json:"image"`
			DefaultImage  images     `json:"default_image"`
			Cooldown      cooldown   `json:"global_cooldown"`
			CooldownUntil *time.Time `json:"cooldown_expires_at"`
			RedeemedNow   *int       `json:"redemptions_redeemed_current_stream"`
		}{
			r.ID, b, r.Enabled, r.Paused, r.InStock, r.Title, r.Cost, r.Prompt, r.InputRequired, r.SkipQueue,
			limit(r.PerStream), limit(r.PerUser), r.Color, nil,
			images{image + "1.png", image + "2.png", image + "4.png"},
			cooldown{r.Cooldown.On, r.Cooldown.Value},
			orNull(r.CooldownUntil), nil,
		}
		if r.Live && r.PerStream.On {
			p.RedeemedNow = &r.RedeemedNow
		}
		return p
	})
}

func redemption(what string, b broadcaster, r world.Redemption) event {
	type reward struct {
		ID     string `json:"id"`
		Title  string `json:"title"`
		Cost   int    `json:"cost"`
		Prompt string `json:"prompt"`
	}
	return aboutReward("channel.channel_points_custom_reward_redemption."+what, b, r.Reward.ID, func() any {
		return struct {
			ID string `json:"id"`
			broadcaster
			user
			Input      string    `json:"user_input"`
			Status     string    `json:"status"`
			Reward     reward    `json:"reward"`
			RedeemedAt time.Time `json:"redeemed_at"`
		}{
			r.ID, b, asUser(r.User), r.Input, strings.ToLower(r.Status),
			reward{r.Reward.ID, r.Reward.Title, r.Reward.Cost, r.Reward.Prompt},
			r.RedeemedAt,
		}
	})
}

func powerUpRedeemed(b broadcaster, f *world.PowerUpRedeemed) event {
	type powerUp struct {
		ID     string `json:"id"`
		Title  string `json:"title"`
		Bits   int    `json:"bits"`
		Prompt string `json:"prompt"`
	}
	return aboutReward("channel.custom_power_up_redemption.add", b, f.PowerUp.ID, func() any {
		return struct {
			ID string `json:"id"`
			broadcaster
			user
			Input      string    `json:"user_input"`
			Status     string    `json:"status"`
			PowerUp    powerUp   `json:"custom_power_up"`
			RedeemedAt time.Time `json:"redeemed_at"`
		}{
			f.ID, b, asUser(f.User), f.Input, "unfulfilled",
			powerUp{f.PowerUp.ID, f.PowerUp.Title, f.PowerUp.Bits, f.PowerUp.Prompt},
			f.RedeemedAt,
		}
	})
}

func powerUpBits(b broadcaster, f *world.PowerUpRedeemed) event {
	type powerUp struct {
		Title string `json:"title"`
		ID    string `json:"reward_id"`
	}
	return inChannel("channel.bits.use", "1", b, func() any {
		return struct {
			broadcaster
			user
			Bits          int       `json:"bits"`
			Type          string    `json:"type"`
			Message       *bitsText `json:"message"`
			PowerUp       *string   `json:"power_up"`
			CustomPowerUp powerUp   `json:"custom_power_up"`
		}{b, asUser(f.User), f.PowerUp.Bits, "custom_power_up", nil, nil, powerUp{f.PowerUp.Title, f.PowerUp.ID}}
	})
}
