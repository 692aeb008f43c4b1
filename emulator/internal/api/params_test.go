package api_test

import "testing"

// twurple sends the cost of a vote as 0 where no vote costs points, and nicklaw5/helix
// sends every setting of a reward, most of them off and 0.
func TestMinimumOfSwitchedOffOption(t *testing.T) {
	const poll = `POST /polls {"broadcaster_id":"{ada}","title":"Tea?","choices":[{"title":"yes"},{"title":"no"}],"duration":60,`
	const reward = `POST /channel_points/custom_rewards?broadcaster_id={ada} {"title":"Stretch","cost":5,`
	const update = `PATCH /channel_points/custom_rewards?broadcaster_id={ada}&id={reward} `
	const settings = `PATCH /chat/settings?broadcaster_id={ada}&moderator_id={ada} `
	for _, row := range []struct {
		name, request string
		status        int
	}{
		{"twurple's poll", poll + `"channel_points_voting_enabled":false,"channel_points_per_vote":0}`, 200},
		{"poll, option left out", poll + `"channel_points_per_vote":0}`, 200},
		{"poll, option on", poll + `"channel_points_voting_enabled":true,"channel_points_per_vote":0}`, 400},
		{"poll, option off, above the maximum", poll + `"channel_points_voting_enabled":false,"channel_points_per_vote":1000001}`, 400},
		{
			"nicklaw5/helix's reward", reward + `"prompt":"","is_enabled":true,"is_user_input_required":false,"is_max_per_stream_enabled":false,
			"max_per_stream":0,"is_max_per_user_per_stream_enabled":false,"max_per_user_per_stream":0,"is_global_cooldown_enabled":false,
			"global_cooldown_seconds":0}`, 200,
		},
		{"reward, option on", reward + `"is_max_per_stream_enabled":true,"max_per_stream":0}`, 400},
		{"reward, option on, no value", reward + `"is_global_cooldown_enabled":true}`, 400},
		{"changed reward, option off", update + `{"is_max_per_stream_enabled":false,"max_per_stream":0}`, 200},
		{"changed reward, option left out: it may be on", update + `{"max_per_stream":0}`, 400},
		{"chat, option left out: it may be on", settings + `{"slow_mode_wait_time":2}`, 400},
		{"chat, not one of the values", settings + `{"non_moderator_chat_delay":true,"non_moderator_chat_delay_duration":5}`, 400},
	} {
		t.Run(row.name, func(t *testing.T) {
			d := newDesk(t, 0)
			d.prepareSupport("update-custom-reward")
			token := d.token(d.ada, "channel:manage:polls", "channel:manage:redemptions", "moderator:manage:chat_settings")
			if got := d.call(token, d.fill(row.request)); got.status != row.status {
				t.Errorf("got %d %s, want %d", got.status, got.raw, row.status)
			}
		})
	}
}
