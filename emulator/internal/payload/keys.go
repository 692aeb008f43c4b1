package payload

import (
	"strings"

	"github.com/larkspur-dev/larkspur/eventsub"
)

// Keys returns what a subscription's condition must say, field by field, to get an event. A
// field that says whose permission is used, not what is wanted, is missing.
func (s *Schema) Keys(event *Object, clientID string) map[string]string {
	info, _ := eventsub.Lookup(s.Type)
	keys := map[string]string{}
	for _, f := range info.Condition {
		if f.Name == "client_id" && !event.has("client_id") {
			keys[f.Name] = clientID
			continue
		}
		at := s.place(f.Name)
		if at == "" {
			continue
		}
		o, last := event, at
		if first, rest, nested := strings.Cut(at, "."); nested {
			o, _ = event.Get(first).(*Object)
			last = rest
		}
		if o != nil && o.Text(last) != "" {
			keys[f.Name] = o.Text(last)
		}
	}
	return keys
}

// place returns where in an event the value stands that a field of the condition is compared
// with, "" if there is none.
func (s *Schema) place(field string) string {
	name := s.Type.Name
	switch {
	case field == "moderator_user_id":
		return ""
	case field == "user_id" && name == "user.whisper.message":
		return "to_user_id"
	case field == "user_id" && !strings.HasPrefix(name, "user.") && !strings.HasPrefix(name, "channel.chat.user_message"):
		return ""
	case field == "reward_id" && strings.HasPrefix(name, "channel.channel_points_custom_reward."):
		return "id"
	case field == "reward_id" && strings.HasPrefix(name, "channel.custom_power_up"):
		return "custom_power_up.id"
	case field == "reward_id":
		return "reward.id"
	case name == "drop.entitlement.grant":
		return "data." + field
	case field == "broadcaster_user_id" && named(s.Fields, field) == nil:
		return "broadcaster_id"
	case named(s.Fields, field) == nil:
		return ""
	}
	return field
}

// conditionOf returns the field of the condition whose value stands at a path.
func (g *plausible) conditionOf(at string) string {
	info, _ := eventsub.Lookup(g.of.Type)
	for _, f := range info.Condition {
		if g.of.place(f.Name) == at {
			return f.Name
		}
	}
	return ""
}
