package irc

import (
	"sync"
	"sync/atomic"
	"time"
)

// seenAfter is how long duplicates are looked for after the old connection has
// gone: the new one may be a little behind.
const seenAfter = 10 * time.Second

// maxSeen bounds the memory of a move that takes long in busy channels.
const maxSeen = 50_000

// seen drops what two connections bring twice while one replaces the other. At
// all other times it does nothing.
type seen struct {
	active atomic.Bool

	mu    sync.Mutex
	until time.Time           // guarded by mu; zero while two connections live
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

// again tells whether the message was here before.
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
		key = m.Line // no id, but the time in milliseconds
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
