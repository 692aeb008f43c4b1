package irc

import "strings"

// tags reads all tags of a message. Those that nearly every message has are told by
// their first letter and compared once; the others are left to tag. Most of the
// time of parsing chat is spent here.
func (p *PrivMsg) tags(s string) {
	var v string
	for s != "" {
		switch s[0] {
		case 'b':
			switch {
			case strings.HasPrefix(s, "badge-info="):
				v, s = cutValue(s[len("badge-info="):])
				p.BadgeInfo = Badges(v)
				continue
			case strings.HasPrefix(s, "badges="):
				v, s = cutValue(s[len("badges="):])
				p.Badges = Badges(v)
				continue
			}
		case 'c':
			if strings.HasPrefix(s, "color=") {
				p.Color, s = cutValue(s[len("color="):])
				continue
			}
		case 'd':
			if strings.HasPrefix(s, "display-name=") {
				v, s = cutValue(s[len("display-name="):])
				p.DisplayName = unescape(v)
				continue
			}
		case 'e':
			if strings.HasPrefix(s, "emotes=") {
				v, s = cutValue(s[len("emotes="):])
				p.Emotes = Emotes(v)
				continue
			}
		case 'f':
			switch {
			case strings.HasPrefix(s, "first-msg="):
				p.FirstMessage, s = cutFlag(s[len("first-msg="):])
				continue
			case strings.HasPrefix(s, "flags="):
				_, s = cutValue(s[len("flags="):])
				continue
			}
		case 'i':
			if strings.HasPrefix(s, "id=") {
				p.ID, s, _ = cutByte(s[len("id="):], ';') // too long for cutValue's first look
				continue
			}
		case 'm':
			if strings.HasPrefix(s, "mod=") {
				p.Moderator, s = cutFlag(s[len("mod="):])
				continue
			}
		case 'r':
			switch {
			case strings.HasPrefix(s, "room-id="):
				p.BroadcasterID, s = cutValue(s[len("room-id="):])
				continue
			case strings.HasPrefix(s, "returning-chatter="):
				p.Returning, s = cutFlag(s[len("returning-chatter="):])
				continue
			}
		case 's':
			if strings.HasPrefix(s, "subscriber=") {
				p.Subscriber, s = cutFlag(s[len("subscriber="):])
				continue
			}
		case 't':
			switch {
			case strings.HasPrefix(s, "tmi-sent-ts="):
				v, s = cutValue(s[len("tmi-sent-ts="):])
				p.SentAt = millis(v)
				continue
			case strings.HasPrefix(s, "turbo="):
				p.Turbo, s = cutFlag(s[len("turbo="):])
				continue
			}
		case 'u':
			switch {
			case strings.HasPrefix(s, "user-id="):
				p.UserID, s = cutValue(s[len("user-id="):])
				continue
			case strings.HasPrefix(s, "user-type="):
				_, s = cutValue(s[len("user-type="):])
				continue
			}
		}
		var k string
		k, v, s = nextTag(s)
		p.tag(k, v)
	}
}

// tag reads one of the tags that not every message has. v still has its escapes.
func (p *PrivMsg) tag(k, v string) {
	switch k {
	case "emote-only":
		p.EmoteOnly = v == "1"
	case "bits":
		p.Bits = number(v)
	case "msg-id":
		p.Kind = v
	case "custom-reward-id":
		p.RewardID = v
	case "client-nonce":
		p.Nonce = unescape(v)
	default:
		switch {
		case p.Chatter.tag(k, v):
		case strings.HasPrefix(k, "reply-"):
			p.Reply.tag(k, v)
		case strings.HasPrefix(k, "source-"):
			p.Shared.tag(k, v)
		}
	}
}
