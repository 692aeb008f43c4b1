package chat_test

import (
	"testing"
	"testing/synctest"
	"time"

	"github.com/larkspur-dev/larkspur/emulator/internal/chat"
	"github.com/larkspur-dev/larkspur/emulator/internal/world"
)

// Each row changes the world and says what a client with tags and commands, and
// one with neither, get of it.
func TestFacts(t *testing.T) {
	var deleted string // id of the message that a row deletes
	tests := []struct {
		name string
		do   func(w *world.World) error
		want []string
		bare []string
	}{
		{
			"ban", func(w *world.World) error { _, err := w.Ban("1", "2", "4", 0, "spam"); return err },
			[]string{"@room-id=1;target-user-id=4;tmi-sent-ts=<ts> :tmi.twitch.tv CLEARCHAT #ada :bob"},
			nil,
		},
		{
			"timeout", func(w *world.World) error { _, err := w.Ban("1", "2", "4", 10*time.Minute, ""); return err },
			[]string{"@ban-duration=600;room-id=1;target-user-id=4;tmi-sent-ts=<ts> :tmi.twitch.tv CLEARCHAT #ada :bob"},
			nil,
		},
		{
			"redeemed with a text",
			func(w *world.World) error {
				_, err := w.PostChat(world.Post{BroadcasterID: "1", SenderID: "4", Text: "water", RewardID: "r-1"})
				return err
			},
			[]string{"@badge-info=;badges=;color=#FF0000;custom-reward-id=r-1;display-name=Bob;emotes=;first-msg=0;flags=;id=<id>;mod=0;returning-chatter=0;room-id=1;subscriber=0;tmi-sent-ts=<ts>;turbo=0;user-id=4;user-type= :bob!bob@bob.tmi.twitch.tv PRIVMSG #ada :water"},
			[]string{":bob!bob@bob.tmi.twitch.tv PRIVMSG #ada :water"},
		},
		{
			"clear", func(w *world.World) error { return w.ClearChat("1", "2") },
			[]string{"@room-id=1;tmi-sent-ts=<ts> :tmi.twitch.tv CLEARCHAT #ada"},
			nil,
		},
		{
			"delete", func(w *world.World) error { return w.DeleteMessage("1", "2", deleted) },
			[]string{"@login=bob;room-id=;target-msg-id=<id>;tmi-sent-ts=<ts> :tmi.twitch.tv CLEARMSG #ada :first"},
			nil,
		},
		{
			"slow and followers only",
			func(w *world.World) error {
				_, err := w.ModifyChatSettings("1", "2", func(c *world.ChatSettings) {
					c.Slow, c.FollowersOnly, c.FollowersDuration = 10*time.Second, true, time.Hour
				})
				return err
			},
			[]string{
				"@followers-only=60;room-id=1 :tmi.twitch.tv ROOMSTATE #ada",
				"@msg-id=followers_on :tmi.twitch.tv NOTICE #ada :This room is now in 60 minutes followers-only mode.",
				"@room-id=1;slow=10 :tmi.twitch.tv ROOMSTATE #ada",
				"@msg-id=slow_on :tmi.twitch.tv NOTICE #ada :This room is now in slow mode. You may send messages every 10 seconds.",
			},
			nil,
		},
		{
			"subscription", func(w *world.World) error { return w.StartSubscription("1", "4", "2000") },
			[]string{"@badge-info=subscriber/1;badges=subscriber/2000;color=#FF0000;display-name=Bob;emotes=;flags=;id=<id>;login=bob;mod=0;msg-id=sub;" +
				"msg-param-cumulative-months=1;msg-param-months=0;msg-param-multimonth-duration=1;msg-param-multimonth-tenure=0;msg-param-should-share-streak=0;" +
				`msg-param-sub-plan=2000;msg-param-sub-plan-name=Channel\sSubscription\s(ada);msg-param-was-gifted=false;room-id=1;subscriber=1;` +
				`system-msg=Bob\ssubscribed\sat\sTier\s2.;tmi-sent-ts=<ts>;turbo=0;user-id=4;user-type=;vip=0 :tmi.twitch.tv USERNOTICE #ada`},
			nil,
		},
		{
			"resubscription", func(w *world.World) error { return w.Resubscribe("1", "4", "still here Kappa", 8) },
			[]string{"@badge-info=subscriber/8;badges=subscriber/6;color=#FF0000;display-name=Bob;emotes=25:11-15;flags=;id=<id>;login=bob;mod=0;msg-id=resub;" +
				"msg-param-cumulative-months=8;msg-param-months=0;msg-param-multimonth-duration=1;msg-param-multimonth-tenure=0;msg-param-should-share-streak=1;msg-param-streak-months=8;" +
				`msg-param-sub-plan=1000;msg-param-sub-plan-name=Channel\sSubscription\s(ada);msg-param-was-gifted=false;room-id=1;subscriber=1;` +
				`system-msg=Bob\ssubscribed\sat\sTier\s1.\sThey've\ssubscribed\sfor\s8\smonths,\scurrently\son\sa\s8\smonth\sstreak!;tmi-sent-ts=<ts>;turbo=0;user-id=4;user-type=;vip=0 :tmi.twitch.tv USERNOTICE #ada :still here Kappa`},
			nil,
		},
		{
			"gifts", func(w *world.World) error { return w.GiftSubscriptions("1", "4", "", []string{"3"}) },
			[]string{
				"@badge-info=;badges=;color=#FF0000;display-name=Bob;emotes=;flags=;id=<id>;login=bob;mod=0;msg-id=submysterygift;" +
					"msg-param-community-gift-id=<gift>;msg-param-mass-gift-count=1;msg-param-origin-id=<gift>;msg-param-sender-count=1;msg-param-sub-plan=1000;room-id=1;subscriber=0;" +
					`system-msg=Bob\sis\sgifting\s1\sTier\s1\sSubs\sto\sAda's\scommunity!\sThey've\sgifted\sa\stotal\sof\s1\sin\sthe\schannel!;tmi-sent-ts=<ts>;turbo=0;user-id=4;user-type=;vip=0 :tmi.twitch.tv USERNOTICE #ada`,
				"@badge-info=;badges=;color=#FF0000;display-name=Bob;emotes=;flags=;id=<id>;login=bob;mod=0;msg-id=subgift;" +
					"msg-param-community-gift-id=<gift>;msg-param-gift-months=1;msg-param-months=1;msg-param-origin-id=<gift>;msg-param-recipient-display-name=Grace;" +
					`msg-param-recipient-id=3;msg-param-recipient-user-name=grace;msg-param-sender-count=0;msg-param-sub-plan=1000;msg-param-sub-plan-name=Channel\sSubscription\s(ada);` +
					`room-id=1;subscriber=0;system-msg=Bob\sgifted\sa\sTier\s1\ssub\sto\sGrace!;tmi-sent-ts=<ts>;turbo=0;user-id=4;user-type=;vip=0 :tmi.twitch.tv USERNOTICE #ada`,
			},
			nil,
		},
		{
			"anonymous gift", func(w *world.World) error { return w.GiftSubscriptions("1", "", "3000", []string{"3"}) },
			[]string{
				"@badge-info=;badges=;color=;display-name=AnAnonymousGifter;emotes=;flags=;id=<id>;login=ananonymousgifter;mod=0;msg-id=submysterygift;" +
					"msg-param-community-gift-id=<gift>;msg-param-mass-gift-count=1;msg-param-origin-id=<gift>;msg-param-sub-plan=3000;room-id=1;subscriber=0;" +
					`system-msg=AnAnonymousGifter\sis\sgifting\s1\sTier\s3\sSubs\sto\sAda's\scommunity!;tmi-sent-ts=<ts>;turbo=0;user-id=274598607;user-type=;vip=0 :tmi.twitch.tv USERNOTICE #ada`,
				"@badge-info=;badges=;color=;display-name=AnAnonymousGifter;emotes=;flags=;id=<id>;login=ananonymousgifter;mod=0;msg-id=subgift;" +
					"msg-param-community-gift-id=<gift>;msg-param-gift-months=1;msg-param-months=1;msg-param-origin-id=<gift>;msg-param-recipient-display-name=Grace;" +
					`msg-param-recipient-id=3;msg-param-recipient-user-name=grace;msg-param-sender-count=0;msg-param-sub-plan=3000;msg-param-sub-plan-name=Channel\sSubscription\s(ada);` +
					`room-id=1;subscriber=0;system-msg=AnAnonymousGifter\sgifted\sa\sTier\s3\ssub\sto\sGrace!;tmi-sent-ts=<ts>;turbo=0;user-id=274598607;user-type=;vip=0 :tmi.twitch.tv USERNOTICE #ada`,
			},
			nil,
		},
		{
			"raid", func(w *world.World) error { return w.Raid("4", "1", 42) },
			[]string{"@badge-info=;badges=;color=#FF0000;display-name=Bob;emotes=;flags=;id=<id>;login=bob;mod=0;msg-id=raid;" +
				"msg-param-displayName=Bob;msg-param-login=bob;msg-param-profileImageURL=https://static-cdn.jtvnw.net/jtv_user_pictures/<n>-profile_image-%s.png;msg-param-viewerCount=42;" +
				`room-id=1;subscriber=0;system-msg=42\sraiders\sfrom\sBob\shave\sjoined!;tmi-sent-ts=<ts>;turbo=0;user-id=4;user-type=;vip=0 :tmi.twitch.tv USERNOTICE #ada`},
			nil,
		},
		{
			"donation",
			func(w *world.World) error {
				if _, err := w.StartCampaign("1", "Cat Home", 10_000); err != nil {
					return err
				}
				_, err := w.Donate("1", "4", 1205)
				return err
			},
			[]string{"@badge-info=;badges=;color=#FF0000;display-name=Bob;emotes=;flags=;id=<id>;login=bob;mod=0;msg-id=charitydonation;" +
				`msg-param-charity-name=Cat\sHome;msg-param-donation-amount=1205;msg-param-donation-currency=USD;msg-param-exponent=2;` +
				`room-id=1;subscriber=0;system-msg=Bob:\sDonated\sUSD\s12.05\sto\ssupport\sCat\sHome;tmi-sent-ts=<ts>;turbo=0;user-id=4;user-type=;vip=0 :tmi.twitch.tv USERNOTICE #ada`},
			nil,
		},
		{
			"announcement", func(w *world.World) error { return w.Announce("1", "2", "read this", "blue") },
			[]string{"@badge-info=;badges=moderator/1;color=#FF0000;display-name=Mod;emotes=;flags=;id=<id>;login=mod;mod=1;msg-id=announcement;msg-param-color=BLUE;" +
				"room-id=1;subscriber=0;system-msg=;tmi-sent-ts=<ts>;turbo=0;user-id=2;user-type=mod;vip=0 :tmi.twitch.tv USERNOTICE #ada :read this"},
			nil,
		},
		{
			"cheer", func(w *world.World) error { _, err := w.Cheer("1", "4", 100, "nice"); return err },
			[]string{"@badge-info=;badges=;bits=100;color=#FF0000;display-name=Bob;emotes=;first-msg=0;flags=;id=<id>;mod=0;returning-chatter=0;room-id=1;" +
				"subscriber=0;tmi-sent-ts=<ts>;turbo=0;user-id=4;user-type= :bob!bob@bob.tmi.twitch.tv PRIVMSG #ada :Cheer100 nice"},
			[]string{":bob!bob@bob.tmi.twitch.tv PRIVMSG #ada :Cheer100 nice"},
		},
		{
			"whisper", func(w *world.World) error { return w.Whisper("4", "3", "psst") },
			[]string{"@badges=;color=#FF0000;display-name=Bob;emotes=;message-id=<id>;thread-id=3_4;turbo=0;user-id=4;user-type= :bob!bob@bob.tmi.twitch.tv WHISPER grace :psst"},
			nil,
		},
		{
			"raw line", func(w *world.World) error { return w.Replay("1", "@a=b;c :x!x@x PRIVMSG #elsewhere :as it stands") },
			[]string{"@a=b;c :x!x@x PRIVMSG #elsewhere :as it stands"},
			[]string{":x!x@x PRIVMSG #elsewhere :as it stands"},
		},
		{
			"another channel", func(w *world.World) error { return w.ClearChat("4", "4") }, nil, nil,
		},
		{
			"nothing for chat", func(w *world.World) error { return w.Follow("1", "4") }, nil, nil,
		},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				s := newStage(t, chat.Config{})
				p, bare := s.login("grace", "ada"), s.dial()
				bare.send("NICK justinfan1", "JOIN #ada")
				m, err := s.world.PostChat(world.Post{BroadcasterID: "1", SenderID: "4", Text: "first"})
				if err != nil {
					t.Fatal(err)
				}
				deleted = m.ID
				p.take()
				bare.take()
				if err := test.do(s.world); err != nil {
					t.Fatal(err)
				}
				p.want(test.want...)
				bare.want(test.bare...)
			})
		})
	}
}
