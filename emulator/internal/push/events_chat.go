package push

import (
	"time"

	"github.com/larkspur-dev/larkspur/emulator/internal/world"
)

func chatMessage(w *world.World, b broadcaster, f *world.Chat) event {
	type cheer struct {
		Bits int `json:"bits"`
	}
	type reply struct {
		ParentID    string `json:"parent_message_id"`
		ParentBody  string `json:"parent_message_body"`
		UserID      string `json:"parent_user_id"`
		UserName    string `json:"parent_user_name"`
		UserLogin   string `json:"parent_user_login"`
		ThreadID    string `json:"thread_message_id"`
		ThreadUser  string `json:"thread_user_id"`
		ThreadName  string `json:"thread_user_name"`
		ThreadLogin string `json:"thread_user_login"`
	}
	return inChannel("channel.chat.message", "1", b, func() any {
		m := f.Message
		p := struct {
			broadcaster
			noSource
			chatter
			MessageID       string   `json:"message_id"`
			SourceMessageID *string  `json:"source_message_id"`
			IsSourceOnly    *bool    `json:"is_source_only"`
			Message         chatText `json:"message"`
			Color           string   `json:"color"`
			Badges          []badge  `json:"badges"`
			SourceBadges    []badge  `json:"source_badges"`
			MessageType     string   `json:"message_type"`
			Cheer           *cheer   `json:"cheer"`
			Reply           *reply   `json:"reply"`
			RewardID        *string  `json:"channel_points_custom_reward_id"`
			AnimationID     *string  `json:"channel_points_animation_id"`
		}{
			broadcaster: b, chatter: asChatter(m.Sender), MessageID: m.ID, Message: chatTextOf(w, m),
			Color: m.Sender.Color, Badges: badgesOf(m.Badges), MessageType: messageType(m),
		}
		if m.Bits > 0 {
			p.Cheer = &cheer{m.Bits}
		}
		p.RewardID, p.AnimationID = orNull(m.RewardID), orNull(m.AnimationID())
		if from := m.Source; from != nil && from.Broadcaster.ID != b.ID {
			p.noSource = sourceOf(asBroadcaster(from.Broadcaster))
			p.SourceMessageID, p.SourceBadges = &from.ID, badgesOf(from.Badges)
		}
		if m.Source != nil {
			p.IsSourceOnly = &m.Source.Only
		}
		if r := m.Reply; r != nil {
			p.Reply = &reply{
				r.Parent.ID, r.Parent.Text, r.Parent.Sender.ID, r.Parent.Sender.DisplayName, r.Parent.Sender.Login,
				r.Thread.ID, r.Thread.Sender.ID, r.Thread.Sender.DisplayName, r.Thread.Sender.Login,
			}
		}
		return p
	})
}

func messageType(m world.ChatMessage) string {
	switch m.Automatic {
	case world.HighlightedMessage:
		return "channel_points_highlighted"
	case world.SubModeBypass:
		return "channel_points_sub_only"
	case world.MessageEffect:
		return "power_ups_message_effect"
	case world.GigantifyEmote:
		return "power_ups_gigantified_emote"
	default:
		return "text"
	}
}

func messageDeleted(b broadcaster, f *world.MessageDeleted) event {
	return inChannel("channel.chat.message_delete", "1", b, func() any {
		return struct {
			broadcaster
			target
			MessageID string `json:"message_id"`
		}{b, asTarget(f.Message.Sender), f.Message.ID}
	})
}

func chatCleared(b broadcaster) event {
	return inChannel("channel.chat.clear", "1", b, func() any { return b })
}

func userMessagesCleared(b broadcaster, f *world.UserBanned) event {
	return inChannel("channel.chat.clear_user_messages", "1", b, func() any {
		return struct {
			broadcaster
			target
		}{b, asTarget(f.User)}
	})
}

func settingsUpdated(b broadcaster, f *world.ChatSettingsChanged) event {
	return inChannel("channel.chat_settings.update", "1", b, func() any {
		set := f.After
		p := struct {
			broadcaster
			EmoteMode        bool `json:"emote_mode"`
			FollowerMode     bool `json:"follower_mode"`
			FollowerDuration *int `json:"follower_mode_duration_minutes"`
			SlowMode         bool `json:"slow_mode"`
			SlowWait         *int `json:"slow_mode_wait_time_seconds"`
			SubscriberMode   bool `json:"subscriber_mode"`
			UniqueChatMode   bool `json:"unique_chat_mode"`
		}{
			broadcaster: b, EmoteMode: set.EmoteOnly, FollowerMode: set.FollowersOnly,
			SlowMode: set.Slow > 0, SubscriberMode: set.SubscribersOnly, UniqueChatMode: set.UniqueChat,
		}
		if set.FollowersOnly {
			p.FollowerDuration = new(int(set.FollowersDuration / time.Minute))
		}
		if set.Slow > 0 {
			p.SlowWait = new(int(set.Slow / time.Second))
		}
		return p
	})
}
