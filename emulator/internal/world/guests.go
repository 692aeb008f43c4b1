package world

import (
	"net/http"
	"slices"
	"strconv"
)

// screenshare is the slot of the user who shares their screen.
const screenshare = "SCREENSHARE"

// A GuestMove is a change to who is where in a session. Which fields it needs
// depends on the method.
type GuestMove struct {
	BroadcasterID, ModeratorID, SessionID string
	GuestID                               string
	Slot, To                              string
}

// guests runs one change to a session's guests.
func (w *World) guests(m GuestMove, do func(c *change, s *GuestStarSession, tell func(Guest, string)) error) error {
	c := w.begin()
	defer c.end()
	b, s, err := w.guestStarSession(m.BroadcasterID, m.SessionID)
	if err != nil {
		return err
	}
	mod := User{}
	if u := w.users[m.ModeratorID]; u != nil {
		mod = *u
	}
	return do(c, s, func(g Guest, state string) {
		c.tell(GuestChanged{About: c.about(b), SessionID: s.ID, Moderator: mod, Guest: g, State: state})
	})
}

func (g *GuestStarSession) in(slot string) *Guest {
	for i := range g.Guests {
		if g.Guests[i].Slot == slot {
			return &g.Guests[i]
		}
	}
	return nil
}

func (g *GuestStarSession) invite(userID string) int {
	return slices.IndexFunc(g.Invites, func(i GuestInvite) bool { return i.User.ID == userID })
}

// InviteGuest invites a user to a session.
func (w *World) InviteGuest(m GuestMove) error {
	return w.guests(m, func(c *change, s *GuestStarSession, tell func(Guest, string)) error {
		u := w.users[m.GuestID]
		switch {
		case u == nil:
			return badRequest("The ID in guest_id was not found.")
		case s.invite(u.ID) >= 0 || slices.ContainsFunc(s.Guests, func(g Guest) bool { return g.User.ID == u.ID }):
			return badRequest("The guest has been invited or is in the session already.")
		}
		s.Invites = append(s.Invites, GuestInvite{User: *u, Status: "INVITED", InvitedAt: c.now})
		tell(Guest{User: *u}, "invited")
		return nil
	})
}

// GuestReady has an invited guest accept and test their devices.
func (w *World) GuestReady(m GuestMove) error {
	return w.guests(m, func(_ *change, s *GuestStarSession, tell func(Guest, string)) error {
		i := s.invite(m.GuestID)
		if i < 0 {
			return refuse(http.StatusNotFound, "No invite exists for specified guest_id.")
		}
		s.Invites[i].Status = "READY"
		tell(Guest{User: s.Invites[i].User}, "ready")
		return nil
	})
}

// UninviteGuest takes an invitation back.
func (w *World) UninviteGuest(m GuestMove) error {
	return w.guests(m, func(_ *change, s *GuestStarSession, tell func(Guest, string)) error {
		i := s.invite(m.GuestID)
		if i < 0 {
			return refuse(http.StatusNotFound, "No invite exists for specified guest_id.")
		}
		u := s.Invites[i].User
		s.Invites = slices.Delete(s.Invites, i, i+1)
		tell(Guest{User: u}, "removed")
		return nil
	})
}

func (w *World) checkSlot(broadcasterID, slot string) error {
	n, err := strconv.Atoi(slot)
	if slot != screenshare && (err != nil || n < 1 || n > w.guestStarSettings(w.channels[broadcasterID]).Slots) {
		return badRequest("The slot_id is not a slot of the session.")
	}
	return nil
}

// AssignGuest puts an invited guest into a slot, backstage.
func (w *World) AssignGuest(m GuestMove) error {
	return w.guests(m, func(c *change, s *GuestStarSession, tell func(Guest, string)) error {
		if err := w.checkSlot(m.BroadcasterID, m.Slot); err != nil {
			return err
		}
		i := s.invite(m.GuestID)
		switch {
		case i < 0:
			return badRequest("The guest_id has not been invited.")
		case s.Invites[i].Status != "READY":
			return refuse(http.StatusForbidden, "The guest is not ready to join.")
		case s.in(m.Slot) != nil:
			return badRequest("The slot is already in use.")
		}
		g := Guest{Slot: m.Slot, User: s.Invites[i].User, Audio: true, Video: true, Volume: 100, AssignedAt: c.now}
		s.Invites = slices.Delete(s.Invites, i, i+1)
		s.Guests = append(s.Guests, g)
		tell(g, "backstage")
		return nil
	})
}

// MoveGuest moves a guest to another slot; a guest in that slot takes the old one.
func (w *World) MoveGuest(m GuestMove) error {
	return w.guests(m, func(_ *change, s *GuestStarSession, tell func(Guest, string)) error {
		if err := w.checkSlot(m.BroadcasterID, m.To); err != nil {
			return err
		}
		from, to := s.in(m.Slot), s.in(m.To)
		if from == nil || from.Slot == "0" {
			return badRequest("The source_slot_id has no guest.")
		}
		from.Slot = m.To
		tell(*from, from.state())
		if to != nil && to != from {
			to.Slot = m.Slot
			tell(*to, to.state())
		}
		return nil
	})
}

func (g *Guest) state() string {
	if g.Live {
		return "live"
	}
	return "backstage"
}

// RemoveGuest removes a guest from the session, or returns them to the invited guests.
func (w *World) RemoveGuest(m GuestMove, reinvite bool) error {
	return w.guests(m, func(c *change, s *GuestStarSession, tell func(Guest, string)) error {
		i := slices.IndexFunc(s.Guests, func(g Guest) bool { return g.Slot == m.Slot && g.User.ID == m.GuestID })
		if i < 0 {
			return refuse(http.StatusNotFound, "The guest_id is not in the slot_id.")
		}
		if m.Slot == "0" {
			return refuse(http.StatusForbidden, "The host cannot be removed.")
		}
		g := s.Guests[i]
		s.Guests = slices.Delete(s.Guests, i, i+1)
		if !reinvite {
			tell(g, "removed")
			return nil
		}
		s.Invites = append(s.Invites, GuestInvite{User: g.User, Status: "INVITED", InvitedAt: c.now})
		tell(Guest{User: g.User}, "invited")
		return nil
	})
}

// ModifyGuest changes how a guest is heard and seen.
func (w *World) ModifyGuest(m GuestMove, edit func(*Guest)) error {
	return w.guests(m, func(_ *change, s *GuestStarSession, tell func(Guest, string)) error {
		g := s.in(m.Slot)
		if g == nil {
			return badRequest("The slot_id has no guest.")
		}
		edit(g)
		tell(*g, g.state())
		return nil
	})
}
