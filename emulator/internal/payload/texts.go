package payload

import (
	"encoding/hex"
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// words are usual values of texts, by the field's name or by the end of its path.
var words = map[string]string{
	"text": "Hello from the emulator", "message": "Cheer100 well played", "message_body": "buy followers", "parent_message_body": "hello everyone",
	"title": "Chess until I lose", "choices.0.title": "Sicilian", "choices.1.title": "Italian", "outcomes.0.title": "White wins", "outcomes.1.title": "Black wins",
	"outcomes.0.color": "blue", "outcomes.1.color": "pink", "reward.title": "Hydrate", "custom_power_up.title": "Confetti",
	"top_contributions.0.type": "bits", "top_contributions.1.type": "subscription",
	"prompt": "Drink some water", "user_input": "cheers", "description": "Followers", "language": "en", "category_id": "743", "category_name": "Chess",
	"category": "swearing", "reason": "be kind", "moderator_message": "welcome back", "resolution_text": "welcome back",
	"currency": "USD", "color": "PURPLE", "prefix": "Cheer", "sku": "hat", "name": "Kappa", "product.name": "Hat",
	"set_id": "subscriber", "badges.0.id": "0", "info": "1", "emote.id": "25", "emote_set_id": "0", "owner_id": "0", "charity_name": "Example Relief",
	"charity_description": "Helps those who need it", "shard_id": "0", "terms.0": "spoiler", "chat_rules_cited.0": "be kind", "slot_id": "1",
	"content_classification_labels.0": "MatureGame", "format.0": "static",
	"channel.channel_points_custom_reward/title": "Hydrate", "channel.poll/title": "Which opening?", "channel.prediction/title": "Who wins?",
	"user.update/description": "A user of the emulator", "channel.hype_train/type": "regular",
	"channel.channel_points_automatic_reward_redemption/reward.type": "send_highlighted_message",
	"low_trust_status": "active_monitoring", "ban_evasion_evaluation": "possible", "tier": "1000", "sub_tier": "1000",
	"shard.status": "websocket_disconnected", "method": "websocket", "types.0": "manually_added",
}

// text returns a text that fits the field; siblings may be nil.
func (g *plausible) text(f *Field, at string, siblings *Object) string {
	if fixed, ok := g.fixed[at]; ok && fixed != "null" {
		return fixed
	}
	if who, part := g.person(f.Name, at); who != nil {
		return part
	}
	if id, ok := g.id(f.Name, at, siblings); ok {
		return id
	}
	if f.Name == "text" && strings.Contains(at, "fragments.") {
		return g.sentence(strings.Split(at, "fragments.")[0])
	}
	if f.Name == "system_message" {
		return g.people.User.Name + " made the emulator send this notice."
	}
	if at == "email" {
		return g.people.User.Login + "@example.com"
	}
	if f.Name == "status" && g.of.Type.Name == "conduit.shard.disabled" {
		return words["shard.status"]
	}
	of := g.of.Type.Name
	for _, key := range append([]string{of + "/" + at, of[:strings.LastIndex(of, ".")] + "/" + at}, suffixes(at)...) {
		if word := words[key]; word != "" && (len(f.Values) == 0 || slices.Contains(f.Values, word)) {
			return word
		}
	}
	if len(f.Values) > 0 {
		if f.Name == "status" && slices.Contains(f.Values, "unfulfilled") {
			return "unfulfilled"
		}
		return f.Values[0]
	}
	return strings.ReplaceAll(f.Name, "_", " ")
}

// sentence is the text of a message, as it will be assigned.
func (g *plausible) sentence(at string) string {
	if fixed, ok := g.fixed[at+"text"]; ok {
		return fixed
	}
	return words["text"]
}

// suffixes returns the ends of a path, the longest first: a.b.c, b.c, c.
func suffixes(at string) (all []string) {
	for {
		all = append(all, at)
		_, rest, ok := strings.Cut(at, ".")
		if !ok {
			return all
		}
		at = rest
	}
}

// person returns the part of a user that a field is: its id, login or name.
func (g *plausible) person(name, at string) (*Person, string) {
	role, part, _ := cutLast(name, "_")
	var who *Person
	switch role {
	case "broadcaster_user", "broadcaster":
		who = &g.people.Channel
		if strings.Contains(at, "participants.1.") {
			who = &g.people.User
		}
	case "host_broadcaster_user", "owner_broadcaster_user", "host_user", "to_user", "parent_user", "thread_user", "requester_user":
		who = &g.people.Channel
	case "to_broadcaster_user": // of a raid the channel, of a shoutout the other one
		who = &g.people.Channel
		if named(g.of.Fields, "broadcaster_user_id") != nil {
			who = &g.people.User
		}
	case "moderator_user", "moderator":
		who = &g.people.Moderator
	case "user", "chatter_user", "from_user", "from_broadcaster_user", "target_user", "guest_user", "gifter_user":
		who = &g.people.User
		switch {
		case strings.Contains(at, "mention."):
			who = &g.people.Channel
		case strings.Contains(at, "top_contributions.1."):
			who = &g.people.Other
		}
	case "recipient_user":
		who = &g.people.Other
	default:
		return nil, ""
	}
	switch part {
	case "id":
		return who, who.ID
	case "login":
		return who, who.Login
	case "name":
		return who, who.Name
	}
	return nil, ""
}

func cutLast(s, sep string) (before, after string, found bool) {
	i := strings.LastIndex(s, sep)
	if i < 0 {
		return s, "", false
	}
	return s[:i], s[i+1:], true
}

// id returns an id, if the field is one: one that a subscription asks for, or a random one.
func (g *plausible) id(name, at string, siblings *Object) (string, bool) {
	if name != "id" && !strings.HasSuffix(name, "_id") {
		return "", false
	}
	if field := g.conditionOf(at); field != "" {
		if known := g.people.Known[field]; known != "" {
			return known, true
		}
	}
	switch {
	case name == "client_id" || name == "extension_client_id":
		return g.people.ClientID, true
	case name == "winning_outcome_id" && siblings != nil:
		return fmt.Sprint(g.outcome(0)), true
	case strings.HasPrefix(at, "outcomes."):
		var n int
		_, _ = fmt.Sscanf(at, "outcomes.%d.id", &n)
		return g.outcome(n), true
	}
	for _, key := range suffixes(at) {
		if word := words[key]; word != "" {
			return word, true
		}
	}
	if at == "id" && strings.HasPrefix(g.of.Type.Name, "stream.") {
		return strconv.Itoa(300_000_000_00 + g.IntN(100_000_000)), true
	}
	return g.uuid(), true
}

// outcome is the id of an outcome of a prediction.
func (g *plausible) outcome(n int) string { return fmt.Sprintf("1243456%d", n) }

func (g *plausible) uuid() string {
	var b [16]byte
	for i := range b {
		b[i] = byte(g.IntN(256))
	}
	b[6], b[8] = b[6]&0x0f|0x40, b[8]&0x3f|0x80
	text := hex.EncodeToString(b[:])
	return text[:8] + "-" + text[8:12] + "-" + text[12:16] + "-" + text[16:20] + "-" + text[20:]
}
