package helix_test

import (
	"context"

	"github.com/larkspur-dev/larkspur/helix"
)

// everyChat are the calls about chat and whispers.
var everyChat = []everyRow{
	{"get-chatters", nil, func(ctx context.Context, tw *helix.Client, s *stage) error {
		return does(tw.Chat.GetChatters(ctx, helix.GetChattersParams{BroadcasterID: s.ada, ModeratorID: s.mod}))
	}},
	{"get-channel-emotes", nil, func(ctx context.Context, tw *helix.Client, s *stage) error {
		return does(tw.Chat.GetChannelEmotes(ctx, helix.GetChannelEmotesParams{BroadcasterID: s.ada}))
	}},
	{"get-global-emotes", nil, func(ctx context.Context, tw *helix.Client, _ *stage) error {
		return does(tw.Chat.GetGlobalEmotes(ctx))
	}},
	{"get-emote-sets", nil, func(ctx context.Context, tw *helix.Client, _ *stage) error {
		return does(tw.Chat.GetEmoteSets(ctx, helix.GetEmoteSetsParams{EmoteSetIDs: []string{"0"}}))
	}},
	{"get-channel-chat-badges", nil, func(ctx context.Context, tw *helix.Client, s *stage) error {
		return does(tw.Chat.GetChannelBadges(ctx, helix.GetChannelChatBadgesParams{BroadcasterID: s.ada}))
	}},
	{"get-global-chat-badges", nil, func(ctx context.Context, tw *helix.Client, _ *stage) error {
		return does(tw.Chat.GetGlobalBadges(ctx))
	}},
	{"get-chat-settings", nil, func(ctx context.Context, tw *helix.Client, s *stage) error {
		return does(tw.Chat.GetSettings(ctx, helix.GetChatSettingsParams{BroadcasterID: s.ada, ModeratorID: s.mod}))
	}},
	{"get-shared-chat-session", func(s *stage) { s.ShareChat("ada", "linus") }, func(ctx context.Context, tw *helix.Client, s *stage) error {
		return does(tw.Chat.GetSharedSession(ctx, helix.GetSharedChatSessionParams{BroadcasterID: s.ada}))
	}},
	{"get-user-emotes", nil, func(ctx context.Context, tw *helix.Client, s *stage) error {
		return does(tw.Chat.GetUserEmotes(ctx, helix.GetUserEmotesParams{UserID: s.grace}))
	}},
	{"update-chat-settings", nil, func(ctx context.Context, tw *helix.Client, s *stage) error {
		return does(tw.Chat.UpdateSettings(ctx, helix.UpdateChatSettingsParams{
			BroadcasterID: s.ada, ModeratorID: s.mod, SlowMode: new(true), SlowModeWaitTime: 10,
		}))
	}},
	{"send-chat-announcement", nil, func(ctx context.Context, tw *helix.Client, s *stage) error {
		return tw.Chat.SendAnnouncement(ctx, helix.SendChatAnnouncementParams{BroadcasterID: s.ada, ModeratorID: s.mod, Message: "hi", Color: "blue"})
	}},
	{"send-a-shoutout", nil, func(ctx context.Context, tw *helix.Client, s *stage) error {
		return tw.Chat.SendShoutout(ctx, helix.SendAShoutoutParams{FromBroadcasterID: s.ada, ToBroadcasterID: s.linus, ModeratorID: s.mod})
	}},
	{"send-chat-message", nil, func(ctx context.Context, tw *helix.Client, s *stage) error {
		return does(tw.Chat.SendMessage(ctx, helix.SendChatMessageParams{BroadcasterID: s.ada, SenderID: s.grace, Message: "hello again"}))
	}},
	{"get-user-chat-color", nil, func(ctx context.Context, tw *helix.Client, s *stage) error {
		return does(tw.Chat.GetUserColors(ctx, helix.GetUserChatColorParams{UserIDs: []string{s.ada, s.grace}}))
	}},
	{"update-user-chat-color", nil, func(ctx context.Context, tw *helix.Client, s *stage) error {
		return tw.Chat.UpdateUserColor(ctx, helix.UpdateUserChatColorParams{UserID: s.grace, Color: "blue"})
	}},
	{"get-pinned-chat-message", (*stage).pin, func(ctx context.Context, tw *helix.Client, s *stage) error {
		return does(tw.Chat.GetPinnedMessage(ctx, helix.GetPinnedChatMessageParams{BroadcasterID: s.ada, ModeratorID: s.mod}))
	}},
	{"pin-chat-message", nil, func(ctx context.Context, tw *helix.Client, s *stage) error {
		return tw.Chat.PinMessage(ctx, helix.PinChatMessageParams{BroadcasterID: s.ada, ModeratorID: s.mod, MessageID: s.message, DurationSeconds: 60})
	}},
	{"update-pinned-chat-message", (*stage).pin, func(ctx context.Context, tw *helix.Client, s *stage) error {
		return tw.Chat.UpdatePinnedMessage(ctx, helix.UpdatePinnedChatMessageParams{
			BroadcasterID: s.ada, ModeratorID: s.mod, MessageID: s.message, DurationSeconds: 90,
		})
	}},
	{"unpin-chat-message", (*stage).pin, func(ctx context.Context, tw *helix.Client, s *stage) error {
		return tw.Chat.UnpinMessage(ctx, helix.UnpinChatMessageParams{BroadcasterID: s.ada, ModeratorID: s.mod, MessageID: s.message})
	}},
	{"send-whisper", nil, func(ctx context.Context, tw *helix.Client, s *stage) error {
		return tw.Whispers.Send(ctx, helix.SendWhisperParams{FromUserID: s.grace, ToUserID: s.ada, Message: "psst"})
	}},
}

// pin pins grace's message.
func (s *stage) pin() {
	s.t.Helper()
	s.must(s.tw.Chat.PinMessage(s.t.Context(), helix.PinChatMessageParams{BroadcasterID: s.ada, ModeratorID: s.mod, MessageID: s.message}))
}
