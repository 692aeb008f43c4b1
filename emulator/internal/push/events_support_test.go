package push_test

import (
	"bytes"
	"testing"
	"testing/synctest"
	"time"

	"github.com/larkspur-dev/larkspur/emulator/internal/world"
)

const automatic = "channel.channel_points_automatic_reward_redemption.add"

// Each row is a story about rewards, charity, goals, trains or guests, told to
// a session that subscribed to everything.
func TestSupportEvents(t *testing.T) {
	tests := []struct {
		name string
		do   func(w *world.World) error
		want []string
		has  map[string]string
	}{
		{"reward", func(w *world.World) error {
			r, err := w.AddReward("1", "c", world.RewardSettings{Title: "Song", Cost: 5, Enabled: true, InputRequired: true, Cooldown: world.Cap{On: true, Value: 60}})
			must(t, err)
			_, err = w.Redeem("1", "3", r.ID, "Clair de lune")
			must(t, err)
			_, err = w.ChangeReward("1", "c", r.ID, func(s *world.RewardSettings) { s.Cost = 6 })
			must(t, err)
			return w.RemoveReward("1", "c", r.ID)
		}, []string{
			"channel.channel_points_custom_reward.add", "channel.channel_points_custom_reward_redemption.add",
			"channel.chat.message", "channel.channel_points_custom_reward.update",
			"channel.channel_points_custom_reward_redemption.update", "channel.channel_points_custom_reward.remove",
		}, map[string]string{
			"channel.channel_points_custom_reward.add":               `"global_cooldown":{"is_enabled":true,"seconds":60},"cooldown_expires_at":null`,
			"channel.chat.message":                                   `"channel_points_custom_reward_id":"`,
			"channel.channel_points_custom_reward.update":            `"cooldown_expires_at":"2000-01-01T00:01:00Z"`,
			"channel.channel_points_custom_reward_redemption.add":    `"user_input":"Clair de lune","status":"unfulfilled","reward":{"id":"`,
			"channel.channel_points_custom_reward_redemption.update": `"status":"fulfilled"`,
		}},
		{"highlighted message", func(w *world.World) error {
			_, err := w.RedeemAutomatic("1", "3", world.HighlightedMessage, "Hello Kappa")
			return err
		}, []string{"channel.chat.message", automatic, automatic}, map[string]string{
			"channel.chat.message": `"message_type":"channel_points_highlighted"`,
			automatic:              `"reward":{"type":"send_highlighted_message","cost":100,"unlocked_emote":null},"message":{"text":"Hello Kappa","emotes":[{"id":"25","begin":6,"end":10}]},"user_input":"Hello Kappa",`,
		}},
		{"chosen emote", func(w *world.World) error {
			u, _ := w.UserByID("1")
			_, err := w.RedeemAutomatic("1", "3", world.ChosenEmoteUnlock, u.Login+"Hi")
			return err
		}, []string{automatic, automatic}, map[string]string{
			automatic: `"reward":{"type":"chosen_sub_emote_unlock","cost":480,"unlocked_emote":{"id":"emotesv2_`,
		}},
		{"power-up", func(w *world.World) error {
			p, err := w.AddPowerUp("1", world.PowerUp{Title: "Fireworks", Bits: 50})
			must(t, err)
			return w.RedeemPowerUp("1", "3", p.ID, "")
		}, []string{"channel.custom_power_up_redemption.add", "channel.bits.use"}, map[string]string{
			"channel.bits.use": `"type":"custom_power_up","message":null,"power_up":null,"custom_power_up":{"title":"Fireworks"`,
		}},
		{"charity", func(w *world.World) error {
			_, err := w.StartCampaign("1", "Trees", 10000)
			must(t, err)
			_, err = w.Donate("1", "3", 1250)
			must(t, err)
			return w.StopCampaign("1")
		}, []string{
			"channel.charity_campaign.start", "channel.charity_campaign.donate", "channel.charity_campaign.progress", "channel.chat.notification",
			"channel.charity_campaign.stop",
		}, map[string]string{
			"channel.charity_campaign.donate":   `"amount":{"value":1250,"decimal_places":2,"currency":"USD"}`,
			"channel.charity_campaign.progress": `"current_amount":{"value":1250,`,
			"channel.chat.notification":         `"charity_donation":{"charity_name":"Trees","amount":{"value":1250,"decimal_place":2,`,
		}},
		{"goal", func(w *world.World) error {
			_, err := w.StartGoal("1", "follow", 2, "two")
			must(t, err)
			must(t, w.Follow("1", "3"))
			return w.Follow("1", "4")
		}, []string{
			"channel.goal.begin", "channel.follow", "channel.goal.progress", "channel.follow", "channel.goal.progress", "channel.goal.end",
		}, map[string]string{
			"channel.goal.begin": `"type":"follow","description":"two","current_amount":0,"target_amount":2`,
			"channel.goal.end":   `"is_achieved":true`,
		}},
		{"hype train", func(w *world.World) error {
			_, err := w.StartHypeTrain("1")
			must(t, err)
			must(t, w.StartSubscription("1", "3", "3000"))
			time.Sleep(6 * time.Minute)
			return nil
		}, []string{
			"channel.hype_train.begin", "channel.subscribe", "channel.chat.notification", "channel.hype_train.progress", "channel.hype_train.end",
		}, map[string]string{
			"channel.hype_train.progress": `"total":2500,"level":2,"top_contributions":[{"user_id":"3"`,
			"channel.hype_train.end":      `"ended_at":"2000-01-01T00:05:00Z","cooldown_ends_at":"2000-01-01T01:05:00Z"`,
		}},
		{"guests", func(w *world.World) error {
			must(t, w.ModifyGuestStarSettings("1", func(s *world.GuestStarSettings) { s.Slots = 2 }))
			s, err := w.BeginGuestStar("1")
			must(t, err)
			m := world.GuestMove{BroadcasterID: "1", ModeratorID: "2", SessionID: s.ID, GuestID: "3", Slot: "1"}
			must(t, w.InviteGuest(m))
			must(t, w.GuestReady(world.GuestMove{BroadcasterID: "1", SessionID: s.ID, GuestID: "3"}))
			must(t, w.AssignGuest(m))
			must(t, w.ModifyGuest(m, func(g *world.Guest) { g.Live, g.Volume = true, 40 }))
			must(t, w.RemoveGuest(m, false))
			_, err = w.EndGuestStar("1", s.ID)
			return err
		}, []string{
			"channel.guest_star_settings.update", "channel.guest_star_session.begin",
			"channel.guest_star_guest.update", "channel.guest_star_guest.update", "channel.guest_star_guest.update", "channel.guest_star_guest.update",
			"channel.guest_star_guest.update", "channel.guest_star_session.end",
		}, map[string]string{
			"channel.guest_star_settings.update": `"slot_count":2,"is_browser_source_audio_enabled":true,"group_layout":"tiled"`,
			"channel.guest_star_guest.update":    `"slot_id":"1","state":"live","host_video_enabled":true,"host_audio_enabled":true,"host_volume":40`,
		}},
		{"scheduled ad", func(w *world.World) error {
			_, err := w.GoLive("1")
			must(t, err)
			must(t, w.ScheduleAd("1", time.Minute, 30*time.Second))
			time.Sleep(2 * time.Minute)
			return nil
		}, []string{"stream.online", "channel.ad_break.begin"}, map[string]string{
			"channel.ad_break.begin": `"duration_seconds":30,"started_at":"2000-01-01T00:01:00Z","is_automatic":true`,
		}},
		{"raid that arrives by itself", func(w *world.World) error {
			_, err := w.GoLive("3")
			must(t, err)
			must(t, w.SetViewers("3", 7))
			_, err = w.StartRaid("3", "1")
			must(t, err)
			time.Sleep(91 * time.Second)
			return nil
		}, []string{"channel.raid", "channel.chat.notification"}, map[string]string{"channel.raid": `"viewers":7`}},
		{"raid that is cancelled", func(w *world.World) error {
			_, err := w.StartRaid("3", "1")
			must(t, err)
			must(t, w.CancelRaid("3"))
			time.Sleep(91 * time.Second)
			return nil
		}, nil, nil},
		{"raid that goes out", func(w *world.World) error {
			_, err := w.StartRaid("1", "3")
			must(t, err)
			return w.CancelRaid("1")
		}, []string{"channel.moderate", "channel.moderate", "channel.chat.notification"}, map[string]string{
			"channel.moderate":          `"unraid":{"user_id":"3","user_login":"grace","user_name":"Grace"}`,
			"channel.chat.notification": `"notice_type":"unraid"`,
		}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				s := newStage(t)
				p := s.connect("?keepalive_timeout_seconds=600")
				s.everything(p)
				must(t, test.do(s.world))
				var want []string
				for _, name := range test.want {
					want = append(want, "notification "+name)
				}
				found := map[string]bool{}
				for _, m := range p.want(want...) {
					checkShape(t, m)
					if part := test.has[m.Metadata.Type]; bytes.Contains(m.Payload.Event, []byte(part)) {
						found[m.Metadata.Type] = true
					} else if !found[m.Metadata.Type] {
						t.Logf("%s: %s", m.Metadata.Type, m.Payload.Event)
					}
				}
				for name, part := range test.has {
					if !found[name] {
						t.Errorf("got no %s with %s", name, part)
					}
				}
			})
		})
	}
}

// TestOneReward narrows a subscription to one of two rewards.
func TestOneReward(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newStage(t)
		first, err := s.world.AddReward("1", "c", world.RewardSettings{Title: "a", Cost: 1, Enabled: true})
		must(t, err)
		second, err := s.world.AddReward("1", "c", world.RewardSettings{Title: "b", Cost: 1, Enabled: true})
		must(t, err)
		p := s.connect("")
		s.subscribe(p, "1", "channel.channel_points_custom_reward_redemption.add", "1", "broadcaster_user_id", "1", "reward_id", second.ID)
		for _, r := range []world.Reward{first, second} {
			_, err := s.world.Redeem("1", "3", r.ID, "")
			must(t, err)
		}
		got := p.want("notification channel.channel_points_custom_reward_redemption.add")
		if len(got) == 1 && !bytes.Contains(got[0].Payload.Event, []byte(second.ID)) {
			t.Errorf("got %s, want the second reward", got[0].Payload.Event)
		}
	})
}
