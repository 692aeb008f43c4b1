package helix_test

import (
	"context"
	"errors"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/larkspur-dev/larkspur/helix"
)

// Everything that was a chat command has its effect.
func TestRoom(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newStage(t)
		ctx, room := t.Context(), s.tw.Room(s.ada, s.mod)
		settings := func() helix.ChatSettings {
			got, err := s.tw.Chat.GetSettings(ctx, helix.GetChatSettingsParams{BroadcasterID: s.ada, ModeratorID: s.mod})
			if err != nil {
				t.Fatal(err)
			}
			return *got
		}
		names := func() string {
			var all []string
			for m, err := range room.Mods(ctx) {
				all = append(all, m.UserLogin)
				if err != nil {
					t.Error(err)
				}
			}
			for v, err := range room.VIPs(ctx) {
				all = append(all, "vip "+v.UserLogin)
				if err != nil {
					t.Error(err)
				}
			}
			return strings.Join(all, ", ")
		}
		for _, row := range []struct {
			name  string
			do    func(ctx context.Context) error
			holds func() bool
		}{
			{"delete", func(ctx context.Context) error { return room.Delete(ctx, s.message) }, func() bool { return !s.HasMessage("ada", s.message) }},
			{"timeout", func(ctx context.Context) error { return room.Timeout(ctx, s.grace, 1500*time.Millisecond, "") }, func() bool {
				time.Sleep(1900 * time.Millisecond)
				still := s.IsBanned("ada", "grace")
				time.Sleep(200 * time.Millisecond)
				return still && !s.IsBanned("ada", "grace")
			}},
			{"ban", func(ctx context.Context) error { return room.Ban(ctx, s.grace, "spam") }, func() bool { return s.IsBanned("ada", "grace") }},
			{"unban", func(ctx context.Context) error { return room.Unban(ctx, s.grace) }, func() bool { return !s.IsBanned("ada", "grace") }},
			{"slow", func(ctx context.Context) error { return room.Slow(ctx, 2500*time.Millisecond) }, func() bool { return settings().SlowMode && settings().SlowModeWaitTime == 3 }},
			{"slowoff", func(ctx context.Context) error { return room.Slow(ctx, 0) }, func() bool { return !settings().SlowMode }},
			{"followers", func(ctx context.Context) error { return room.FollowersOnly(ctx, 90*time.Second) }, func() bool { return settings().FollowerMode && settings().FollowerModeDuration == 2 }},
			{"followersoff", room.FollowersOnlyOff, func() bool { return !settings().FollowerMode }},
			{"subscribers", func(ctx context.Context) error { return room.SubscribersOnly(ctx, true) }, func() bool { return settings().SubscriberMode }},
			{"subscribersoff", func(ctx context.Context) error { return room.SubscribersOnly(ctx, false) }, func() bool { return !settings().SubscriberMode }},
			{"emoteonly", func(ctx context.Context) error { return room.EmoteOnly(ctx, true) }, func() bool { return settings().EmoteMode }},
			{"emoteonlyoff", func(ctx context.Context) error { return room.EmoteOnly(ctx, false) }, func() bool { return !settings().EmoteMode }},
			{"uniquechat", func(ctx context.Context) error { return room.UniqueChat(ctx, true) }, func() bool { return settings().UniqueChatMode }},
			{"mod", func(ctx context.Context) error { return room.Mod(ctx, s.grace) }, func() bool { return names() == "mod, grace, vip linus" }},
			{"unmod", func(ctx context.Context) error { return room.Unmod(ctx, s.grace) }, func() bool { return names() == "mod, vip linus" }},
			{"vip", func(ctx context.Context) error { return room.VIP(ctx, s.grace) }, func() bool { return names() == "mod, vip linus, vip grace" }},
			{"unvip", func(ctx context.Context) error { return room.Unvip(ctx, s.grace) }, func() bool { return names() == "mod, vip linus" }},
			{"announce", func(ctx context.Context) error { return room.Announce(ctx, "hello", helix.AnnouncementColorBlue) }, nil},
			{"shoutout", func(ctx context.Context) error { return room.Shoutout(ctx, s.linus) }, nil},
			{"color", func(ctx context.Context) error { return room.Color(ctx, helix.Color{B: 0xFF}) }, func() bool {
				got, err := s.tw.Chat.GetUserColors(ctx, helix.GetUserChatColorParams{UserIDs: []string{s.mod}})
				return err == nil && got[0].Color == "#0000FF"
			}},
			{"commercial", func(ctx context.Context) error { _, err := room.Commercial(ctx, time.Minute); return err }, nil},
			{"marker", func(ctx context.Context) error { _, err := room.Marker(ctx, "here"); return err }, nil},
			{"raid", func(ctx context.Context) error { return room.Raid(ctx, s.linus) }, nil},
			{"unraid", room.Unraid, nil},
			{"whisper", func(ctx context.Context) error { return room.Whisper(ctx, s.grace, "hi") }, nil},
			{"clear", room.Clear, func() bool { return len(s.Chat("ada")) > 0 && !s.HasMessage("ada", s.Chat("ada")[0].ID) }},
		} {
			if err := row.do(ctx); err != nil {
				t.Errorf("%s: %v", row.name, err)
			} else if row.holds != nil && !row.holds() {
				t.Errorf("%s had no effect; there are %s", row.name, names())
			}
		}
		if err := room.Delete(ctx, ""); !errors.As(err, new(*helix.ParamError)) {
			t.Errorf("delete without an id: got %v, want a ParamError", err)
		}
	})
}
