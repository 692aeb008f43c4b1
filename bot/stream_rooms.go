package bot

import "time"

// room returns the room with a key, a new one if there is none.
func (s *Stream) room(key string) *room {
	if r, ok := s.byID.Load(key); ok {
		return r.(*room)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if r := s.rooms[key]; r != nil {
		return r
	}
	s.sweep(time.Now())
	r := newRoom(s, key)
	s.rooms[r.key] = r
	s.byID.Store(r.key, r)
	return r
}

// sweep removes rooms in which nothing was said for as long as ids are remembered. s.mu
// is held.
func (s *Stream) sweep(now time.Time) {
	if now.Sub(s.swept) < seenFor {
		return
	}
	s.swept = now
	for key, r := range s.rooms {
		if r.retire(now) {
			delete(s.rooms, key)
			s.byID.Delete(key)
		}
	}
}

// every returns all rooms.
func (s *Stream) every() []*room {
	s.mu.Lock()
	defer s.mu.Unlock()
	all := make([]*room, 0, len(s.rooms))
	for _, r := range s.rooms {
		all = append(all, r)
	}
	return all
}
