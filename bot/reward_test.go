package bot_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/larkspur-dev/larkspur/bot"
	"github.com/larkspur-dev/larkspur/emulator"
	"github.com/larkspur-dev/larkspur/eventsub"
	"github.com/larkspur-dev/larkspur/helix"
)

// tokens are the tokens of several users.
type tokens map[string]string

func (t tokens) Token(_ context.Context, userID string) (string, error) {
	if token := t[userID]; token != "" {
		return token, nil
	}
	return "", fmt.Errorf("no token of %q", userID)
}

func TestRewards(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		server := emulator.Start(t, emulator.InMemory(), emulator.Channel("ada"), emulator.User("larkspur", "grace"), emulator.Moderator("ada", "larkspur"))
		ada, id := server.UserID("ada"), server.UserID("larkspur")
		tw := helix.New(server.ClientID(), tokens{
			ada: server.UserToken("ada", "channel:manage:redemptions"), id: server.UserToken("larkspur", "user:write:chat"),
		}, helix.Options{HTTPClient: server.HTTPClient(), BaseURL: server.HelixURL()})
		mux := eventsub.NewMux()
		b := bot.New(tw, mux, bot.Options{UserID: id})
		type drink struct {
			Glasses int `arg:"default=1"`
		}
		if err := errors.Join(
			bot.Reward(b, "Drink some water", func(ctx context.Context, c *bot.Call, a drink) error {
				if a.Glasses > 3 {
					return bot.Sorry("that is too much")
				}
				return c.Reply(ctx, "cheers, %d", a.Glasses)
			}),
			bot.Reward(b, "open", func(context.Context, *bot.Call, struct{}) error { return nil }, bot.KeepOpen),
			bot.Reward(b, "drink some water", func(context.Context, *bot.Call, struct{}) error {
				t.Error("the status does not fit")
				return nil
			}, bot.WithStatus(eventsub.RedemptionStatusFulfilled)),
		); err != nil {
			t.Fatal(err)
		}
		drinks, err := tw.ChannelPoints.CreateReward(t.Context(), helix.CreateCustomRewardsParams{
			BroadcasterID: ada, Title: "drink some WATER", Cost: 100, IsUserInputRequired: true,
		})
		if err != nil {
			t.Fatal(err)
		}
		water, open := drinks.ID, server.AddReward("ada", "open", 1)
		session := eventsub.NewSession(tw, mux, eventsub.SessionOptions{UserID: ada, URL: server.EventSubURL(), HTTPClient: server.HTTPClient()})
		session.Want(b.RewardWants(ada)...)
		ctx, cancel := context.WithCancel(t.Context())
		done := make(chan error, 1)
		go func() { done <- session.Run(ctx) }()
		time.Sleep(5 * time.Second)

		for _, text := range []string{"1", "2", "4", "x"} {
			server.Redeem("ada", "grace", water, text)
			time.Sleep(time.Second)
		}
		server.Redeem("ada", "grace", open, "")
		time.Sleep(time.Second)
		var said []string
		for _, m := range server.Chat("ada") {
			said = append(said, m.Text)
		}
		if diff := cmp.Diff([]string{
			"1", "@grace cheers, 1", "2", "@grace cheers, 2", "4", "@grace that is too much",
			"x", "@grace glasses must be a whole number; usage: Drink some water [glasses]",
		}, said); diff != "" {
			t.Errorf("chat (-want +got):\n%s", diff)
		}
		got := map[string]int{}
		for _, reward := range []string{water, open} {
			for _, status := range []helix.RedemptionStatus{helix.RedemptionStatusFulfilled, helix.RedemptionStatusCanceled, helix.RedemptionStatusUnfulfilled} {
				page, err := tw.ChannelPoints.GetRedemptions(ctx, helix.GetCustomRewardRedemptionParams{BroadcasterID: ada, RewardID: reward, Status: status})
				if err != nil {
					t.Fatal(err)
				}
				got[fmt.Sprint(reward == water, " ", status)] += len(page.Items)
			}
		}
		if diff := cmp.Diff(map[string]int{
			"true FULFILLED": 2, "true CANCELED": 2, "true UNFULFILLED": 0,
			"false FULFILLED": 0, "false CANCELED": 0, "false UNFULFILLED": 1,
		}, got); diff != "" {
			t.Errorf("redemptions (-want +got):\n%s", diff)
		}
		cancel()
		<-done
		if err := errors.Join(mux.Drain(t.Context()), b.Drain(t.Context())); err != nil {
			t.Error(err)
		}
	})
}

func TestRewardsRefuse(t *testing.T) {
	b := bot.New(helix.New("id", helix.StaticToken("1", "t"), helix.Options{HTTPClient: http.DefaultClient}), eventsub.NewMux(), bot.Options{UserID: "1"})
	for want, err := range map[string]error{
		"bot: reward: the id or title is missing":  bot.Reward(b, " ", hello),
		`bot: reward "a": a reward has no aliases`: bot.Reward(b, "a", hello, bot.Alias("b")),
	} {
		if err == nil || err.Error() != want {
			t.Errorf("got %v, want %s", err, want)
		}
	}
}
