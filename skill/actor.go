package skill

import (
	"strings"

	"github.com/larkspur-dev/larkspur/chat"
)

// actors are the prefixes of the attributes that name the user who caused an event. The
// first one that an event has is used.
var actors = []string{"chatter_user", "user", "from_broadcaster_user"}

// actor returns the user who caused an event, the zero value if the event names none.
func actor(e map[string]any) chatter {
	get := func(key string) string { s, _ := e[key].(string); return s }
	for _, prefix := range actors {
		c := chatter{id: get(prefix + "_id"), login: get(prefix + "_login"), name: get(prefix + "_name")}
		if c.id == "" && c.login == "" {
			continue
		}
		c.roles = chat.RolesOf(c.id, get("broadcaster_user_id"), eventBadges(e["badges"]))
		return c
	}
	return chatter{login: get("user")}
}

// eventBadges reads the list of badges that chat events of EventSub have.
func eventBadges(v any) []chat.Badge {
	items, _ := v.([]any)
	badges := make([]chat.Badge, 0, len(items))
	for _, item := range items {
		badge, _ := item.(map[string]any)
		set, _ := badge["set_id"].(string)
		badges = append(badges, chat.Badge{Set: set})
	}
	return badges
}

// people maps the logins and display names in an event to the ids beside them.
func people(e map[string]any) map[string]string {
	out := map[string]string{}
	for key, v := range e {
		prefix, isID := strings.CutSuffix(key, "_id")
		id, isText := v.(string)
		if !isID || !isText || id == "" {
			continue
		}
		for _, suffix := range []string{"_name", "_login"} {
			if name, _ := e[prefix+suffix].(string); name != "" {
				out[strings.ToLower(name)] = id
			}
		}
	}
	return out
}
