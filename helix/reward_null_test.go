package helix

import (
	"encoding/json"
	"testing"
)

// Twitch sends null where it does not count redemptions, which was read as 0: a
// reward of which all redemptions are left.
func TestRedemptionsOfARewardTellNullFromZero(t *testing.T) {
	for raw, want := range map[string]*int{`{"redemptions_redeemed_current_stream":null}`: nil, `{"redemptions_redeemed_current_stream":0}`: new(0)} {
		var r CustomReward
		if err := json.Unmarshal([]byte(raw), &r); err != nil {
			t.Fatal(err)
		}
		if got := r.RedemptionsRedeemedCurrentStream; (got == nil) != (want == nil) || got != nil && *got != *want {
			t.Errorf("%s: got %v, want %v", raw, got, want)
		}
	}
}
