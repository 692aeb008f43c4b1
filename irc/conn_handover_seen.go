package irc

import (
	"strings"
	"sync"
	"sync/atomic"
	"time"
)

// seenAfter is how long duplicates are dropped after the old connection has ended: the
// new one may be a little behind.
const seenAfter = 10 * time.Second

// maxSeen limits the memory of a long hand-over in busy channels: at least so many of the
// latest messages are remembered, and at most twice as many.
const maxSeen = 25_000

// maxWhispers is how many whispers are remembered.
const maxWhispers = 64

// seen drops messages that two connections deliver while one replaces the other. All
// connections of a client share it. At all other times it only drops whispers, which each
// connection of the account gets.
type seen struct {
	active atomic.Bool

	mu       sync.Mutex
	moves    int       // guarded by mu; connections that are being replaced
	until    time.Time // guarded by mu; meaningful while moves is 0
	keys     recent    // guarded by mu
	whispers recent    // guarded by mu
}

func (s *seen) start() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.moves++
	s.active.Store(true)
}

func (s *seen) stopSoon(now time.Time) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.moves--
	s.until = now.Add(seenAfter)
}

// again reports whether the message was delivered before.
func (s *seen) again(m *Message) bool {
	if m.Command == "WHISPER" {
		return s.whisperedAgain(m.Tags.Get("message-id"))
	}
	if !s.active.Load() {
		return false
	}
	key := ""
	switch m.Command {
	case "PRIVMSG", "USERNOTICE":
		key = m.Tags.Get("id")
	case "CLEARCHAT", "CLEARMSG":
		key = m.Line // has no id; the line contains the time in milliseconds
	}
	if key == "" {
		return false
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.moves == 0 && time.Now().After(s.until) {
		s.keys = recent{}
		s.active.Store(false)
		return false
	}
	return s.keys.again(key, maxSeen)
}

func (s *seen) whisperedAgain(id string) bool {
	if id == "" {
		return false
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.whispers.again(id, maxWhispers)
}

// recent remembers keys: the latest n, and up to n more.
type recent struct{ now, before map[string]struct{} }

// again adds a key and reports whether it was there.
func (r *recent) again(key string, n int) bool {
	if _, ok := r.now[key]; ok {
		return true
	}
	if _, ok := r.before[key]; ok {
		return true
	}
	if r.now == nil || len(r.now) >= n {
		r.now, r.before = make(map[string]struct{}), r.now
	}
	r.now[strings.Clone(key)] = struct{}{} // not the lines around it
	return false
}
