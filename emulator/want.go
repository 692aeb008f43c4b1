package emulator

import (
	"fmt"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/larkspur-dev/larkspur/emulator/internal/world"
)

// wantTimeout is how long Want… wait. Inside a testing/synctest bubble it takes no time.
const wantTimeout = 10 * time.Second

// A Message is one message of a channel's chat.
type Message struct {
	ID      string
	Channel string // login
	User    string // login
	Text    string
	ReplyTo string // id of the message it answers, or ""
	Action  bool   // written with /me; Text is what follows
}

// watcher remembers what was written and wakes up those who wait.
type watcher struct {
	world  *world.World
	tb     TB
	cancel func()

	mu      sync.Mutex
	said    []Message
	claimed map[string]bool // ids of messages that a WantChat has found
	changed chan struct{}   // closed at the next fact; nil while no goroutine waits
}

// keptMessages bounds what a server that runs for days remembers.
const keptMessages = 10_000

func newWatcher(w *world.World) *watcher {
	watch := &watcher{world: w, claimed: map[string]bool{}}
	watch.cancel = w.Subscribe(watch.fact)
	return watch
}

func (w *watcher) close() { w.cancel() }

func (w *watcher) fact(f world.Fact) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if c, ok := f.(world.Chat); ok {
		m := Message{ID: c.Message.ID, Channel: c.Broadcaster.Login, User: c.Message.Sender.Login, Text: c.Message.Text, Action: c.Message.Action}
		if c.Message.Reply != nil {
			m.ReplyTo = c.Message.Reply.Parent.ID
		}
		if w.said = append(w.said, m); len(w.said) > 2*keptMessages {
			w.said = slices.Delete(w.said, 0, len(w.said)-keptMessages)
		}
	}
	if w.changed != nil {
		close(w.changed)
		w.changed = nil
	}
}

func (w *watcher) wait() <-chan struct{} {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.changed == nil {
		w.changed = make(chan struct{})
	}
	return w.changed
}

// claim finds a message that no other WantChat has found.
func (w *watcher) claim(channel, text string) (Message, bool) {
	w.mu.Lock()
	defer w.mu.Unlock()
	for _, m := range w.said {
		if m.Channel == channel && m.Text == text && !w.claimed[m.ID] {
			w.claimed[m.ID] = true
			return m, true
		}
	}
	return Message{}, false
}

// WantChat waits until a message of exactly this text is, or was, in a
// channel's chat, and returns it. Every call finds another message. The test
// ends here if none comes.
func (s *Server) WantChat(t TB, channel, text string) Message {
	t.Helper()
	channel = strings.ToLower(channel)
	var found Message
	ok := s.until(func() bool {
		m, ok := s.watch.claim(channel, text)
		if ok {
			found = m
		}
		return ok
	})
	if !ok {
		t.Fatalf("emulator: got no message %q in the chat of %s; what was written:%s", text, channel, s.transcript(channel))
	}
	return found
}

// Want waits until something is so, looking again whenever anything happens.
// The test ends here if it does not become so; what says what was awaited.
func (s *Server) Want(t TB, what string, so func() bool) {
	t.Helper()
	if !s.until(so) {
		t.Fatalf("emulator: got no %s", what)
	}
}

// until waits, and reports whether it came about.
func (s *Server) until(so func() bool) bool {
	deadline := time.NewTimer(wantTimeout)
	defer deadline.Stop()
	again := time.NewTicker(wantTimeout / 200) // not everything is told as a fact
	defer again.Stop()
	for {
		changed := s.watch.wait()
		if so() {
			return true
		}
		select {
		case <-changed:
		case <-again.C:
		case <-deadline.C:
			return so()
		}
	}
}

func (s *Server) transcript(channel string) string {
	var b strings.Builder
	for _, m := range s.Chat(channel) {
		fmt.Fprintf(&b, "\n\t%s: %s", m.User, m.Text)
	}
	if b.Len() == 0 {
		return " nothing"
	}
	return b.String()
}

// Chat returns what was written in a channel since the server started, oldest
// first, deleted messages too.
func (s *Server) Chat(channel string) []Message {
	s.watch.mu.Lock()
	defer s.watch.mu.Unlock()
	var all []Message
	for _, m := range s.watch.said {
		if m.Channel == strings.ToLower(channel) {
			all = append(all, m)
		}
	}
	return all
}
