package irc

import "strings"

// tags reads all tags of a message. Most of the time of parsing chat is spent here.
func (p *PrivMsg) tags(s string) {
	for s != "" {
		n := len(s)
		s = p.usualTags(s)
		if len(s) == n { // the next tag is not one of them
			var k, v string
			k, v, s = nextTag(s)
			p.tag(k, v)
		}
	}
}

// usualTags reads tags from the start of s as long as they come in the order in which
// Twitch sends them, and returns the rest. A tag that is missing costs one comparison.
// The processor predicts such a sequence far better than a switch in a loop. Tags that
// have no field are stepped over.
func (p *PrivMsg) usualTags(s string) string {
	var v string
	if strings.HasPrefix(s, "badge-info=") {
		v, s = cutValue(s[len("badge-info="):])
		p.BadgeInfo = Badges(v)
	}
	if strings.HasPrefix(s, "badges=") {
		v, s = cutValue(s[len("badges="):])
		p.Badges = Badges(v)
	}
	if strings.HasPrefix(s, "client-nonce=") {
		_, s, _ = cutByte(s, ';')
	}
	if strings.HasPrefix(s, "color=") {
		p.Color, s = cutValue(s[len("color="):])
	}
	if strings.HasPrefix(s, "display-name=") {
		v, s = cutValue(s[len("display-name="):])
		p.DisplayName = unescape(v)
	}
	if strings.HasPrefix(s, "emote-only=") {
		p.EmoteOnly, s = cutFlag(s[len("emote-only="):])
	}
	if strings.HasPrefix(s, "emotes=") {
		v, s = cutValue(s[len("emotes="):])
		p.Emotes = Emotes(v)
	}
	if strings.HasPrefix(s, "first-msg=") {
		p.FirstMessage, s = cutFlag(s[len("first-msg="):])
	}
	if strings.HasPrefix(s, "flags=") {
		_, s = cutValue(s[len("flags="):])
	}
	if strings.HasPrefix(s, "id=") {
		p.ID, s, _ = cutByte(s[len("id="):], ';') // too long for cutValue's first look
	}
	if strings.HasPrefix(s, "mod=") {
		p.Moderator, s = cutFlag(s[len("mod="):])
	}
	for strings.HasPrefix(s, "reply-") {
		_, s, _ = cutByte(s, ';')
	}
	if strings.HasPrefix(s, "returning-") && strings.HasPrefix(s[len("returning-"):], "chatter=") { // more than 16 bytes at once are slow
		p.Returning, s = cutFlag(s[len("returning-chatter="):])
	}
	if strings.HasPrefix(s, "room-id=") {
		p.BroadcasterID, s = cutValue(s[len("room-id="):])
	}
	for strings.HasPrefix(s, "source-") {
		_, s, _ = cutByte(s, ';')
	}
	if strings.HasPrefix(s, "subscriber=") {
		p.Subscriber, s = cutFlag(s[len("subscriber="):])
	}
	if strings.HasPrefix(s, "tmi-sent-ts=") {
		p.SentAt, s = cutMillis(s[len("tmi-sent-ts="):])
	}
	if strings.HasPrefix(s, "turbo=") {
		p.Turbo, s = cutFlag(s[len("turbo="):])
	}
	if strings.HasPrefix(s, "user-id=") {
		p.UserID, s = cutValue(s[len("user-id="):])
	}
	if strings.HasPrefix(s, "user-type=") {
		p.UserType, s = cutValue(s[len("user-type="):])
	}
	if strings.HasPrefix(s, "vip=") {
		p.VIP, s = cutFlag(s[len("vip="):])
	}
	return s
}

// tag reads a tag that not every message has, or that was not in its usual place. v still
// has its escapes.
func (p *PrivMsg) tag(k, v string) {
	switch k {
	case "bits":
		p.Bits = number(v)
	case "custom-reward-id":
		p.RewardID = v
	case "emote-only":
		p.EmoteOnly = v == "1"
	case "emotes":
		p.Emotes = Emotes(v)
	case "first-msg":
		p.FirstMessage = v == "1"
	case "id":
		p.ID = v
	case "msg-id":
		p.Kind = v
	case "returning-chatter":
		p.Returning = v == "1"
	case "room-id":
		p.BroadcasterID = v
	case "tmi-sent-ts":
		p.SentAt = millis(v)
	default:
		p.Chatter.tag(k, v)
	}
}
