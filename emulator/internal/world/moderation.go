package world

import (
	"net/http"
	"time"
)

// A Ban excludes a user from a channel's chat, permanently or for some time.
type Ban struct {
	User      User
	Moderator User
	Reason    string
	CreatedAt time.Time
	EndsAt    time.Time // zero: permanent
}

// active reports whether the ban holds; nil does not.
func (b *Ban) active(now time.Time) bool {
	return b != nil && (b.EndsAt.IsZero() || b.EndsAt.After(now))
}

// moderator returns a channel and a user who may moderate it, or the error that Helix answers.
func (w *World) moderator(broadcasterID, moderatorID string) (*User, *channel, *User, error) {
	b, ch, err := w.broadcaster(broadcasterID)
	if err != nil {
		return nil, nil, nil, err
	}
	mod := w.users[moderatorID]
	if mod == nil || (mod.ID != b.ID && !ch.moderators.has(mod.ID)) {
		return nil, nil, nil, refuse(http.StatusForbidden, "The user in moderator_id is not one of the broadcaster's moderators.")
	}
	return b, ch, mod, nil
}

// Ban bans a user, or puts them in a timeout if duration is not 0, and deletes
// their messages. A timeout replaces an earlier timeout; a ban replaces a timeout.
func (w *World) Ban(broadcasterID, moderatorID, userID string, duration time.Duration, reason string) (Ban, error) {
	c := w.begin()
	defer c.end()
	b, ch, mod, err := w.moderator(broadcasterID, moderatorID)
	if err != nil {
		return Ban{}, err
	}
	u, err := w.user(userID)
	if err != nil {
		return Ban{}, err
	}
	switch {
	case u.ID == b.ID, u.Type != "", u.ID == mod.ID:
		return Ban{}, badRequest("The user specified in the user_id field may not be banned.")
	case ch.moderators.has(u.ID) && mod.ID != b.ID:
		return Ban{}, badRequest("The user specified in the user_id field may not be banned.")
	case ch.bans[u.ID].active(c.now) && ch.bans[u.ID].EndsAt.IsZero():
		return Ban{}, badRequest("The user specified in the user_id field is already banned.")
	}
	ban := &Ban{User: *u, Moderator: *mod, Reason: reason, CreatedAt: c.now}
	if duration > 0 {
		ban.EndsAt = c.now.Add(duration)
	}
	ch.bans[u.ID] = ban
	ch.chat.hideOf(u.ID)
	if ch.moderators.has(u.ID) { // the ban takes the role along
		ch.moderators.remove(u.ID)
		c.tell(ModeratorRemoved{About: c.about(b), User: *u})
	}
	if ch.vips.has(u.ID) && duration == 0 {
		ch.vips.remove(u.ID)
		c.tell(VIPRemoved{About: c.about(b), User: *u})
	}
	c.tell(UserBanned{About: c.about(b), User: *u, Moderator: *mod, Reason: reason, Duration: duration, EndsAt: ban.EndsAt})
	if duration == 0 && ch.chatters[u.ID] > 0 { // chat puts the user out
		delete(ch.chatters, u.ID)
		c.tell(ChatterLeft{About: c.about(b), User: *u})
	}
	return *ban, nil
}

// Unban lifts a ban or timeout.
func (w *World) Unban(broadcasterID, moderatorID, userID string) error {
	c := w.begin()
	defer c.end()
	b, ch, mod, err := w.moderator(broadcasterID, moderatorID)
	if err != nil {
		return err
	}
	u, err := w.user(userID)
	if err != nil {
		return err
	}
	ban := ch.bans[u.ID]
	if !ban.active(c.now) {
		return badRequest("The user in the user_id query parameter is not banned.")
	}
	delete(ch.bans, u.ID)
	if r := ch.pendingUnban(u.ID); r != nil {
		w.settleUnban(c, r, mod, "canceled", "")
	}
	c.tell(UserUnbanned{About: c.about(b), User: *u, Moderator: *mod, Timeout: !ban.EndsAt.IsZero()})
	return nil
}

// Bans returns the bans and timeouts of a channel that hold, newest first.
func (w *World) Bans(broadcasterID string) []Ban {
	w.mu.RLock()
	defer w.mu.RUnlock()
	ch := w.channels[broadcasterID]
	if ch == nil {
		return nil
	}
	now := time.Now()
	var all []Ban
	for _, ban := range ch.bans {
		if ban.active(now) {
			all = append(all, *ban)
		}
	}
	Order(all, func(a, b *Ban) int {
		if order := b.CreatedAt.Compare(a.CreatedAt); order != 0 {
			return order
		}
		return compareIDs(a.User.ID, b.User.ID)
	})
	return all
}

// BanOf returns the ban or timeout that keeps a user out of a channel.
func (w *World) BanOf(broadcasterID, userID string) (Ban, bool) {
	w.mu.RLock()
	defer w.mu.RUnlock()
	ch := w.channels[broadcasterID]
	if ch == nil || !ch.bans[userID].active(time.Now()) {
		return Ban{}, false
	}
	return *ch.bans[userID], true
}

// DeleteMessage deletes one message.
func (w *World) DeleteMessage(broadcasterID, moderatorID, messageID string) error {
	c := w.begin()
	defer c.end()
	b, ch, mod, err := w.moderator(broadcasterID, moderatorID)
	if err != nil {
		return err
	}
	m, ok := ch.chat.find(messageID)
	switch {
	case !ok || c.now.Sub(m.Time) > 6*time.Hour:
		return refuse(http.StatusNotFound, "The ID in message_id was not found or the message was created more than 6 hours ago.")
	case m.Sender.ID == b.ID && mod.ID != b.ID, m.Moderator && m.Sender.ID != mod.ID && mod.ID != b.ID:
		return badRequest("You may not delete messages of the broadcaster or of another moderator.")
	}
	ch.chat.remove(messageID)
	c.tell(MessageDeleted{About: c.about(b), Message: m, Moderator: *mod})
	return nil
}

// ClearChat deletes all messages.
func (w *World) ClearChat(broadcasterID, moderatorID string) error {
	c := w.begin()
	defer c.end()
	b, ch, mod, err := w.moderator(broadcasterID, moderatorID)
	if err != nil {
		return err
	}
	ch.chat.hideOf("")
	c.tell(ChatCleared{About: c.about(b), Moderator: *mod})
	return nil
}

// compareIDs orders numeric ids.
func compareIDs(a, b string) int {
	if len(a) != len(b) {
		return len(a) - len(b)
	}
	if a < b {
		return -1
	}
	return 1
}
