package skill

import (
	"reflect"
	"slices"
	"strings"

	"github.com/larkspur-dev/larkspur/internal/config"
	"github.com/larkspur-dev/larkspur/skill/internal/expr"
)

// channelShape is what is known of channel.
var channelShape = expr.ShapeOf("channel", reflect.TypeFor[ChannelInfo]())

// messageShape is what is known of event in a skill with match.
var messageShape = expr.NewShape("a chat message", map[string]*expr.Shape{
	"text": expr.Text, "message_id": expr.Text,
	"user": expr.Text, "user_id": expr.Text, "user_login": expr.Text, "user_name": expr.Text,
	"broadcaster_user_id": expr.Text, "broadcaster_user_login": expr.Text, "broadcaster_user_name": expr.Text,
	"roles": expr.TextList, "badges": expr.TextDict, "bits": expr.Number, "is_reply": expr.Bool,
	// As opsdroid has them:
	"event_id": expr.Text, "target": expr.Text, "connector": expr.Text, "raw_event": expr.Text,
})

// fields returns the message as expressions see it.
func (m Message) fields() map[string]any {
	badges := m.Badges
	if badges == nil {
		badges = map[string]string{}
	}
	return map[string]any{
		"text": m.Text, "message_id": m.ID,
		"user": m.UserLogin, "user_id": m.UserID, "user_login": m.UserLogin, "user_name": m.UserName,
		"broadcaster_user_id": m.BroadcasterID, "broadcaster_user_login": m.BroadcasterLogin, "broadcaster_user_name": m.BroadcasterName,
		"roles": m.Roles(), "badges": badges, "bits": m.Bits, "is_reply": m.IsReply,
		"event_id": m.ID, "target": "#" + m.BroadcasterLogin, "connector": "twitch", "raw_event": m.Raw,
	}
}

// actors are the beginnings of the attributes that tell who caused an event, the
// first that an event has counts.
var actors = []string{"chatter_user", "user", "from_broadcaster_user"}

// actor returns who caused an event, empty where it does not say.
func actor(e map[string]any) chatter {
	get := func(key string) string { s, _ := e[key].(string); return s }
	for _, prefix := range actors {
		c := chatter{id: get(prefix + "_id"), login: get(prefix + "_login"), name: get(prefix + "_name")}
		if c.id == "" && c.login == "" {
			continue
		}
		c.roles = roles(eventBadges(e["badges"]), c.id != "" && c.id == get("broadcaster_user_id"))
		return c
	}
	return chatter{login: get("user")}
}

// eventBadges reads the list of badges that chat events of EventSub have.
func eventBadges(v any) map[string]string {
	items, _ := v.([]any)
	badges := map[string]string{}
	for _, item := range items {
		badge, _ := item.(map[string]any)
		if set, ok := badge["set_id"].(string); ok {
			badges[set], _ = badge["id"].(string)
		}
	}
	return badges
}

// people maps the logins and names in an event to the ids beside them.
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

// checkWho reports allow and deny where the events do not say enough of who
// caused them.
func (l *loader) checkWho(r *rule, s *config.Section) {
	for _, t := range r.triggers {
		for _, w := range r.allow {
			l.checkTell(t, w, s.Get("allow"))
		}
		if r.deny != nil {
			l.checkTell(t, r.deny, s.Get("deny"))
		}
	}
}

func (l *loader) checkTell(t trigger, w *who, n *config.Node) {
	if wrong := t.cannotTell(w); wrong != "" {
		l.problems.Add(n, "%s", wrong)
	}
}

// cannotTell says what the trigger's events lack to decide about w, "" for nothing.
func (t trigger) cannotTell(w *who) string {
	known := func(prefix string) bool { return t.shape.Has(prefix + "_id") }
	needsBadges := func(r string) bool { return r != roleBroadcaster && r != roleEveryone }
	switch {
	case !slices.ContainsFunc(actors, known):
		return t.name + " does not say who caused it"
	case slices.ContainsFunc(w.roles, needsBadges) && !t.shape.Has("badges"):
		return t.name + " does not say whether somebody is " + strings.Join(w.roles, " or ")
	}
	return ""
}
