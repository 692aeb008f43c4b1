package main

import (
	"log/slog"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/larkspur-dev/larkspur"
	"github.com/larkspur-dev/larkspur/emulator"
	"github.com/larkspur-dev/larkspur/helix"
	"github.com/larkspur-dev/larkspur/oauth"
)

// The bot of the channel's own account fulfils and cancels redemptions.
func TestReward(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := &scene{t: t, tw: emulator.Start(t, emulator.InMemory(), emulator.Channel("ada"), emulator.User("Grace"))}
		t.Cleanup(s.tw.HTTPClient().CloseIdleConnections)
		me, err := newAccount(s.tw.ClientID(), s.tw.ClientSecret(), oauth.NewMemoryStore(), larkspur.AccountOptions{
			Server: s.tw.URL(), HTTPClient: s.tw.HTTPClient(), RedirectURI: redirect, Logger: slog.New(slog.NewTextHandler(s, nil)),
			Code: oauth.Secret(s.tw.AuthorizationCode("ada", redirect, "user:read:chat", "user:write:chat", "channel:manage:redemptions")),
		})
		if err != nil {
			t.Fatal(err)
		}
		if got := me.Scopes().String(); !strings.Contains(got, "channel:manage:redemptions") {
			t.Errorf("scopes: got %s, want that of redemptions", got)
		}
		s.play(me.Run, me.Ready, func(s *scene) {
			created, err := me.Twitch.ChannelPoints.CreateReward(t.Context(), helix.CreateCustomRewardsParams{
				BroadcasterID: me.ChannelID(), Title: "Free coffee", Cost: 100, IsUserInputRequired: true,
			})
			if err != nil {
				t.Fatal(err)
			}
			reward := created.ID
			for _, text := range []string{"large", "huge"} {
				s.tw.Redeem("ada", "grace", reward, text)
				time.Sleep(time.Second)
			}
			var said []string
			for _, m := range s.tw.Chat("ada") {
				said = append(said, m.Text)
			}
			want := "large, one large coffee for @Grace, huge, @Grace size must be one of small, large; usage: Free coffee <small|large>"
			if got := strings.Join(said, ", "); got != want {
				t.Errorf("got %s, want %s; log: %s", got, want, s.logged())
			}
			for _, status := range []helix.RedemptionStatus{helix.RedemptionStatusFulfilled, helix.RedemptionStatusCanceled} {
				page, err := me.Twitch.ChannelPoints.GetRedemptions(t.Context(), helix.GetCustomRewardRedemptionParams{
					BroadcasterID: s.tw.UserID("ada"), RewardID: reward, Status: status,
				})
				if err != nil || len(page.Items) != 1 {
					t.Errorf("%s: got %d redemptions, %v, want 1; log: %s", status, len(page.Items), err, s.logged())
				}
			}
		})
	})
}
