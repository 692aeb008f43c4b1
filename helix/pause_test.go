package helix_test

import (
	"context"
	"errors"
	"testing"
	"testing/synctest"
	"time"

	"github.com/larkspur-dev/larkspur/emulator"
	"github.com/larkspur-dev/larkspur/helix"
)

// The answer to a commercial says when the next may be run; asking earlier would
// only be refused.
func TestSecondCommercialIsNotSentBeforeItsTime(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		twitch := emulator.Start(t, emulator.InMemory(), emulator.Channel("ada"), emulator.Live("ada"), emulator.Channel("grace"), emulator.Live("grace"))
		scopes := []string{"channel:edit:commercial"}
		tw := client(twitch, tokensOf(twitch, map[string][]string{"ada": scopes, "grace": scopes}))
		p := helix.StartCommercialParams{BroadcasterID: twitch.UserID("ada"), Length: 30}
		ad, err := tw.Ads.StartCommercial(t.Context(), p)
		if err != nil || ad.RetryAfter != 480 {
			t.Fatalf("got %+v, %v, want a pause of 480 s", ad, err)
		}

		start := time.Now()
		_, err = tw.Ads.StartCommercial(t.Context(), p)
		late, ok := errors.AsType[*helix.LimitError](err)
		if !ok || late.Wait < 8*time.Minute || late.Wait > 8*time.Minute+time.Second || !errors.Is(err, helix.ErrRateLimited) {
			t.Errorf("got %v, want a LimitError of 8 minutes", err)
		}
		if took := time.Since(start); took != 0 {
			t.Errorf("got the error after %v, want at once", took)
		}
		if limits := tw.Limits().Endpoints; len(limits) != 1 || limits[0].Wait < 8*time.Minute || limits[0].Endpoint.ID != "start-commercial" {
			t.Errorf("got %+v, want the pause among the limits", limits)
		}
		other := helix.StartCommercialParams{BroadcasterID: twitch.UserID("grace"), Length: 30}
		if _, err := tw.Ads.StartCommercial(t.Context(), other); err != nil {
			t.Errorf("another channel: got %v, want none", err)
		}

		// Who has set a deadline means to wait for it.
		ctx, cancel := context.WithTimeout(t.Context(), 10*time.Minute)
		defer cancel()
		if _, err := tw.Ads.StartCommercial(ctx, p); err != nil {
			t.Errorf("got %v, want a commercial when the pause is over", err)
		}
		if took := time.Since(start); took < 8*time.Minute || took > 8*time.Minute+time.Second {
			t.Errorf("got the second commercial after %v, want 8 minutes", took)
		}
	})
}

func TestLongListOfRedemptionsIsUpdatedInParts(t *testing.T) {
	twitch := emulator.Start(t, emulator.InMemory(), emulator.Channel("ada"))
	tw := client(twitch, tokensOf(twitch, map[string][]string{"ada": {"channel:manage:redemptions"}}))
	ada := twitch.UserID("ada")
	reward, err := tw.ChannelPoints.CreateReward(t.Context(), helix.CreateCustomRewardsParams{BroadcasterID: ada, Title: "Water", Cost: 1})
	if err != nil {
		t.Fatal(err)
	}
	var ids []string
	for range 120 {
		ids = append(ids, twitch.Redeem("ada", "grace", reward.ID, ""))
	}
	p := helix.UpdateRedemptionStatusParams{BroadcasterID: ada, RewardID: reward.ID, IDs: ids, Status: "FULFILLED"}
	done, err := tw.ChannelPoints.UpdateRedemptions(t.Context(), p)
	if err != nil || len(done) != len(ids) {
		t.Fatalf("got %d updated, %v, want %d", len(done), err, len(ids))
	}
	for i, r := range done {
		if r.ID != ids[i] || r.Status != "FULFILLED" {
			t.Fatalf("redemption %d: got %s %s, want %s fulfilled", i, r.ID, r.Status, ids[i])
		}
	}

	// What was fulfilled cannot be cancelled: the second part of fifty fails, and
	// what the first did is told.
	var more []string
	for range 50 {
		more = append(more, twitch.Redeem("ada", "grace", reward.ID, ""))
	}
	p.IDs, p.Status = append(more, ids[:50]...), "CANCELED"
	done, err = tw.ChannelPoints.UpdateRedemptions(t.Context(), p)
	if err == nil || len(done) != 50 || done[49].ID != more[49] {
		t.Errorf("got %d updated and %v, want the first fifty and an error", len(done), err)
	}
}
