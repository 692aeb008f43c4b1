package action

import (
	"context"
	"fmt"
	"strings"

	"github.com/larkspur-dev/larkspur/helix"
)

// redemptionFields name a redemption; both come from the event of one.
var redemptionFields = []Field{
	{Name: "redemption", Kind: KindText, Required: true, From: FromRedemption, About: "the id of the redemption", Absent: "there is no redemption; the skill needs reward: as its trigger, or give redemption and reward"},
	{Name: "reward", Kind: KindText, Required: true, From: FromReward, About: "the id of the reward", Absent: "there is no redemption; the skill needs reward: as its trigger, or give redemption and reward"},
}

var fulfil = Action{
	Name: "fulfil", Class: ClassRedemption,
	About:     "Marks a redemption of channel points as fulfilled.",
	Endpoints: []string{"update-redemption-status"},
	Fields:    redemptionFields,
	Do:        decide("FULFILLED"),
}

var refund = Action{
	Name: "refund", Class: ClassRedemption,
	About:     "Cancels a redemption; the viewer gets the channel points back.",
	Endpoints: []string{"update-redemption-status"},
	Fields:    redemptionFields,
	Do:        decide("CANCELED"),
}

func decide(status string) func(context.Context, *Twitch, Effect) (map[string]any, error) {
	return func(ctx context.Context, t *Twitch, e Effect) (map[string]any, error) {
		_, err := t.Client.ChannelPoints.UpdateRedemptions(ctx, helix.UpdateRedemptionStatusParams{
			IDs: []string{e.Text("redemption")}, BroadcasterID: t.Broadcaster.ID, RewardID: e.Text("reward"), Status: helix.RedemptionStatus(status),
		})
		return nil, err
	}
}

var createReward = Action{
	Name: "create-reward", Class: ClassChannel,
	About:     "Makes a reward for channel points.",
	Example:   "{title: Hydrate!, cost: 100, prompt: I drink a sip}",
	Endpoints: []string{"create-custom-rewards"},
	Fields: []Field{
		{Name: "title", Kind: KindText, Required: true, Length: 45, About: "its title"},
		{Name: "cost", Kind: KindInt, Required: true, Min: 1, Max: 1 << 31, About: "how many channel points"},
		{Name: "prompt", Kind: KindText, Length: 200, About: "what viewers read"},
		{Name: "input", Kind: KindBool, About: "whether viewers must write something"},
	},
	Result: "reward", Outcome: []Attr{{"id", KindText, "the id of the reward"}},
	Detail: func(e Effect) string { return e.Text("title") },
	Do: func(ctx context.Context, t *Twitch, e Effect) (map[string]any, error) {
		made, err := t.Client.ChannelPoints.CreateReward(ctx, helix.CreateCustomRewardsParams{
			BroadcasterID: t.Broadcaster.ID, Title: e.Text("title"), Cost: e.Int("cost"), Prompt: e.Text("prompt"), IsUserInputRequired: e.Bool("input"),
		})
		if err != nil {
			return nil, err
		}
		return map[string]any{"id": made.ID}, nil
	},
}

var updateReward = Action{
	Name: "update-reward", Class: ClassChannel,
	About:     "Changes a reward that this program made; fields that are left out stay.",
	Example:   "{reward: Hydrate!, cost: 200, enabled: true, paused: false}",
	Endpoints: []string{"update-custom-reward", "get-custom-reward"},
	Fields: []Field{
		{Name: "reward", Kind: KindText, Required: true, From: FromReward, About: "its title or id"},
		{Name: "title", Kind: KindText, Length: 45, About: "its new title"},
		{Name: "cost", Kind: KindInt, Min: 1, Max: 1 << 31, About: "how many channel points"},
		{Name: "prompt", Kind: KindText, Length: 200, About: "what viewers read"},
		{Name: "enabled", Kind: KindBool, About: "whether viewers see it"},
		{Name: "paused", Kind: KindBool, About: "whether it cannot be redeemed for now"},
	},
	Detail: func(e Effect) string { return e.Text("reward") },
	Do: func(ctx context.Context, t *Twitch, e Effect) (map[string]any, error) {
		id, err := t.findReward(ctx, e.Text("reward"))
		if err != nil {
			return nil, err
		}
		p := helix.UpdateCustomRewardParams{BroadcasterID: t.Broadcaster.ID, ID: id}
		if e.Has("title") {
			p.Title = new(e.Text("title"))
		}
		if e.Has("cost") {
			p.Cost = e.Int("cost")
		}
		if e.Has("prompt") {
			p.Prompt = new(e.Text("prompt"))
		}
		if e.Has("enabled") {
			p.IsEnabled = new(e.Bool("enabled"))
		}
		if e.Has("paused") {
			p.IsPaused = new(e.Bool("paused"))
		}
		_, err = t.Client.ChannelPoints.UpdateReward(ctx, p)
		return nil, err
	},
}

// findReward returns the id of a reward that this program made.
func (t *Twitch) findReward(ctx context.Context, text string) (string, error) {
	rewards, err := t.Client.ChannelPoints.GetRewards(ctx, helix.GetCustomRewardParams{BroadcasterID: t.Broadcaster.ID, OnlyManageableRewards: true})
	if err != nil {
		return "", err
	}
	for _, r := range rewards {
		if r.ID == text || strings.EqualFold(r.Title, text) {
			return r.ID, nil
		}
	}
	return "", fmt.Errorf("this program made no reward %q; Twitch lets only the program change a reward that made it", text)
}
