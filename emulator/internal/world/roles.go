package world

import (
	"net/http"
	"slices"
	"time"
)

// A Role is the role of a user in a channel.
type Role string

// The roles that a broadcaster gives.
const (
	Moderator Role = "moderator"
	VIP       Role = "vip"
	Editor    Role = "editor"
)

// A Holder is a user with a role.
type Holder struct {
	User  User
	Since time.Time
}

// roll is the list of users with a role, in order.
type roll struct {
	since map[string]time.Time
	ids   []string
}

func newRoll() *roll { return &roll{since: map[string]time.Time{}} }

func (r *roll) has(id string) bool { _, ok := r.since[id]; return ok }

func (r *roll) add(id string, at time.Time) {
	r.since[id] = at
	r.ids = append(r.ids, id)
}

func (r *roll) remove(id string) {
	delete(r.since, id)
	r.ids = slices.DeleteFunc(r.ids, func(other string) bool { return other == id })
}

func (ch *channel) roll(role Role) *roll {
	switch role {
	case Moderator:
		return ch.moderators
	case VIP:
		return ch.vips
	default:
		return ch.editors
	}
}

// Has reports whether a user has a role in a channel. The broadcaster has none.
func (w *World) Has(broadcasterID string, role Role, userID string) bool {
	w.mu.RLock()
	defer w.mu.RUnlock()
	ch := w.channels[broadcasterID]
	return ch != nil && ch.roll(role).has(userID)
}

// Holders returns the users with a role in a channel, oldest first.
func (w *World) Holders(broadcasterID string, role Role) []Holder {
	w.mu.RLock()
	defer w.mu.RUnlock()
	ch := w.channels[broadcasterID]
	if ch == nil {
		return nil
	}
	r := ch.roll(role)
	all := make([]Holder, len(r.ids))
	for i, id := range r.ids {
		all[i] = Holder{User: *w.users[id], Since: r.since[id]}
	}
	return all
}

// Moderated returns the broadcasters in whose channels a user is a moderator.
func (w *World) Moderated(userID string) []User {
	w.mu.RLock()
	defer w.mu.RUnlock()
	var all []User
	for _, u := range w.ordered {
		if w.channels[u.ID].moderators.has(userID) {
			all = append(all, *u)
		}
	}
	return all
}

// AddRole makes a user moderator, VIP or editor.
func (w *World) AddRole(broadcasterID string, role Role, userID string) error {
	c := w.begin()
	defer c.end()
	b, ch, err := w.broadcaster(broadcasterID)
	if err != nil {
		return err
	}
	u, err := w.user(userID)
	if err != nil {
		return err
	}
	switch {
	case role == Moderator && (ch.moderators.has(u.ID) || u.ID == b.ID):
		return badRequest("user is already a mod")
	case role == Moderator && ch.vips.has(u.ID):
		return refuse(http.StatusUnprocessableEntity, "The user is a VIP. To make them a moderator, you must first remove them as a VIP.")
	case role == Moderator && ch.bans[u.ID].active(c.now):
		return badRequest("user is banned")
	case role == VIP && ch.moderators.has(u.ID):
		return refuse(http.StatusUnprocessableEntity, "The user is a moderator. To make them a VIP, you must first remove them as a moderator.")
	case role == VIP && (ch.vips.has(u.ID) || u.ID == b.ID):
		return refuse(http.StatusUnprocessableEntity, "The user is already a VIP.")
	case ch.roll(role).has(u.ID):
		return badRequest("The user is already an editor.")
	}
	ch.roll(role).add(u.ID, c.now)
	switch role {
	case Moderator:
		c.tell(ModeratorAdded{About: c.about(b), User: *u})
	case VIP:
		c.tell(VIPAdded{About: c.about(b), User: *u})
	case Editor: // Twitch has no event for it
	}
	return nil
}

// RemoveRole takes a role away.
func (w *World) RemoveRole(broadcasterID string, role Role, userID string) error {
	c := w.begin()
	defer c.end()
	b, ch, err := w.broadcaster(broadcasterID)
	if err != nil {
		return err
	}
	u, err := w.user(userID)
	if err != nil {
		return err
	}
	if !ch.roll(role).has(u.ID) {
		if role == VIP {
			return refuse(http.StatusUnprocessableEntity, "The user is not a VIP in the broadcaster's channel.")
		}
		return badRequest("user is not a mod")
	}
	ch.roll(role).remove(u.ID)
	switch role {
	case Moderator:
		c.tell(ModeratorRemoved{About: c.about(b), User: *u})
	case VIP:
		c.tell(VIPRemoved{About: c.about(b), User: *u})
	case Editor: // Twitch has no event for it
	}
	return nil
}
