package world

import "slices"

// Block has a user block another, who then does not follow them any more and
// cannot whisper to them. Nothing happens if they do already.
func (w *World) Block(userID, targetID string) error {
	c := w.begin()
	defer c.end()
	_, ch, err := w.broadcaster(userID)
	if err != nil {
		return err
	}
	u := w.users[targetID]
	switch {
	case u == nil:
		return badRequest("The ID in target_user_id was not found.")
	case u.ID == userID:
		return badRequest("A user cannot block themself.")
	case ch.blocked.has(u.ID):
		return nil
	}
	if ch.blocked.since == nil {
		ch.blocked = *newRoll()
	}
	ch.blocked.add(u.ID, c.now)
	delete(ch.followers, u.ID)
	ch.followed = slices.DeleteFunc(ch.followed, func(id string) bool { return id == u.ID })
	return nil
}

// Unblock takes it back. Nothing happens if the user is not blocked.
func (w *World) Unblock(userID, targetID string) error {
	c := w.begin()
	defer c.end()
	_, ch, err := w.broadcaster(userID)
	if err != nil {
		return err
	}
	if w.users[targetID] == nil {
		return badRequest("The ID in target_user_id was not found.")
	}
	ch.blocked.remove(targetID)
	return nil
}

// Blocked returns whom a user blocks, newest first.
func (w *World) Blocked(userID string) []User {
	w.mu.RLock()
	defer w.mu.RUnlock()
	ch := w.channels[userID]
	if ch == nil {
		return nil
	}
	all := make([]User, 0, len(ch.blocked.ids))
	for _, id := range slices.Backward(ch.blocked.ids) {
		all = append(all, *w.users[id])
	}
	return all
}
