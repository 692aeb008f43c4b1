package skill

import (
	"slices"
	"strings"

	"github.com/larkspur-dev/larkspur/chat"
	"github.com/larkspur-dev/larkspur/internal/config"
)

// A userSet is the value of allow: or deny:.
type userSet struct {
	ids    []string
	logins []string
	roles  []string // names; see [allRoles]
	tier   int      // of a subscription at least, if > 0
	first  bool     // whose first message in the channel it is
}

// A chatter is the user who caused an event, as far as the event names them.
type chatter struct {
	id, login, name string
	roles           chat.Roles
	tier            int  // of the subscription, as far as the badge tells; 0: none
	first           bool // it is the chatter's first message in the channel
}

// includes reports whether the chatter is in the set. If atLeast is set, any role includes
// the broadcaster: allow: uses it.
func (w *userSet) includes(c chatter, atLeast bool) bool {
	switch {
	case c.id != "" && slices.Contains(w.ids, c.id):
		return true
	case c.login != "" && slices.Contains(w.logins, strings.ToLower(c.login)):
		return true
	case slices.Contains(w.roles, roleEveryone):
		return true
	case w.tier > 0 && c.tier >= w.tier, w.first && c.first:
		return true
	case atLeast && (len(w.roles) > 0 || w.tier > 0 || w.first) && c.roles&chat.Broadcaster != 0:
		return true
	}
	return slices.ContainsFunc(w.roles, func(name string) bool {
		role, ok := chat.ParseRole(name)
		return ok && c.roles&role != 0
	})
}

// roleEveryone includes users without any role.
const roleEveryone = "everyone"

// allRoles are the names that roles: takes. They are decided from badges and ids,
// never from names of users.
var allRoles = append(chat.AllRoles.Names(), roleEveryone)

// loadUserSet reads allow: or deny:; it returns nil for a nil node.
func loadUserSet(n *config.Node, ps *config.Problems) *userSet {
	if n == nil {
		return nil
	}
	s := n.Section(ps, "users", "roles", "subscriber-tier", "first-time", "follower", "account-age")
	if n.Kind == config.Null || n.Kind == config.Map && len(n.Fields) == 0 {
		ps.Add(n, "want users, roles, subscriber-tier, first-time, follower or account-age")
	}
	w := &userSet{first: s.Bool("first-time", false)}
	if t := s.Get("subscriber-tier"); t != nil {
		if tier, ok := t.Int(ps); ok && (tier < 1 || tier > 3) {
			ps.Add(t, "want a tier from 1 to 3")
		} else {
			w.tier = tier
		}
	}
	for _, user := range s.StringList("users") {
		w.addUser(user)
	}
	w.roles = s.StringList("roles")
	if r := s.Get("roles"); r != nil {
		for i, role := range w.roles {
			at := r
			if len(r.Items) == len(w.roles) {
				at = r.Items[i]
			}
			if !contains(allRoles, role) {
				ps.Add(at, "unknown role %s%s", at.Quote(), hint(role, allRoles))
			}
		}
	}
	return w
}

// hint suggests the nearest of the known words, or lists them.
func hint(word string, known []string) string {
	if meant := config.DidYouMean(word, known); meant != "" {
		return meant
	}
	return "; want " + strings.Join(known[:len(known)-1], ", ") + " or " + known[len(known)-1]
}

// addUser adds a login, with or without @, or an id. Digits alone are an id: without
// this rule a user whose login is 123 would get the rights of the user with id 123.
func (w *userSet) addUser(user string) {
	login, at := strings.CutPrefix(strings.ToLower(strings.TrimSpace(user)), "@")
	if !at && isDigits(login) {
		w.ids = append(w.ids, login)
		return
	}
	w.logins = append(w.logins, login)
}

func isDigits(s string) bool {
	return s != "" && strings.Trim(s, "0123456789") == ""
}

// checkUserSets reports allow and deny for events that lack what they are decided by.
func (l *loader) checkUserSets(r *rule, s *config.Section) {
	for _, t := range r.triggers {
		for _, w := range r.allow {
			l.checkUserSet(t, w, s.Get("allow"))
		}
		if r.deny != nil {
			l.checkUserSet(t, r.deny, s.Get("deny"))
		}
	}
}

func (l *loader) checkUserSet(t trigger, w *userSet, n *config.Node) {
	if wrong := t.lacksFor(w); wrong != "" {
		l.problems.Add(n, "%s", wrong)
	}
}

// namesActor reports whether the trigger's events name the user who caused them.
func (t trigger) namesActor() bool {
	return t.signal == signalRun || slices.ContainsFunc(actors, func(prefix string) bool { return t.shape.Has(prefix + "_id") })
}

// lacksFor describes what the trigger's events lack to decide about w; "" if nothing.
func (t trigger) lacksFor(w *userSet) string {
	needsBadges := func(r string) bool { return r != chat.Broadcaster.String() && r != roleEveryone }
	switch {
	case !t.namesActor():
		return t.name + " names no user, so allow and deny cannot be checked"
	case slices.ContainsFunc(w.roles, needsBadges) && !t.shape.Has("badges"):
		return t.name + " has no badges, so the role " + strings.Join(w.roles, " or ") + " cannot be checked"
	}
	return ""
}
