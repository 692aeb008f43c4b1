package irc

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"sync"
	"time"

	"github.com/larkspur-dev/larkspur/chat"
	"github.com/larkspur-dev/larkspur/internal/limit"
)

const (
	sendWindow   = 30 * time.Second // of the account's message limit
	slowest      = time.Second      // between two messages to a channel that the account does not moderate
	sameWithin   = 30 * time.Second // Twitch drops the same text within
	maxUnsettled = 20               // messages per channel that wait for an answer
)

// An outgoing is a message to be sent.
type outgoing struct {
	channel, text, replyTo string
	action                 bool
	done                   chan error // receives one value, buffered
	nonce                  string     // set when the message is taken from the queue
	line                   string     // set when the message is taken from the queue
	givenUp                error      // why the caller gave up; guarded by outbox.mu
}

// An outbox queues messages and decides when each may be sent. It is given the time and
// does no I/O.
type outbox struct {
	limits Limits
	max    int
	window *limit.Window
	wake   chan struct{}

	mu     sync.Mutex
	closed bool                // guarded by mu; Run has ended
	queue  []*outgoing         // guarded by mu; not taken yet
	rooms  map[string]*outRoom // guarded by mu; one for each channel joined or written to
}

// An outRoom is the state that sending to one channel depends on.
type outRoom struct {
	mod    bool // the account is moderator or broadcaster
	last   time.Time
	recent []recentText
	unsure []*outgoing // sent and not answered by Twitch, oldest first
}

type recentText struct {
	text string // as it was sent
	at   time.Time
}

func newOutbox(l Limits, n int) *outbox {
	return &outbox{
		limits: l, max: n,
		window: limit.NewWindow(l.ModMessages, sendWindow),
		wake:   make(chan struct{}, 1),
		rooms:  make(map[string]*outRoom),
	}
}

// poke wakes the sender.
func (b *outbox) poke() {
	select {
	case b.wake <- struct{}{}:
	default:
	}
}

func (b *outbox) put(o *outgoing) error {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.closed {
		return ErrStopped
	}
	if len(b.queue) >= b.max {
		return ErrQueueFull
	}
	b.queue = append(b.queue, o)
	b.poke()
	return nil
}

// putBack returns a message to the queue that no connection could take. If its caller
// gave up meanwhile, the call ends.
func (b *outbox) putBack(o *outgoing) {
	b.mu.Lock()
	defer b.mu.Unlock()
	r := b.room(o.channel)
	r.unsure = slices.DeleteFunc(r.unsure, func(other *outgoing) bool { return other == o })
	if o.givenUp != nil {
		o.done <- o.givenUp
		return
	}
	b.queue = slices.Insert(b.queue, 0, o)
}

// withdraw removes a message from the queue. If it was taken already, withdraw returns
// false, and the message is not put back again.
func (b *outbox) withdraw(o *outgoing, why error) bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	i := slices.Index(b.queue, o)
	if i < 0 {
		o.givenUp = why
		return false
	}
	b.queue = slices.Delete(b.queue, i, i+1)
	return true
}

func (b *outbox) open() {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.closed = false
}

// close ends all waiting calls with ErrStopped and refuses new messages.
func (b *outbox) close() {
	b.mu.Lock()
	queue := b.queue
	b.queue, b.closed = nil, true
	b.mu.Unlock()
	for _, o := range queue {
		o.done <- ErrStopped
	}
}

// take returns the next message that may be sent now. If there is none, it returns how
// long to wait, or 0 to wait for a poke. Messages of one channel stay in order; a channel
// that must wait does not delay others.
func (b *outbox) take(now time.Time, reachable func(channel string) bool) (*outgoing, time.Duration) {
	b.mu.Lock()
	defer b.mu.Unlock()
	var soonest time.Duration
	later := func(d time.Duration) {
		if soonest == 0 || d < soonest {
			soonest = d
		}
	}
	blocked := make(map[string]bool)
	for i, o := range b.queue {
		if blocked[o.channel] {
			continue
		}
		blocked[o.channel] = true // later messages of the channel must wait for this one
		if !reachable(o.channel) {
			continue
		}
		r := b.room(o.channel)
		if d := r.last.Add(slowest).Sub(now); !r.mod && d > 0 {
			later(d)
			continue
		}
		n := b.limits.Messages
		if r.mod {
			n = b.limits.ModMessages
		}
		if d, ok := b.window.TryTakeUnder(now, n); !ok {
			later(d)
			continue
		}
		b.queue = slices.Delete(b.queue, i, i+1)
		r.commit(o, now)
		return o, 0
	}
	return nil, soonest
}

// commit records that a message is sent now, and builds its line.
func (r *outRoom) commit(o *outgoing, now time.Time) {
	r.last = now
	r.recent = slices.DeleteFunc(r.recent, func(t recentText) bool { return now.Sub(t.at) >= sameWithin })
	text := o.text
	if !r.mod {
		text = r.unlike(text)
		r.recent = append(r.recent, recentText{text: text, at: now})
	}
	if o.action {
		text = "\x01ACTION " + text + "\x01"
	}
	o.nonce = fmt.Sprintf("%016x", rand.Uint64())
	tags := "@client-nonce=" + o.nonce
	if o.replyTo != "" {
		tags += ";reply-parent-msg-id=" + escapeTag(o.replyTo)
	}
	o.line = tags + " PRIVMSG #" + o.channel + " :" + text
	if r.unsure = append(r.unsure, o); len(r.unsure) > maxUnsettled {
		r.unsure = slices.Delete(r.unsure, 0, 1)
	}
}

// unlike makes text differ from recent messages, if there is room for it.
func (r *outRoom) unlike(text string) string {
	other := text
	for n := 1; r.sent(other); n++ {
		var ok bool
		if other, ok = chat.Vary(text, n); !ok {
			return text
		}
	}
	return other
}

func (r *outRoom) sent(text string) bool {
	return slices.ContainsFunc(r.recent, func(t recentText) bool { return t.text == text })
}

// room returns the state of a channel. b.mu is held.
func (b *outbox) room(channel string) *outRoom {
	r, ok := b.rooms[channel]
	if !ok {
		r = &outRoom{}
		b.rooms[channel] = r
	}
	return r
}
