package irc

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

// The usual tags of a PRIVMSG, in Twitch's order.
const (
	tagBadgeInfo   = "badge-info="
	tagBadges      = "badges="
	tagClientNonce = "client-nonce="
	tagColor       = "color="
	tagDisplayName = "display-name="
	tagEmoteOnly   = "emote-only="
	tagEmotes      = "emotes="
	tagFirstMsg    = "first-msg="
	tagFlags       = "flags="
	tagID          = "id="
	tagMod         = "mod="
	tagReply       = "reply-"
	tagReturning   = "returning-" // with the next one: more than 16 bytes are not compared inline
	tagChatter     = "chatter="
	tagRoomID      = "room-id="
	tagSource      = "source-"
	tagSubscriber  = "subscriber="
	tagSentAt      = "tmi-sent-ts="
	tagTurbo       = "turbo="
	tagUserID      = "user-id="
	tagUserType    = "user-type="
	tagVIP         = "vip="
)

// usualTags reads tags from the start of s as long as they come in the order in which
// Twitch sends them, and returns the rest. A tag that is missing costs one comparison.
// The processor predicts such a sequence far better than a switch in a loop. Tags that
// have no field are stepped over. Comparing with a constant is inlined, unlike
// strings.HasPrefix.
func (p *PrivMsg) usualTags(s string) string {
	var v string
	if len(s) >= len(tagBadgeInfo) && s[:len(tagBadgeInfo)] == tagBadgeInfo {
		v, s = cutValue(s[len(tagBadgeInfo):])
		p.BadgeInfo = Badges(v)
	}
	if len(s) >= len(tagBadges) && s[:len(tagBadges)] == tagBadges {
		v, s = cutValue(s[len(tagBadges):])
		p.Badges = Badges(v)
	}
	if len(s) >= len(tagClientNonce) && s[:len(tagClientNonce)] == tagClientNonce {
		_, s, _ = cutByte(s, ';')
	}
	if len(s) >= len(tagColor) && s[:len(tagColor)] == tagColor {
		p.Color, s = cutColor(s[len(tagColor):])
	}
	if len(s) >= len(tagDisplayName) && s[:len(tagDisplayName)] == tagDisplayName {
		p.DisplayName, s = cutEscaped(s[len(tagDisplayName):])
	}
	if len(s) >= len(tagEmoteOnly) && s[:len(tagEmoteOnly)] == tagEmoteOnly {
		p.EmoteOnly, s = cutFlag(s[len(tagEmoteOnly):])
	}
	if len(s) >= len(tagEmotes) && s[:len(tagEmotes)] == tagEmotes {
		v, s = cutOften(s[len(tagEmotes):])
		p.Emotes = Emotes(v)
	}
	if len(s) >= len(tagFirstMsg) && s[:len(tagFirstMsg)] == tagFirstMsg {
		p.FirstMessage, s = cutFlag(s[len(tagFirstMsg):])
	}
	if len(s) >= len(tagFlags) && s[:len(tagFlags)] == tagFlags {
		_, s = cutOften(s[len(tagFlags):])
	}
	if len(s) >= len(tagID) && s[:len(tagID)] == tagID {
		p.ID, s = cutUUID(s[len(tagID):])
	}
	if len(s) >= len(tagMod) && s[:len(tagMod)] == tagMod {
		p.Moderator, s = cutFlag(s[len(tagMod):])
	}
	for len(s) >= len(tagReply) && s[:len(tagReply)] == tagReply {
		_, s, _ = cutByte(s, ';')
	}
	if len(s) >= len(tagReturning+tagChatter) && s[:len(tagReturning)] == tagReturning && s[len(tagReturning):len(tagReturning+tagChatter)] == tagChatter {
		p.Returning, s = cutFlag(s[len(tagReturning+tagChatter):])
	}
	if len(s) >= len(tagRoomID) && s[:len(tagRoomID)] == tagRoomID {
		p.BroadcasterID, s = cutValue(s[len(tagRoomID):])
	}
	for len(s) >= len(tagSource) && s[:len(tagSource)] == tagSource {
		_, s, _ = cutByte(s, ';')
	}
	if len(s) >= len(tagSubscriber) && s[:len(tagSubscriber)] == tagSubscriber {
		p.Subscriber, s = cutFlag(s[len(tagSubscriber):])
	}
	if len(s) >= len(tagSentAt) && s[:len(tagSentAt)] == tagSentAt {
		p.SentAt, s = cutMillis(s[len(tagSentAt):])
	}
	if len(s) >= len(tagTurbo) && s[:len(tagTurbo)] == tagTurbo {
		p.Turbo, s = cutFlag(s[len(tagTurbo):])
	}
	if len(s) >= len(tagUserID) && s[:len(tagUserID)] == tagUserID {
		p.UserID, s = cutValue(s[len(tagUserID):])
	}
	if len(s) >= len(tagUserType) && s[:len(tagUserType)] == tagUserType {
		p.UserType, s = cutValue(s[len(tagUserType):])
	}
	if len(s) >= len(tagVIP) && s[:len(tagVIP)] == tagVIP {
		p.VIP, s = cutFlag(s[len(tagVIP):])
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
