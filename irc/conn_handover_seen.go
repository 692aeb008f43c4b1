package irc

import (
	"sync"
	"sync/atomic"
	"time"
)

// seenAfter is how long duplicates are dropped after the old connection has ended: the
// new one may be a little behind.
const seenAfter = 10 * time.Second

// maxSeen limits the memory of a long hand-over in busy channels.
const maxSeen = 50_000

// seen drops messages that two connections deliver while one replaces the other. At all
// other times it does nothing.
type seen struct {
	active atomic.Bool

	mu    sync.Mutex
	until time.Time           // guarded by mu; zero while there are two connections
	keys  map[string]struct{} // guarded by mu
}

func (s *seen) start() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.until = time.Time{}
	if s.keys == nil {
		s.keys = make(map[string]struct{})
	}
	s.active.Store(true)
}

func (s *seen) stopSoon(now time.Time) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.until = now.Add(seenAfter)
}

// again reports whether the message was delivered before.
func (s *seen) again(m *Message) bool {
	if !s.active.Load() {
		return false
	}
	key := ""
	switch m.Command {
	case "PRIVMSG", "USERNOTICE":
		key = m.Tags.Get("id")
	case "WHISPER":
		key = m.Tags.Get("message-id")
	case "CLEARCHAT", "CLEARMSG":
		key = m.Line // has no id; the line contains the time in milliseconds
	}
	if key == "" {
		return false
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if !s.until.IsZero() && time.Now().After(s.until) {
		s.keys = nil
		s.active.Store(false)
		return false
	}
	if _, ok := s.keys[key]; ok {
		return true
	}
	if len(s.keys) >= maxSeen {
		clear(s.keys)
	}
	s.keys[key] = struct{}{}
	return false
}
