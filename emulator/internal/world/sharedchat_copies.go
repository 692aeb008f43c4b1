package world

import (
	"fmt"
	"hash/fnv"
)

// CopyID returns the id of the copy that another channel of a shared chat gets of a message
// or notice. It depends on both only.
func CopyID(messageID, broadcasterID string) string {
	h := fnv.New128a()
	_, _ = h.Write([]byte(messageID))
	_, _ = h.Write([]byte{0})
	_, _ = h.Write([]byte(broadcasterID))
	b := h.Sum(nil)
	b[6], b[8] = b[6]&0x0f|0x40, b[8]&0x3f|0x80 // as a random UUID
	return fmt.Sprintf("%x-%x-%x-%x-%x", b[:4], b[4:6], b[6:8], b[8:10], b[10:])
}

// SharedWith returns the other channels of the chat that a channel shares, nil if it shares
// none.
func (w *World) SharedWith(broadcasterID string) []User {
	w.mu.RLock()
	defer w.mu.RUnlock()
	return w.sharedWith(broadcasterID)
}

func (w *World) sharedWith(broadcasterID string) []User {
	s := w.sharedChat(broadcasterID)
	if s == nil {
		return nil
	}
	var others []User
	for _, u := range s.Participants {
		if u.ID != broadcasterID {
			others = append(others, *w.users[u.ID])
		}
	}
	return others
}

// share copies a message to the other channels of a shared chat. Those from which the sender
// is banned do not get it.
func (w *World) share(c *change, m ChatMessage) {
	if m.Source.Only {
		return
	}
	for _, to := range w.sharedWith(m.BroadcasterID) {
		b, ch := w.users[to.ID], w.channels[to.ID]
		sender := w.users[m.Sender.ID]
		if ch.bans[sender.ID].active(c.now) {
			continue
		}
		m := m
		m.ID, m.BroadcasterID = CopyID(m.Source.ID, b.ID), b.ID
		m.Badges = ch.badges(sender)
		m.Moderator, m.Subscriber, m.VIP = ch.moderators.has(sender.ID), ch.subs[sender.ID] != nil, ch.vips.has(sender.ID)
		m.First, m.Returning = false, false
		m.Reply = ch.copyOf(m.Reply)
		ch.chat.add(m)
		c.tell(Chat{About: c.about(b), Message: m})
	}
}

// copyOf returns a reply to the copies that a channel has of what was answered.
func (ch *channel) copyOf(r *Reply) *Reply {
	if r == nil {
		return nil
	}
	return &Reply{Parent: ch.copyOfMessage(r.Parent), Thread: ch.copyOfMessage(r.Thread)}
}

// copyOfMessage returns a message as this channel has it; as it is if it has none.
func (ch *channel) copyOfMessage(m ChatMessage) ChatMessage {
	if m.Source == nil {
		return m
	}
	id := CopyID(m.Source.ID, ch.owner.ID)
	if m.Source.Broadcaster.ID == ch.owner.ID {
		id = m.Source.ID
	}
	found, ok := ch.chat.get(id)
	if !ok {
		return m
	}
	found.Reply = nil
	return found
}
