package api

import (
	"time"

	"github.com/larkspur-dev/larkspur/emulator/internal/world"
	"github.com/larkspur-dev/larkspur/helix"
)

// showSettings shows moderators more than others.
func (c *call) showSettings(s world.ChatSettings, moderator bool) obj {
	o := obj{
		"broadcaster_id": c.broadcaster(), "emote_mode": s.EmoteOnly, "follower_mode": s.FollowersOnly, "follower_mode_duration": nil,
		"slow_mode": s.Slow > 0, "slow_mode_wait_time": nil, "subscriber_mode": s.SubscribersOnly, "unique_chat_mode": s.UniqueChat,
	}
	if s.FollowersOnly {
		o["follower_mode_duration"] = int(s.FollowersDuration.Minutes())
	}
	if s.Slow > 0 {
		o["slow_mode_wait_time"] = int(s.Slow.Seconds())
	}
	if moderator {
		o["moderator_id"] = c.get("moderator_id")
		o["non_moderator_chat_delay"] = s.NonModeratorDelay > 0
		o["non_moderator_chat_delay_duration"] = nil
		if s.NonModeratorDelay > 0 {
			o["non_moderator_chat_delay_duration"] = int(s.NonModeratorDelay.Seconds())
		}
	}
	return o
}

func getChatSettings(c *call) (obj, error) {
	ch, ok := c.world.Channel(c.broadcaster())
	if !ok {
		return nil, bad("The ID in broadcaster_id was not found.")
	}
	moderator := c.has("moderator_id")
	if moderator && !c.hasRole(c.broadcaster(), []helix.Role{helix.Broadcaster, helix.Moderator}) {
		return nil, forbidden("The user in moderator_id is not one of the broadcaster's moderators.")
	}
	return data(c.showSettings(ch.Settings, moderator)), nil
}

func updateChatSettings(c *call) (obj, error) {
	if err := c.checkModes(); err != nil {
		return nil, err
	}
	after, err := c.world.ModifyChatSettings(c.broadcaster(), c.acting(), c.editSettings)
	if err != nil {
		return nil, err
	}
	return data(c.showSettings(after, true)), nil
}

// checkModes refuses a duration for a mode that is being turned off.
func (c *call) checkModes() error {
	for _, mode := range []struct{ on, duration string }{
		{"follower_mode", "follower_mode_duration"},
		{"slow_mode", "slow_mode_wait_time"},
		{"non_moderator_chat_delay", "non_moderator_chat_delay_duration"},
	} {
		if on, ok := field[bool](c, mode.on); ok && !on && c.has(mode.duration) {
			return bad("%s may not be set while %s is false.", mode.duration, mode.on)
		}
	}
	return nil
}

func (c *call) editSettings(s *world.ChatSettings) {
	set := func(name string, target *bool) {
		if v, ok := field[bool](c, name); ok {
			*target = v
		}
	}
	set("emote_mode", &s.EmoteOnly)
	set("subscriber_mode", &s.SubscribersOnly)
	set("unique_chat_mode", &s.UniqueChat)
	set("follower_mode", &s.FollowersOnly)
	if minutes, ok := c.number("follower_mode_duration"); ok {
		s.FollowersOnly, s.FollowersDuration = true, time.Duration(minutes)*time.Minute
	}
	if !s.FollowersOnly {
		s.FollowersDuration = 0
	}
	c.editWait("slow_mode", "slow_mode_wait_time", 30*time.Second, &s.Slow)
	c.editWait("non_moderator_chat_delay", "non_moderator_chat_delay_duration", 2*time.Second, &s.NonModeratorDelay)
}

// editWait sets a mode that is on if it has a duration.
func (c *call) editWait(mode, duration string, usual time.Duration, target *time.Duration) {
	if on, ok := field[bool](c, mode); ok && !on {
		*target = 0
	} else if ok && *target == 0 {
		*target = usual
	}
	if seconds, ok := c.number(duration); ok {
		*target = time.Duration(seconds) * time.Second
	}
}
