// Package world is the state of the emulated Twitch: users, channels, chat,
// followers, subscriptions, bans, streams, clips, and the rules over them.
//
// Every change of the world is a method of [World], and its results are sent to
// subscribers as [Fact] values. The servers around it (Helix, EventSub, IRC) hold no
// state of Twitch: they query the world and translate facts into their protocols.
//
// Methods may be called from any goroutine. Facts are delivered before the
// method that caused them returns, all of them in one order. Time is
// [time.Now], so a world made inside a testing/synctest bubble uses the clock of the bubble.
package world

import (
	"hash/fnv"
	"math/rand/v2"
	"slices"
	"sync"
	"sync/atomic"
	"time"
)

// Options configure a World. The zero value is usable.
type Options struct {
	Seed         uint64 // of ids, names and colours; the same seed gives the same ids
	NoChatLimits bool   // no limits on messages per 30 seconds and on repeated messages

	// ChatPace is the time between two messages of a user in a channel where they are
	// neither moderator nor broadcaster.
	ChatPace time.Duration
}

// A World is one emulated Twitch.
type World struct {
	opts Options

	// order is held while something changes and until its facts are delivered:
	// it keeps facts in the order of the changes. Taken before mu.
	order       sync.Mutex
	delivering  atomic.Bool   // facts are being delivered; order is held
	subscribers []*subscriber // guarded by order; replaced on write

	mu          sync.RWMutex // guards what follows, and everything reached from there
	rng         *rand.Rand
	users       map[string]*User    // by id
	logins      map[string]*User    // by login
	ordered     []*User             // in order of creation
	channels    map[string]*channel // by broadcaster id
	streams     map[string]*Stream  // live ones, by broadcaster id
	clips       []*Clip             // in order of creation
	clipIDs     map[string]*Clip
	games       []Game
	senders     map[string]*sender // chat limits by user id
	raids       map[string]Raid    // pending ones, by the raiding broadcaster's id
	held        map[string]*HeldMessage
	sharedChats []*SharedChat
	tasks       []task // what is to come, the next first

	whispers   map[[2]string]time.Time // the last one, by sender and recipient
	teams      []*team
	videos     []*Video // in order of creation
	drops      []*Entitlement
	extensions map[string]*extension
}

type subscriber struct{ deliver func(Fact) }

// New makes a world with a few games and no users.
func New(o Options) *World {
	return &World{
		opts:     o,
		rng:      rand.New(rand.NewPCG(o.Seed, 0x6c61726b73707572)),
		users:    map[string]*User{},
		logins:   map[string]*User{},
		channels: map[string]*channel{},
		streams:  map[string]*Stream{},
		clipIDs:  map[string]*Clip{},
		games:    games(),
		senders:  map[string]*sender{},
		raids:    map[string]Raid{},
		held:     map[string]*HeldMessage{},

		whispers:   map[[2]string]time.Time{},
		extensions: map[string]*extension{},
	}
}

// Subscribe has deliver called with every fact from now on, in order, by the
// goroutine that caused it and before the causing method returns. Deliver must
// return quickly and may read the world, but not change it or subscribe.
// After cancel has returned, deliver is not called any more.
func (w *World) Subscribe(deliver func(Fact)) (cancel func()) {
	s := &subscriber{deliver}
	w.order.Lock()
	defer w.order.Unlock()
	w.subscribers = append(slices.Clip(w.subscribers), s)
	return func() {
		w.order.Lock()
		defer w.order.Unlock()
		kept := make([]*subscriber, 0, len(w.subscribers))
		for _, other := range w.subscribers {
			if other != s {
				kept = append(kept, other)
			}
		}
		w.subscribers = kept
	}
}

// A change is one step of the world. It holds both locks until end, which
// delivers what was told in between.
type change struct {
	w     *World
	now   time.Time
	first Fact // most changes tell one fact; it needs no slice
	more  []Fact
}

func (w *World) begin() *change {
	w.order.Lock()
	w.mu.Lock()
	return w.change()
}

// change makes a change. The caller holds both locks.
func (w *World) change() *change {
	c := &change{w: w, now: time.Now().UTC()}
	c.doDue()
	return c
}

// tell notes a fact, and then what it entails. In line it is large, and it is called
// in many places.
//
//go:noinline
func (c *change) tell(f Fact) {
	if c.first == nil {
		c.first = f
	} else {
		c.more = append(c.more, f)
	}
	c.entail(f)
}

func (c *change) end() {
	c.w.mu.Unlock()
	defer c.w.order.Unlock()
	if c.first == nil {
		return
	}
	c.w.delivering.Store(true)
	defer c.w.delivering.Store(false) // before order is given back
	for _, s := range c.w.subscribers {
		s.deliver(c.first)
	}
	for _, f := range c.more {
		for _, s := range c.w.subscribers {
			s.deliver(f)
		}
	}
}

// about is the head of a fact in a broadcaster's channel.
func (c *change) about(b *User) About { return About{Broadcaster: *b, Time: c.now} }

// number returns a number that depends on the seed and the words only, so that
// ids do not depend on the order of creation.
func (w *World) number(words ...string) uint64 {
	h := fnv.New64a()
	for i := range 8 {
		_, _ = h.Write([]byte{byte(w.opts.Seed >> (8 * i))})
	}
	for _, word := range words {
		_, _ = h.Write([]byte(word))
		_, _ = h.Write([]byte{0})
	}
	return h.Sum64()
}
