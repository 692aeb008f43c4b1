package world

import (
	"slices"
	"time"
)

// A Follower is a follower of a channel, or a channel that a user follows.
type Follower struct {
	User       User
	FollowedAt time.Time
}

// Follow makes a user follow a channel. Nothing happens if they do already.
func (w *World) Follow(broadcasterID, userID string) error {
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
	if u.ID == b.ID {
		return badRequest("A user cannot follow themself.")
	}
	if ch.blocked.has(u.ID) {
		return badRequest("The broadcaster has blocked the user.")
	}
	if _, ok := ch.followers[u.ID]; ok {
		return nil
	}
	ch.followers[u.ID] = c.now
	ch.followed = append(ch.followed, u.ID)
	c.tell(Followed{About: c.about(b), User: *u})
	return nil
}

// Unfollow ends a follow. Twitch sends no event for it.
func (w *World) Unfollow(broadcasterID, userID string) error {
	c := w.begin()
	defer c.end()
	_, ch, err := w.broadcaster(broadcasterID)
	if err != nil {
		return err
	}
	delete(ch.followers, userID)
	ch.followed = slices.DeleteFunc(ch.followed, func(id string) bool { return id == userID })
	return nil
}

// Followers returns a channel's followers, newest first.
func (w *World) Followers(broadcasterID string) []Follower {
	w.mu.RLock()
	defer w.mu.RUnlock()
	ch := w.channels[broadcasterID]
	if ch == nil {
		return nil
	}
	all := make([]Follower, 0, len(ch.followed))
	for _, id := range slices.Backward(ch.followed) {
		all = append(all, Follower{User: *w.users[id], FollowedAt: ch.followers[id]})
	}
	return all
}

// Following returns the channels that a user follows, newest first.
func (w *World) Following(userID string) []Follower {
	w.mu.RLock()
	defer w.mu.RUnlock()
	var all []Follower
	for _, u := range w.ordered {
		if at, ok := w.channels[u.ID].followers[userID]; ok {
			all = append(all, Follower{User: *u, FollowedAt: at})
		}
	}
	Order(all, func(a, b *Follower) int { return b.FollowedAt.Compare(a.FollowedAt) })
	return all
}
