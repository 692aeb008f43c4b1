package chat

import (
	"slices"
	"strconv"
	"time"

	"github.com/larkspur-dev/larkspur/emulator/internal/world"
)

func clearUser(b world.User, f world.UserBanned) *message {
	var tags tagList
	if f.Duration > 0 {
		tags.number("ban-duration", int64(f.Duration/time.Second))
	}
	tags.add("room-id", b.ID)
	tags.add("target-user-id", f.User.ID)
	tags.number("tmi-sent-ts", f.Time.UnixMilli())
	return newMessage(tags, ":"+host+" CLEARCHAT #"+b.Login+" :"+f.User.Login)
}

func clearAll(b world.User, f world.ChatCleared) *message {
	var tags tagList
	tags.add("room-id", b.ID)
	tags.number("tmi-sent-ts", f.Time.UnixMilli())
	return newMessage(tags, ":"+host+" CLEARCHAT #"+b.Login)
}

func clearMessage(b world.User, f world.MessageDeleted) *message {
	var tags tagList
	tags.add("login", f.Message.Sender.Login)
	tags.add("room-id", "") // Twitch leaves it empty
	tags.add("target-msg-id", f.Message.ID)
	tags.number("tmi-sent-ts", f.Time.UnixMilli())
	return newMessage(tags, ":"+host+" CLEARMSG #"+b.Login+" :"+f.Message.Text)
}

// A roomMode is one mode of a channel's chat: its tag in ROOMSTATE, and the
// NOTICE that goes with a change.
type roomMode struct {
	tag    string
	value  func(world.ChatSettings) string
	notice func(world.ChatSettings) (id, text string) // nil: there is none
}

var roomModes = []roomMode{
	{
		"emote-only", func(s world.ChatSettings) string { return bit(s.EmoteOnly) },
		func(s world.ChatSettings) (string, string) {
			if s.EmoteOnly {
				return "emote_only_on", "This room is now in emote-only mode."
			}
			return "emote_only_off", "This room is no longer in emote-only mode."
		},
	},
	{
		"followers-only", followersOnly,
		func(s world.ChatSettings) (string, string) {
			switch {
			case !s.FollowersOnly:
				return "followers_off", "This room is no longer in followers-only mode."
			case s.FollowersDuration == 0:
				return "followers_on_zero", "This room is now in followers-only mode."
			}
			return "followers_on", "This room is now in " + followersOnly(s) + " minutes followers-only mode."
		},
	},
	{
		"r9k", func(s world.ChatSettings) string { return bit(s.UniqueChat) },
		nil, // Twitch has no NOTICE for it any more
	},
	{
		"slow", func(s world.ChatSettings) string { return strconv.Itoa(int(s.Slow / time.Second)) },
		func(s world.ChatSettings) (string, string) {
			if s.Slow > 0 {
				return "slow_on", "This room is now in slow mode. You may send messages every " + strconv.Itoa(int(s.Slow/time.Second)) + " seconds."
			}
			return "slow_off", "This room is no longer in slow mode."
		},
	},
	{
		"subs-only", func(s world.ChatSettings) string { return bit(s.SubscribersOnly) },
		func(s world.ChatSettings) (string, string) {
			if s.SubscribersOnly {
				return "subs_on", "This room is now in subscribers-only mode."
			}
			return "subs_off", "This room is no longer in subscribers-only mode."
		},
	},
}

func followersOnly(s world.ChatSettings) string {
	if !s.FollowersOnly {
		return "-1"
	}
	return strconv.Itoa(int(s.FollowersDuration / time.Minute))
}

func bit(set bool) string {
	if set {
		return "1"
	}
	return "0"
}

// allRoomTags are the tags of the ROOMSTATE after a JOIN.
func allRoomTags(ch world.Channel) tagList {
	var tags tagList
	for _, mode := range roomModes {
		if mode.tag == "slow" { // sorted by key
			tags.add("room-id", ch.Broadcaster.ID)
		}
		tags.add(mode.tag, mode.value(ch.Settings))
	}
	return tags
}

// settingsChanged reports each mode that changed: a ROOMSTATE with that tag
// alone, and the NOTICE.
func settingsChanged(b world.User, f world.ChatSettingsChanged) []*message {
	var all []*message
	for _, mode := range roomModes {
		if mode.value(f.Before) == mode.value(f.After) {
			continue
		}
		tags := tagList{{mode.tag, mode.value(f.After)}, {"room-id", b.ID}}
		if mode.tag > "room-id" {
			slices.Reverse(tags)
		}
		all = append(all, newMessage(tags, ":"+host+" ROOMSTATE #"+b.Login))
		if mode.notice != nil {
			id, text := mode.notice(f.After)
			all = append(all, newNotice(b.Login, id, text))
		}
	}
	return all
}
