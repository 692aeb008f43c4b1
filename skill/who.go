package skill

import (
	"slices"
	"strings"

	"github.com/larkspur-dev/larkspur/chat"
	"github.com/larkspur-dev/larkspur/internal/config"
)

// who is a set of people: allow: and deny: each hold one.
type who struct {
	ids    []string
	logins []string
	roles  []string // names; see [allRoles]
}

// A chatter is whoever caused an event, as far as the event says.
type chatter struct {
	id, login, name string
	roles           chat.Roles
}

// includes reports whether the chatter is in the set. With a role of allow: the
// broadcaster is always meant too; atLeast says so.
func (w *who) includes(c chatter, atLeast bool) bool {
	switch {
	case c.id != "" && slices.Contains(w.ids, c.id):
		return true
	case c.login != "" && slices.Contains(w.logins, strings.ToLower(c.login)):
		return true
	case slices.Contains(w.roles, roleEveryone):
		return true
	case atLeast && len(w.roles) > 0 && c.roles&chat.Broadcaster != 0:
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

// loadWho reads allow: or deny:, nil where there is none.
func loadWho(n *config.Node, ps *config.Problems) *who {
	if n == nil {
		return nil
	}
	s := n.Section(ps, "users", "roles")
	if n.Kind == config.Null || n.Kind == config.Map && !s.Has("users") && !s.Has("roles") {
		ps.Add(n, "want users, roles or both")
	}
	w := &who{}
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

// hint says which word was meant, or which there are.
func hint(word string, known []string) string {
	if meant := config.DidYouMean(word, known); meant != "" {
		return meant
	}
	return "; want " + strings.Join(known[:len(known)-1], ", ") + " or " + known[len(known)-1]
}

// addUser takes a login, with or without @, or an id. Digits alone are an id:
// somebody's login may be the digits of somebody else's id.
func (w *who) addUser(user string) {
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
	needsBadges := func(r string) bool { return r != chat.Broadcaster.String() && r != roleEveryone }
	switch {
	case !slices.ContainsFunc(actors, known):
		return t.name + " does not say who caused it"
	case slices.ContainsFunc(w.roles, needsBadges) && !t.shape.Has("badges"):
		return t.name + " does not say whether somebody is " + strings.Join(w.roles, " or ")
	}
	return ""
}
