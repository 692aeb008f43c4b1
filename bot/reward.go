package bot

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"strings"

	"github.com/larkspur-dev/larkspur/chat"
	"github.com/larkspur-dev/larkspur/eventsub"
	"github.com/larkspur-dev/larkspur/helix"
)

// A Redemption is a channel point reward that a viewer redeemed.
type Redemption = eventsub.ChannelPointsCustomRewardRedemptionAdd

// Reward runs do when a viewer redeems a channel point reward, given by its id or by its
// title, whose case does not matter. The arguments come from what the viewer wrote with
// the redemption, as those of a [Command] do. Checks, cooldowns, middleware and errors
// are those of a command, but for roles: Twitch does not tell those of the viewer.
//
// The outcome decides about the redemption: it is fulfilled if do returns nil, and else
// canceled, which gives the points back. Twitch allows that only for rewards that the
// application created; other redemptions stay in the broadcaster's queue. [KeepOpen]
// leaves all of them there.
//
// The bot needs Options.Mux and the subscriptions of [Bot.RewardWants], and to decide
// about redemptions the broadcaster's login with channel:manage:redemptions.
//
// The errors are those of [Command].
func Reward[A any](r Registrar, reward string, do func(ctx context.Context, c *Call, args A) error, options ...Option) error {
	var cmd *command
	if err := Command(registrarFunc(func(c *command) error { cmd = c; return nil }), rewardName(reward), do, options...); err != nil {
		return err
	}
	switch {
	case strings.TrimSpace(reward) == "":
		return errors.New("bot: reward: the id or title is missing")
	case len(cmd.Aliases) > 0:
		return fmt.Errorf("bot: reward %q: a reward has no aliases", reward)
	}
	cmd.Name, cmd.reward = reward, strings.ToLower(reward)
	return r.register(cmd)
}

// rewardName is a valid name for the checks of [Command]; that of a reward is free.
func rewardName(reward string) string { return strings.TrimSpace(reward) }

type registrarFunc func(cmd *command) error

func (f registrarFunc) register(cmd *command) error { return f(cmd) }
func (registrarFunc) registerGroup(*Spec) error     { return nil }

// KeepOpen leaves the redemptions of a [Reward] for the broadcaster to decide about.
func KeepOpen(s *Spec) { s.keepOpen = true }

// WithStatus makes a [Reward] run for redemptions with one of the statuses only. Rewards
// that skip the broadcaster's queue are fulfilled from the beginning, others unfulfilled.
// Default: both.
func WithStatus(statuses ...eventsub.RedemptionStatus) Option {
	return func(s *Spec) { s.statuses = append(s.statuses, statuses...) }
}

// RewardWants returns the subscriptions that the rewards of a channel need.
func (b *Bot) RewardWants(broadcasterID string) []eventsub.Condition {
	return []eventsub.Condition{
		eventsub.ChannelPointsCustomRewardRedemptionAddCondition{BroadcasterUserID: broadcasterID},
	}
}

// redeem starts the rewards of a redemption.
func (b *Bot) redeem(ctx context.Context, e *Redemption) error {
	if b.who.Load() == nil {
		return nil
	}
	t := b.tree.Load()
	for _, cmd := range t.rewards {
		if cmd.reward != strings.ToLower(e.Reward.ID) && cmd.reward != strings.ToLower(strings.TrimSpace(e.Reward.Title)) {
			continue
		}
		if len(cmd.statuses) > 0 && !slices.Contains(cmd.statuses, e.Status) {
			continue
		}
		user := chat.User{ID: e.UserID, Login: e.UserLogin, Name: e.UserName}
		m := &chat.Message{
			Broadcaster: chat.User{ID: e.BroadcasterUserID, Login: e.BroadcasterUserLogin, Name: e.BroadcasterUserName},
			Chatter:     chat.Chatter{User: user}, Text: e.UserInput, RewardID: e.Reward.ID, SentAt: e.RedeemedAt,
		}
		c := &Call{
			Command: cmd.Name, Alias: cmd.Name, Args: chat.Trim(e.UserInput), Redemption: e,
			Message: m, Chatter: m.Chatter, BroadcasterID: e.BroadcasterUserID, bot: b, cmd: cmd,
		}
		b.handled.Add(1)
		if !b.start(ctx, c) {
			b.log.WarnContext(ctx, "redemption dropped: too many calls wait", "reward", cmd.Name, "user_id", user.ID, "redemption_id", e.ID)
		}
	}
	return nil
}

// decide fulfils or cancels a redemption by the outcome of its call.
func (b *Bot) decide(ctx context.Context, c *Call) {
	if c.cmd.keepOpen || c.Redemption.Status != eventsub.RedemptionStatusUnfulfilled {
		return
	}
	ctx, cancel := context.WithTimeout(ctx, b.o.Deadline)
	defer cancel()
	status := helix.RedemptionStatusCanceled
	if c.ran && c.err == nil {
		status = helix.RedemptionStatusFulfilled
	}
	_, err := b.tw.ChannelPoints.UpdateRedemptions(ctx, helix.UpdateRedemptionStatusParams{
		IDs: []string{c.Redemption.ID}, BroadcasterID: c.BroadcasterID, RewardID: c.Redemption.Reward.ID, Status: status,
	})
	if err != nil {
		level := slog.LevelWarn
		if errors.Is(err, helix.ErrForbidden) { // another application's reward
			level = slog.LevelDebug
		}
		b.log.Log(ctx, level, "redemption left open", "reward", c.cmd.Name, "redemption_id", c.Redemption.ID, "error", err)
	}
}
