package chat

import (
	"slices"
	"strings"
	"time"
)

// A room is what a Sender knows of one channel. It is guarded by Sender.mu.
type room struct {
	user    User // as far as it is known
	queue   []*entry
	waiting int    // messages in the queue
	busy    bool   // an entry has the turn
	served  uint64 // when the room had the turn last
	started time.Time
	low     bool  // the message that is being sent is under the limit of an ordinary account
	unready error // what the carrier said last; nil if it can send

	roles  Roles     // of the account, from its own messages
	slow   time.Time // until then the account counts as an ordinary one
	window window
	last   time.Time // when the latest message was answered
	pause  time.Time // nothing is sent before
	recent []recentText
	expect *expectation // of the message that is being sent; nil if none is
}

func (r *room) first() *entry { return r.queue[0] }

// before reports whether r gets the turn before other.
func (r *room) before(other *room) bool {
	a, b := r.first(), other.first()
	switch {
	case a.m.Priority != b.m.Priority:
		return a.m.Priority > b.m.Priority
	case r.served != other.served:
		return r.served < other.served
	default:
		return a.seq < b.seq
	}
}

// maxRooms bounds the channels that a Sender remembers, unless more are in use.
const maxRooms = 10_000

// room returns the room of a channel.
func (s *Sender) room(channel User) *room {
	channel.Login = strings.ToLower(channel.Login)
	r := s.byID[channel.ID]
	if r == nil {
		r = s.byLogin[channel.Login]
		if r != nil && channel.ID != "" && r.user.ID != "" {
			r = nil // the login belongs to another account now
		}
	}
	if r == nil {
		s.forget()
		r = &room{}
		s.rooms[r] = true
	}
	if channel.ID != "" && r.user.ID == "" {
		r.user.ID = channel.ID
		s.byID[channel.ID] = r
	}
	if channel.Login != "" && r.user.Login != channel.Login {
		if s.byLogin[r.user.Login] == r {
			delete(s.byLogin, r.user.Login)
		}
		r.user.Login = channel.Login
		s.byLogin[channel.Login] = r
	}
	return r
}

// forget drops the rooms that limit nothing now, if there are too many.
func (s *Sender) forget() {
	if len(s.rooms) < maxRooms {
		return
	}
	now := time.Now()
	for r := range s.rooms {
		if len(r.queue) > 0 || r.busy || r.window.used(now) > 0 {
			continue
		}
		delete(s.rooms, r)
		if s.byID[r.user.ID] == r {
			delete(s.byID, r.user.ID)
		}
		if s.byLogin[r.user.Login] == r {
			delete(s.byLogin, r.user.Login)
		}
	}
}

// moderates reports whether the account is moderator or broadcaster, as far as it is known.
func (s *Sender) moderates(r *room, now time.Time) bool {
	if now.Before(r.slow) {
		return false
	}
	if isSame(s.self(), r.user) {
		return true
	}
	roles := r.roles
	if s.roles != nil {
		if known, ok := s.roles.Roles(r.user); ok {
			roles = known
		}
	}
	return roles&(Moderator|Broadcaster) != 0
}

// self returns the account that writes, as far as it is known.
func (s *Sender) self() User {
	if c, ok := s.carrier.(interface{ Account() User }); ok && s.o.Account == (User{}) {
		return c.Account()
	}
	return s.o.Account
}

// isSame reports whether two users are known to be the same.
func isSame(a, b User) bool {
	if a.ID != "" && b.ID != "" {
		return a.ID == b.ID
	}
	return a.Login != "" && strings.EqualFold(a.Login, b.Login)
}

const (
	repeatWithin = 30 * time.Second // Twitch drops the same text within
	maxRecent    = 100              // texts of a channel that are remembered
)

// A recentText is a text that was sent less than 30 seconds ago.
type recentText struct {
	text string // as it was sent
	id   string // of the message; "" if unknown
	at   time.Time
}

// remember adds a text.
func (r *room) remember(now time.Time, text, id string) {
	r.recent = slices.DeleteFunc(r.recent, func(t recentText) bool { return now.Sub(t.at) >= repeatWithin })
	if len(r.recent) >= maxRecent {
		r.recent = slices.Delete(r.recent, 0, 1)
	}
	r.recent = append(r.recent, recentText{text, id, now})
}

// unlike varies a text until Twitch will not drop it as a repetition, if there is room for
// that. It skips as many variations as asked.
func (r *room) unlike(now time.Time, text string, skip int) string {
	sent := func(text string) bool {
		return slices.ContainsFunc(r.recent, func(t recentText) bool { return t.text == text && now.Sub(t.at) < repeatWithin })
	}
	other := text
	for n := 1; skip > 0 || sent(other); n++ {
		var ok bool
		if other, ok = Vary(text, n); !ok {
			return text
		}
		skip--
	}
	return other
}
