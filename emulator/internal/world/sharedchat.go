package world

import (
	"slices"
	"time"
)

// A SharedChat is a session of channels that share one chat. What is written in one of them
// is copied to the others; each copy has an id of its own.
type SharedChat struct {
	ID           string
	Host         User
	Participants []User // the host too, first
	CreatedAt    time.Time
	UpdatedAt    time.Time
}

// SharedChatChanged is the fact, for one participant, that a session began, continues with
// others, or ended for them.
type SharedChatChanged struct {
	About
	Session SharedChat
	Change  string // "begin", "update", "end"
}

func (s *SharedChat) has(id string) bool {
	return slices.ContainsFunc(s.Participants, func(u User) bool { return u.ID == id })
}

func (s *SharedChat) snapshot() SharedChat {
	shown := *s
	shown.Participants = slices.Clone(shown.Participants)
	return shown
}

func (w *World) sharedChat(broadcasterID string) *SharedChat {
	for _, s := range w.sharedChats {
		if s.has(broadcasterID) {
			return s
		}
	}
	return nil
}

// SharedChatOf returns the session that a channel takes part in.
func (w *World) SharedChatOf(broadcasterID string) (SharedChat, bool) {
	w.mu.RLock()
	defer w.mu.RUnlock()
	if s := w.sharedChat(broadcasterID); s != nil {
		return s.snapshot(), true
	}
	return SharedChat{}, false
}

// ShareChat has a guest join the session of a host, which begins with the first.
func (w *World) ShareChat(hostID, guestID string) error {
	c := w.begin()
	defer c.end()
	host, _, err := w.broadcaster(hostID)
	if err != nil {
		return err
	}
	guest, _, err := w.broadcaster(guestID)
	if err != nil {
		return err
	}
	s := w.sharedChat(host.ID)
	switch {
	case host.ID == guest.ID, w.sharedChat(guest.ID) != nil:
		return badRequest("The guest shares a chat already.")
	case s != nil && s.Host.ID != host.ID:
		return badRequest("The broadcaster is not the host of their session.")
	}
	change := "update"
	if s == nil {
		change = "begin"
		s = &SharedChat{ID: w.uuid(), Host: *host, Participants: []User{*host}, CreatedAt: c.now}
		w.sharedChats = append(w.sharedChats, s)
	}
	before := slices.Clone(s.Participants)
	s.Participants, s.UpdatedAt = append(s.Participants, *guest), c.now
	for _, u := range before {
		c.tell(SharedChatChanged{About: c.about(w.users[u.ID]), Session: s.snapshot(), Change: change})
	}
	c.tell(SharedChatChanged{About: c.about(guest), Session: s.snapshot(), Change: "begin"})
	return nil
}

// LeaveSharedChat has a channel leave its session. It ends for all when the
// host leaves, or when the host is alone.
func (w *World) LeaveSharedChat(broadcasterID string) error {
	c := w.begin()
	defer c.end()
	b, _, err := w.broadcaster(broadcasterID)
	if err != nil {
		return err
	}
	s := w.sharedChat(b.ID)
	if s == nil {
		return badRequest("The broadcaster shares no chat.")
	}
	leaving := []User{*b}
	if s.Host.ID == b.ID || len(s.Participants) == 2 {
		leaving = s.Participants
		w.sharedChats = slices.DeleteFunc(w.sharedChats, func(other *SharedChat) bool { return other == s })
	}
	s.Participants = slices.DeleteFunc(slices.Clone(s.Participants), func(u User) bool { return u.ID == b.ID })
	s.UpdatedAt = c.now
	for _, u := range leaving {
		c.tell(SharedChatChanged{About: c.about(w.users[u.ID]), Session: s.snapshot(), Change: "end"})
	}
	if len(leaving) == 1 {
		for _, u := range s.Participants {
			c.tell(SharedChatChanged{About: c.about(w.users[u.ID]), Session: s.snapshot(), Change: "update"})
		}
	}
	return nil
}
