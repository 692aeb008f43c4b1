package world

import (
	"strconv"
)

// JoinChat records that a connection of a user joined a channel's chat. Every
// call needs a later [World.LeaveChat].
func (w *World) JoinChat(broadcasterID, userID string) error {
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
	if ban := ch.bans[u.ID]; ban.active(c.now) && ban.EndsAt.IsZero() {
		return badRequest("The user is banned.")
	}
	ch.chatters[u.ID]++
	if ch.chatters[u.ID] == 1 {
		c.tell(ChatterJoined{About: c.about(b), User: *u})
	}
	return nil
}

// LeaveChat records that a connection of a user left a channel's chat.
func (w *World) LeaveChat(broadcasterID, userID string) {
	c := w.begin()
	defer c.end()
	ch, u := w.channels[broadcasterID], w.users[userID]
	if ch == nil || u == nil || ch.chatters[u.ID] == 0 {
		return
	}
	ch.chatters[u.ID]--
	if ch.chatters[u.ID] == 0 {
		delete(ch.chatters, u.ID)
		c.tell(ChatterLeft{About: c.about(ch.owner), User: *u})
	}
}

// Chatters returns the users in a channel's chat, by login.
func (w *World) Chatters(broadcasterID string) []User {
	w.mu.RLock()
	defer w.mu.RUnlock()
	ch := w.channels[broadcasterID]
	if ch == nil {
		return nil
	}
	all := make([]User, 0, len(ch.chatters))
	for id := range ch.chatters {
		all = append(all, *w.users[id])
	}
	Order(all, func(a, b *User) int {
		if a.Login < b.Login {
			return -1
		}
		return 1
	})
	return all
}

// ChatterCount returns how many users are in a channel's chat.
func (w *World) ChatterCount(broadcasterID string) int {
	w.mu.RLock()
	defer w.mu.RUnlock()
	if ch := w.channels[broadcasterID]; ch != nil {
		return len(ch.chatters)
	}
	return 0
}

// Badges returns the badges a user has in a channel. They must not be changed.
func (w *World) Badges(broadcasterID, userID string) []Badge {
	w.mu.RLock()
	defer w.mu.RUnlock()
	ch, u := w.channels[broadcasterID], w.users[userID]
	if ch == nil || u == nil {
		return nil
	}
	return ch.badges(u)
}

func (ch *channel) badges(u *User) []Badge {
	var all []Badge
	switch {
	case u.ID == ch.owner.ID:
		all = append(all, Badge{SetID: "broadcaster", ID: "1"})
	case ch.moderators.has(u.ID):
		all = append(all, Badge{SetID: "moderator", ID: "1"})
	case ch.vips.has(u.ID):
		all = append(all, Badge{SetID: "vip", ID: "1"})
	}
	if s := ch.subs[u.ID]; s != nil {
		version := 0
		for _, months := range []int{3, 6, 9, 12, 18, 24} {
			if s.Months >= months {
				version = months
			}
		}
		switch s.Tier {
		case "2000":
			version += 2000
		case "3000":
			version += 3000
		}
		all = append(all, Badge{SetID: "subscriber", ID: strconv.Itoa(version), Info: strconv.Itoa(s.Months)})
	}
	if bits := ch.bits[u.ID]; bits > 0 {
		all = append(all, Badge{SetID: "bits", ID: strconv.Itoa(cheerTier(bits))})
	}
	if u.Turbo {
		all = append(all, Badge{SetID: "turbo", ID: "1"})
	}
	return all
}
