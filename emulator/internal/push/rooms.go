package push

import (
	"maps"
	"slices"
	"strings"

	"github.com/larkspur-dev/larkspur/emulator/internal/auth"
	"github.com/larkspur-dev/larkspur/emulator/internal/world"
)

// roomLimit is how many rooms of chat a user may be in at once, over IRC and EventSub
// together, without those where they are broadcaster or moderator. Rooms that are read with
// an app token do not count.
const roomLimit = 100

// isChat reports whether a subscription puts its user into a room of chat.
func isChat(name string) bool { return strings.HasPrefix(name, "channel.chat.") }

// Rooms returns the ids of the broadcasters in whose chats a user is by their
// subscriptions with user tokens.
func (s *Server) Rooms(userID string) []string {
	s.mu.RLock()
	defer s.mu.RUnlock()
	return slices.Sorted(maps.Keys(s.roomsOf(userID)))
}

// roomsOf returns the rooms of a user. The caller holds mu.
func (s *Server) roomsOf(userID string) map[string]bool {
	rooms := map[string]bool{}
	for _, sub := range s.order {
		if sub.userID == userID && userID != "" && sub.alive() && isChat(sub.kind.Name) {
			rooms[sub.Condition["broadcaster_user_id"]] = true
		}
	}
	return rooms
}

// mayEnter reports whether a user may be in one more room. Others are the rooms that they
// are in over IRC. The caller holds mu.
func (s *Server) mayEnter(g auth.Grant, name, broadcasterID string, others []string) bool {
	if s.noLimits || g.IsApp() || !isChat(name) || s.trusted(broadcasterID, g.UserID) {
		return true
	}
	rooms := s.roomsOf(g.UserID)
	for _, id := range others {
		rooms[id] = true
	}
	if rooms[broadcasterID] {
		return true
	}
	n := 0
	for id := range rooms {
		if !s.trusted(id, g.UserID) {
			n++
		}
	}
	return n < roomLimit
}

// trusted reports whether a room does not count.
func (s *Server) trusted(broadcasterID, userID string) bool {
	return broadcasterID == userID || s.world.Has(broadcasterID, world.Moderator, userID)
}
