package chat

import (
	"slices"
	"time"

	"github.com/larkspur-dev/larkspur/emulator/internal/world"
)

// Twitch's limits over connections.
const (
	limitWindow   = 10 * time.Second
	joinLimit     = 20   // channels
	loginLimit    = 20   // PASS and NICK
	verifiedJoin  = 2000 // of a verified bot
	verifiedLogin = 200  // of a verified bot
	roomLimit     = 100  // channels at once, without those where the user is broadcaster or moderator
)

// An account is what all connections of a user share.
type account struct{ joins, logins window }

// A window counts what happened in the last ten seconds.
type window struct{ at []time.Time }

// take counts one more, unless there were limit of them.
func (w *window) take(now time.Time, limit int) bool {
	old := 0
	for old < len(w.at) && now.Sub(w.at[old]) >= limitWindow {
		old++
	}
	w.at = w.at[old:]
	if len(w.at) >= limit {
		return false
	}
	w.at = append(w.at, now)
	return true
}

// mayLogin counts a login of a user.
func (s *Server) mayLogin(u world.User) bool {
	limit := loginLimit
	if u.VerifiedBot {
		limit = verifiedLogin
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.noLimits || s.account(u.ID).logins.take(time.Now(), limit)
}

// mayJoin counts a JOIN of one channel.
func (s *Server) mayJoin(c *client) bool {
	if s.noLimits {
		return true
	}
	if c.anonymous {
		return c.joins.take(time.Now(), joinLimit)
	}
	limit := joinLimit
	if u, _ := s.world.UserByID(c.user.ID); u.VerifiedBot { // perhaps since the login
		limit = verifiedJoin
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.account(c.user.ID).joins.take(time.Now(), limit)
}

// account returns the account of a user. The caller holds mu.
func (s *Server) account(userID string) *account {
	a := s.accounts[userID]
	if a == nil {
		a = &account{}
		s.accounts[userID] = a
	}
	return a
}

// mayEnter reports whether a user may be in one more channel at once. What all
// connections of the user have joined counts, and the rooms of EventSub; of an anonymous
// client its own.
func (s *Server) mayEnter(c *client, broadcasterID string) bool {
	if s.noLimits || s.trusted(c, broadcasterID) {
		return true
	}
	rooms := s.joined(c)
	if !c.anonymous {
		rooms = append(rooms, s.others(c.user.ID)...)
		slices.Sort(rooms)
		rooms = slices.Compact(rooms)
	}
	n := 0
	for _, id := range rooms {
		if id == broadcasterID {
			return true // is there already
		}
		if !s.trusted(c, id) {
			n++
		}
	}
	return n < roomLimit
}

// Rooms returns the ids of the broadcasters in whose chats a user is over IRC.
func (s *Server) Rooms(userID string) []string {
	s.mu.RLock()
	defer s.mu.RUnlock()
	var ids []string
	for id, r := range s.rooms {
		for member := range r.members {
			if userID != "" && member.user.ID == userID {
				ids = append(ids, id)
				break
			}
		}
	}
	return ids
}

// trusted reports whether a channel does not count.
func (s *Server) trusted(c *client, broadcasterID string) bool {
	return !c.anonymous && (c.user.ID == broadcasterID || s.world.Has(broadcasterID, world.Moderator, c.user.ID))
}

// joined returns the channels that a client's user is in over IRC.
func (s *Server) joined(c *client) (ids []string) {
	if !c.anonymous {
		return s.Rooms(c.user.ID)
	}
	s.mu.RLock()
	defer s.mu.RUnlock()
	for id, r := range s.rooms {
		if r.members[c] {
			ids = append(ids, id)
		}
	}
	return ids
}
