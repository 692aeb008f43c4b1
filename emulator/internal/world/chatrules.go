package world

import (
	"math"
	"strings"
	"time"
)

// ChatSettings are the modes of a channel's chat.
type ChatSettings struct {
	EmoteOnly         bool
	FollowersOnly     bool
	FollowersDuration time.Duration // how long one must have followed; minutes
	SubscribersOnly   bool
	Slow              time.Duration // between two messages of a user; 0: off
	UniqueChat        bool
	NonModeratorDelay time.Duration // 0: off
}

// sender is what the limits need to know of an account, over all channels.
type sender struct {
	sent []time.Time            // in the last 30 seconds
	last map[string]lastMessage // by broadcaster id
}

type lastMessage struct {
	text string
	at   time.Time
}

const (
	limitWindow  = 30 * time.Second
	limitNormal  = 20  // messages per window
	limitTrusted = 100 // messages per window where the sender is moderator or broadcaster
)

// mayChat returns nil, or why the message is dropped. When it returns nil, the
// message counts towards the limits.
func (w *World) mayChat(c *change, ch *channel, u *User, p Post) error {
	trusted := u.ID == ch.owner.ID || ch.moderators.has(u.ID)
	if ban := ch.bans[u.ID]; ban.active(c.now) {
		if ban.EndsAt.IsZero() {
			return drop("msg_banned", "You are permanently banned from talking in %s.", ch.owner.Login)
		}
		return drop("msg_timedout", "You are timed out for %d more seconds.", seconds(ban.EndsAt.Sub(c.now)))
	}
	if ch.warned[u.ID] {
		return drop("msg_warned", "You have been warned by a moderator of %s and must acknowledge the warning before you can talk again.", ch.owner.Login)
	}
	s := w.senders[u.ID]
	if s == nil {
		s = &sender{last: map[string]lastMessage{}}
		w.senders[u.ID] = s
	}
	last, spoke := s.last[ch.owner.ID]
	if !trusted {
		if err := w.modes(c, ch, u, p); err != nil {
			return err
		}
		if wait := ch.Settings.Slow - c.now.Sub(last.at); spoke && wait > 0 && !ch.vips.has(u.ID) && !p.Unlimited {
			return drop("msg_slowmode", "This room is in slow mode and you are sending messages too quickly. You will be able to talk again in %d seconds.", seconds(wait))
		}
	}
	if !p.Unlimited && !w.opts.NoChatLimits {
		if !trusted && spoke && last.text == p.Text && c.now.Sub(last.at) < limitWindow {
			return drop("msg_duplicate", "Your message was not sent because it is identical to the previous one you sent, less than 30 seconds ago.")
		}
		limit := limitNormal
		if trusted {
			limit = limitTrusted
		}
		if !s.take(c.now, limit) {
			return drop("msg_ratelimit", "Your message was not sent because you are sending messages too quickly.")
		}
	}
	s.last[ch.owner.ID] = lastMessage{p.Text, c.now}
	return nil
}

// modes checks the channel's chat modes for a user who is not a moderator.
func (w *World) modes(c *change, ch *channel, u *User, p Post) error {
	set := ch.Settings
	privileged := ch.vips.has(u.ID) || ch.subs[u.ID] != nil
	switch {
	case set.EmoteOnly && !onlyEmotes(p.Text):
		return drop("msg_emoteonly", "This room is in emote-only mode. You can find your currently available emoticons using the smiley in the chat text area.")
	case set.SubscribersOnly && !privileged && p.Automatic != SubModeBypass:
		return drop("msg_subsonly", "This room is in subscribers only mode. To talk, purchase a channel subscription at https://www.twitch.tv/products/%s/ticket?ref=subscriber_only_mode_chat.", ch.owner.Login)
	case set.UniqueChat && !privileged && ch.chat.contains(p.Text):
		return drop("msg_r9k", "This room is in unique-chat mode and the message you attempted to send is not unique.")
	case !set.FollowersOnly || privileged:
		return nil
	}
	since, follows := ch.followers[u.ID]
	switch {
	case !follows && set.FollowersDuration == 0:
		return drop("msg_followersonly_zero", "This room is in followers-only mode. Follow %s to join the community!", ch.owner.Login)
	case !follows:
		return drop("msg_followersonly", "This room is in %v followers-only mode. Follow %s to join the community!", set.FollowersDuration, ch.owner.Login)
	case c.now.Sub(since) < set.FollowersDuration:
		return drop("msg_followersonly_followed", "This room is in %v followers-only mode. You have been following for %v. Continue following to chat!",
			set.FollowersDuration, c.now.Sub(since).Truncate(time.Second))
	}
	return nil
}

// take counts one message, if fewer than limit were sent in the window.
func (s *sender) take(now time.Time, limit int) bool {
	fresh := 0
	for fresh < len(s.sent) && now.Sub(s.sent[fresh]) >= limitWindow {
		fresh++
	}
	s.sent = s.sent[fresh:]
	if len(s.sent) >= limit {
		return false
	}
	s.sent = append(s.sent, now)
	return true
}

func (r *ring) contains(text string) bool {
	for _, m := range r.messages {
		if m.ID != "" && strings.EqualFold(m.Text, text) {
			return true
		}
	}
	return false
}

func seconds(d time.Duration) int { return int(math.Ceil(d.Seconds())) }

// ModifyChatSettings changes the modes of a channel's chat. Edit gets the
// settings as they are and changes them; it must not call the world.
func (w *World) ModifyChatSettings(broadcasterID, moderatorID string, edit func(*ChatSettings)) (ChatSettings, error) {
	c := w.begin()
	defer c.end()
	b, ch, mod, err := w.moderator(broadcasterID, moderatorID)
	if err != nil {
		return ChatSettings{}, err
	}
	before := ch.Settings
	edit(&ch.Settings)
	if ch.Settings != before {
		c.tell(ChatSettingsChanged{About: c.about(b), Before: before, After: ch.Settings, Moderator: *mod})
	}
	return ch.Settings, nil
}
