package cli

import (
	"cmp"
	"slices"
	"strings"
	"sync"

	"github.com/larkspur-dev/larkspur/chat"
)

// What is remembered of a channel.
const (
	maxRecent   = 200 // messages, for /reply and /delete
	maxChatters = 300 // names, for the tab key
)

// A chatRoom is a channel that is read.
type chatRoom struct {
	id, login string
	me        chat.Chatter    // the user there; zero until Twitch tells
	recent    []recentMessage // the newest last
	chatters  []string        // logins, the latest last
	joined    bool            // was joined once, and the user told
	moded     bool            // its modes were shown after joining
}

// A recentMessage is one that can be answered and deleted.
type recentMessage struct{ id, login, text string }

// chatRooms are the channels that are read, by login.
type chatRooms struct {
	mu      sync.Mutex
	rooms   map[string]*chatRoom // guarded by mu
	current string               // guarded by mu; the login of the channel that is written to
}

func newChatRooms(channels []channel) *chatRooms {
	r := &chatRooms{rooms: map[string]*chatRoom{}}
	for _, c := range channels {
		r.rooms[c.login] = &chatRoom{id: c.id, login: c.login}
	}
	if len(channels) > 0 {
		r.current = channels[0].login
	}
	return r
}

// several reports whether there is more than one channel.
func (r *chatRooms) several() bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	return len(r.rooms) > 1
}

// in calls f for a channel that is read. It reports whether the channel is.
func (r *chatRooms) in(login string, f func(*chatRoom)) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	room := r.rooms[login]
	if room != nil {
		f(room)
	}
	return room != nil
}

// each calls f for every channel.
func (r *chatRooms) each(f func(*chatRoom)) {
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, room := range r.rooms {
		f(room)
	}
}

// here returns the channel that is written to; ok is false if there is none.
func (r *chatRooms) here() (user chat.User, ok bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	room := r.rooms[r.current]
	if room == nil {
		return chat.User{}, false
	}
	return chat.User{ID: room.id, Login: room.login}, true
}

// enter adds a channel, if it is new, and makes it the current one.
func (r *chatRooms) enter(c channel) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.rooms[c.login] == nil {
		r.rooms[c.login] = &chatRoom{id: c.id, login: c.login}
	}
	r.current = c.login
}

// leave removes a channel. If it was the current one, another takes its place.
func (r *chatRooms) leave(login string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	delete(r.rooms, login)
	if r.current == login {
		r.current = ""
		for other := range r.rooms {
			if r.current == "" || other < r.current {
				r.current = other
			}
		}
	}
}

// saw remembers a message.
func (r *chatRooms) saw(m *chat.Message) {
	r.in(m.Broadcaster.Login, func(room *chatRoom) {
		room.id = cmp.Or(room.id, m.Broadcaster.ID)
		if len(room.recent) == maxRecent {
			room.recent = slices.Delete(room.recent, 0, maxRecent/4)
		}
		room.recent = append(room.recent, recentMessage{m.ID, strings.Clone(m.Chatter.Login), cut(m.Text, maxQuote)})
		if i := slices.Index(room.chatters, m.Chatter.Login); i >= 0 {
			room.chatters = slices.Delete(room.chatters, i, i+1)
		} else if len(room.chatters) == maxChatters {
			room.chatters = slices.Delete(room.chatters, 0, 1)
		}
		room.chatters = append(room.chatters, strings.Clone(m.Chatter.Login))
	})
}

// last returns the last message of a user in the current channel.
func (r *chatRooms) last(login string) (found recentMessage, ok bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	room := r.rooms[r.current]
	if room == nil {
		return recentMessage{}, false
	}
	for _, m := range slices.Backward(room.recent) {
		if m.login == login {
			return m, true
		}
	}
	return recentMessage{}, false
}

// byID returns a message of the current channel by its id.
func (r *chatRooms) byID(id string) (found recentMessage, ok bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if room := r.rooms[r.current]; room != nil {
		for _, m := range room.recent {
			if m.id == id {
				return m, true
			}
		}
	}
	return recentMessage{}, false
}

// names returns the logins of chatters in the current channel that begin with a text, the
// latest first.
func (r *chatRooms) names(prefix string) (found []string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	room := r.rooms[r.current]
	if room == nil {
		return nil
	}
	for _, login := range slices.Backward(room.chatters) {
		if strings.HasPrefix(login, prefix) {
			found = append(found, login)
		}
	}
	return found
}

// channels returns the logins of the channels that begin with a text.
func (r *chatRooms) channels(prefix string) (found []string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	for login := range r.rooms {
		if strings.HasPrefix(login, prefix) {
			found = append(found, login)
		}
	}
	slices.Sort(found)
	return found
}
