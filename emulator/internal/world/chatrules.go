package world

import (
	"math"
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"
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
	sent  window                 // in all channels
	rooms map[string]*window     // by broadcaster id; of verified bots only
	last  map[string]lastMessage // by broadcaster id
}

type lastMessage struct {
	text string
	at   time.Time
}

const (
	limitWindow   = 30 * time.Second
	limitNormal   = 20   // messages per window
	limitTrusted  = 100  // messages per window where the sender is moderator or broadcaster
	limitVerified = 7500 // messages per window of a verified bot, in all channels
)

// mayChat returns nil, or why the message is dropped. When it returns nil, the
// message counts towards the limits.
func (w *World) mayChat(c *change, ch *channel, u *User, p Post) error {
	trusted := u.ID == ch.owner.ID || ch.moderators.has(u.ID)
	if err := mayWrite(c, ch, u, p.Text, trusted); err != nil {
		return err
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
		if !trusted && spoke && c.now.Sub(last.at) < w.opts.ChatPace {
			return tooFast(false)
		}
		if !s.take(c.now, ch.owner.ID, trusted, u.VerifiedBot) {
			return tooFast(true)
		}
	}
	s.last[ch.owner.ID] = lastMessage{p.Text, c.now}
	return nil
}

func tooFast(silent bool) *DropError {
	err := drop("msg_ratelimit", "Your message was not sent because you are sending messages too quickly.")
	err.Silent = silent
	return err
}

// mayWrite checks what keeps an account from writing in a channel at all.
func mayWrite(c *change, ch *channel, u *User, text string, trusted bool) error {
	ban := ch.bans[u.ID]
	switch {
	case ch.owner.TermsViolated:
		return drop("tos_ban", "The community has closed channel %s due to Terms of Service violations.", ch.owner.Login)
	case ch.owner.Suspended:
		return drop("msg_channel_suspended", "This channel does not exist or has been suspended.")
	case u.Suspended || u.TermsViolated:
		return drop("msg_suspended", "You don't have permission to perform that action.")
	case ban.active(c.now) && ban.EndsAt.IsZero():
		return drop("msg_banned", "You are permanently banned from talking in %s.", ch.owner.Login)
	case ban.active(c.now):
		return drop("msg_timedout", "You are timed out for %d more seconds.", seconds(ban.EndsAt.Sub(c.now)))
	case ch.blocked.has(u.ID):
		return drop("msg_channel_blocked", "Your account is not in good standing in this channel.")
	case ch.warned[u.ID]:
		return drop("msg_warned", "You have been warned by a moderator of %s and must acknowledge the warning before you can talk again.", ch.owner.Login)
	case ch.needPhone && u.NoPhone && !trusted:
		return drop("msg_requires_verified_phone_number", "A verified phone number is required to chat in this channel. Please visit https://www.twitch.tv/settings/security to verify your phone number.")
	case ch.needEmail && u.NoEmail && !trusted:
		return drop("msg_verified_email", "This room requires a verified account to chat. Please verify your account at https://www.twitch.tv/settings/security.")
	case !trusted && unsupported(text):
		return drop("msg_bad_characters", "Your message contained too many unsupported characters and was not sent.")
	}
	return nil
}

// unsupported reports whether most of a text are characters that have no meaning to others:
// control characters, private ones, and those that are not characters at all.
func unsupported(text string) bool {
	if plain(text) {
		return false
	}
	bad, all := 0, 0
	for _, r := range text {
		all++
		if (r < ' ' || r >= 0x7f) && (unicode.IsControl(r) || unicode.Is(unicode.Co, r) || r == utf8.RuneError) {
			bad++
		}
	}
	return 2*bad > all
}

// plain reports whether a text is printable ASCII, as most texts are.
func plain(text string) bool {
	for i := range len(text) {
		if text[i] < ' ' || text[i] > '~' {
			return false
		}
	}
	return true
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
		return drop("msg_followersonly", "This room is in %s followers-only mode. Follow %s to join the community!", inWords(set.FollowersDuration), ch.owner.Login)
	case c.now.Sub(since) < set.FollowersDuration:
		return drop("msg_followersonly_followed", "This room is in %s followers-only mode. You have been following for %s. Continue following to chat!",
			inWords(set.FollowersDuration), inWords(c.now.Sub(since)))
	}
	return nil
}

// take counts one message, unless the account has sent as many as it may.
func (s *sender) take(now time.Time, broadcasterID string, trusted, verified bool) bool {
	limit := limitNormal
	if trusted {
		limit = limitTrusted
	}
	if !verified {
		return s.sent.take(now, limit)
	}
	room := s.rooms[broadcasterID]
	if room == nil {
		if s.rooms == nil {
			s.rooms = map[string]*window{}
		}
		room = &window{}
		s.rooms[broadcasterID] = room
	}
	return s.sent.count(now) < limitVerified && room.take(now, limit) && s.sent.take(now, limitVerified)
}

// A window is the times of the messages of the last 30 seconds.
type window []time.Time

// count forgets what is too old, and returns how many there are.
func (w *window) count(now time.Time) int {
	old := 0
	for old < len(*w) && now.Sub((*w)[old]) >= limitWindow {
		old++
	}
	*w = (*w)[old:]
	return len(*w)
}

// take counts one more, unless there were limit of them.
func (w *window) take(now time.Time, limit int) bool {
	if w.count(now) >= limit {
		return false
	}
	*w = append(*w, now)
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

// inWords writes a duration as chat does: 1 minute, 30 seconds.
func inWords(d time.Duration) string {
	n, unit := int64(d/time.Second), "second"
	switch {
	case d >= 24*time.Hour:
		n, unit = int64(d/(24*time.Hour)), "day"
	case d >= time.Hour:
		n, unit = int64(d/time.Hour), "hour"
	case d >= time.Minute:
		n, unit = int64(d/time.Minute), "minute"
	}
	if n != 1 {
		unit += "s"
	}
	return strconv.FormatInt(n, 10) + " " + unit
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
