package push_test

import (
	"bytes"
	"testing"
	"testing/synctest"

	"github.com/larkspur-dev/larkspur/emulator/internal/world"
)

// Each row is a notice of chat, written in ada's channel or in bob's, which shares its chat
// with ada's, and what ada's subscription gets of it.
func TestNoticeEvents(t *testing.T) {
	notify := func(kind string) func(*world.World, string) error {
		return func(w *world.World, channel string) error {
			return w.Notify(channel, world.NewNotice{Kind: kind, UserID: "3", FromID: "2", RecipientID: "4"})
		}
	}
	const gifter = `{"gifter_is_anonymous":false,"gifter_user_id":"2","gifter_user_name":"Mod","gifter_user_login":"mod"}`
	for _, row := range []struct {
		kind   string // notice_type, and the field
		value  string // of the field
		do     func(w *world.World, channel string) error
		shared bool
	}{
		{"gift_paid_upgrade", gifter, notify("giftpaidupgrade"), true},
		{"gift_paid_upgrade", `{"gifter_is_anonymous":true,"gifter_user_id":null,"gifter_user_name":null,"gifter_user_login":null}`, func(w *world.World, channel string) error {
			return w.Notify(channel, world.NewNotice{Kind: "anongiftpaidupgrade", UserID: "3"})
		}, true},
		{"pay_it_forward", gifter, notify("standardpayforward"), true},
		{"pay_it_forward", gifter, notify("communitypayforward"), true},
		{"prime_paid_upgrade", `{"sub_tier":"1000"}`, notify("primepaidupgrade"), true},
		{"bits_badge_tier", `{"tier":1000}`, notify("bitsbadgetier"), false},
		{"watch_streak", `{"streak_count":3,"channel_points_awarded":350}`, notify("viewermilestone"), false},
		{"modiversary", `{"months":12}`, notify("modiversary"), true},
		{"sub", `{"sub_tier":"1000","is_prime":true,"duration_months":1}`, func(w *world.World, channel string) error { return w.StartSubscription(channel, "3", "Prime") }, true},
		{"announcement", `{"color":"green"}`, func(w *world.World, channel string) error { return w.Announce(channel, channel, "hear", "green") }, true},
		{"unraid", `{}`, func(w *world.World, channel string) error {
			_, err := w.StartRaid(channel, "3")
			must(t, err)
			return w.CancelRaid(channel)
		}, false},
	} {
		t.Run(row.kind, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				s := newStage(t)
				p := s.connect("")
				_, err := s.server.Create(grant("1", "user:read:chat"), request(p, "channel.chat.notification", "1", "broadcaster_user_id", "1", "user_id", "1"))
				must(t, err)
				must(t, s.world.ShareChat("1", "4"))
				p.take()
				must(t, row.do(s.world, "1"))
				got := p.take()
				if len(got) != 1 {
					t.Fatalf("got %d events, want one", len(got))
				}
				checkShape(t, got[0])
				for _, part := range []string{`"notice_type":"` + row.kind + `"`, `"` + row.kind + `":` + row.value, `"source_broadcaster_user_id":null`} {
					if !bytes.Contains(got[0].Payload.Event, []byte(part)) {
						t.Errorf("got %s, want %s in it", got[0].Payload.Event, part)
					}
				}
				must(t, row.do(s.world, "4"))
				got = p.take()
				if len(got) != 0 != row.shared {
					t.Fatalf("got %d events of the other channel", len(got))
				}
				for _, m := range got {
					checkShape(t, m)
					for _, part := range []string{
						`"notice_type":"shared_chat_` + row.kind + `"`, `"shared_chat_` + row.kind + `":` + row.value, `"` + row.kind + `":null`,
						`"source_broadcaster_user_id":"4"`, `"source_message_id":"`, `"broadcaster_user_id":"1"`,
					} {
						if !bytes.Contains(m.Payload.Event, []byte(part)) {
							t.Errorf("got %s, want %s in it", m.Payload.Event, part)
						}
					}
				}
			})
		})
	}
}

func TestNoticesWithoutAnEvent(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newStage(t)
		p := s.connect("")
		s.everything(p)
		for _, kind := range []string{"ritual", "rewardgift", "extendsub", "onetapstreakstarted", "somethingnew"} {
			must(t, s.world.Notify("1", world.NewNotice{Kind: kind, UserID: "3"}))
		}
		p.wantEvents(nil, nil)
	})
}

func TestSharedChatMessages(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newStage(t)
		p := s.connect("")
		_, err := s.server.Create(grant("1", "user:read:chat"), request(p, "channel.chat.message", "1", "broadcaster_user_id", "1", "user_id", "1"))
		must(t, err)
		must(t, s.world.ShareChat("1", "4"))
		p.take()
		m, err := s.world.PostChat(world.Post{BroadcasterID: "4", SenderID: "3", Text: "from over there"})
		must(t, err)
		got := p.take()
		if len(got) != 1 {
			t.Fatalf("got %d events, want one", len(got))
		}
		checkShape(t, got[0])
		for _, part := range []string{
			`"source_broadcaster_user_id":"4","source_broadcaster_user_login":"bob","source_broadcaster_user_name":"Bob"`, `"source_message_id":"` + m.ID + `"`,
			`"is_source_only":false`, `"source_badges":[]`, `"message_id":"` + world.CopyID(m.ID, "1") + `"`,
		} {
			if !bytes.Contains(got[0].Payload.Event, []byte(part)) {
				t.Errorf("got %s, want %s in it", got[0].Payload.Event, part)
			}
		}
		_, err = s.world.PostChat(world.Post{BroadcasterID: "4", SenderID: "3", Text: "only there", SourceOnly: true})
		must(t, err)
		if got := p.take(); len(got) != 0 {
			t.Errorf("got %d events of a message that stays there, want none", len(got))
		}
	})
}

// What pays for a message is in its type, and Bits have an event of their own.
func TestPowerUpMessages(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newStage(t)
		p := s.connect("")
		s.everything(p)
		_, err := s.world.RedeemAutomatic("1", "3", world.MessageEffect, "wow")
		must(t, err)
		p.wantEvents([]string{"channel.chat.message", "channel.bits.use"}, map[string]string{
			"channel.chat.message": `"message_type":"power_ups_message_effect"`,
			"channel.bits.use":     `"power_up":{"type":"message_effect","emote":null,"message_effect_id":"rainbow-eclipse"}`,
		})
		_, err = s.world.RedeemAutomatic("1", "3", world.GigantifyEmote, "big Kappa")
		must(t, err)
		p.wantEvents([]string{"channel.chat.message", "channel.bits.use"}, map[string]string{
			"channel.chat.message": `"message_type":"power_ups_gigantified_emote"`,
			"channel.bits.use":     `"power_up":{"type":"gigantify_an_emote","emote":{"id":"25","name":"Kappa"},"message_effect_id":null}`,
		})
	})
}
