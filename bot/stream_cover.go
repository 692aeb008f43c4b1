package bot

import (
	"sync"
	"sync/atomic"
	"time"

	"github.com/larkspur-dev/larkspur/eventsub"
)

// coverEvery is how often a cover asks what is subscribed, while messages arrive.
const coverEvery = time.Second

// A cover knows for which channels EventSub delivers chat.
type cover struct {
	asked    atomic.Int64                      // when it last asked, since the start of the stream; 0: never
	channels atomic.Pointer[map[string]string] // id of the subscription by that of the broadcaster; nil if unknown

	known  atomic.Bool // an answer has arrived since the last add
	asking sync.Mutex  // held during the first question, which nobody may pass by

	mu   sync.Mutex
	tell []Subscriptions // guarded by mu; appended to only
}

func (c *cover) add(s Subscriptions) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.tell = append(c.tell, s)
	c.channels.Store(new(map[string]string))
	c.known.Store(false)
}

// refresh asks what is subscribed, if that is long ago. One goroutine at a time does so. For
// the first answer all wait: without it, the first of two copies would not wait for the other.
func (c *cover) refresh(now time.Duration) {
	if c.channels.Load() == nil {
		return
	}
	if !c.known.Load() {
		c.asking.Lock()
		defer c.asking.Unlock()
		if !c.known.Load() {
			c.asked.Store(max(int64(now), 1))
			c.ask()
			c.known.Store(true)
		}
		return
	}
	asked := c.asked.Load()
	if now-time.Duration(asked) >= coverEvery && c.asked.CompareAndSwap(asked, max(int64(now), 1)) {
		c.ask()
	}
}

// ask asks what is subscribed.
func (c *cover) ask() {
	c.mu.Lock()
	tell := c.tell
	c.mu.Unlock()
	channels := map[string]string{}
	chatType := eventsub.ChannelChatMessage{}.Type()
	for _, s := range tell {
		for _, r := range s.Results() {
			if r.Outcome == eventsub.OutcomeSubscribed && r.Condition.Type() == chatType {
				channels[r.Condition.Fields()["broadcaster_user_id"]] = r.SubscriptionID
			}
		}
	}
	c.channels.Store(&channels)
}

// look compares the subscription of the channel with what it was. r.mu is held.
func (r *room) look() {
	channels := r.s.cover.channels.Load()
	if channels == r.covered {
		return
	}
	r.covered = channels
	id := (*channels)[r.key]
	if id == r.subID {
		return // also if it is silent: then the next event tells that it is back
	}
	r.subID = id
	if id != "" {
		r.expected |= fromEventSub
	} else {
		r.expected &^= fromEventSub
	}
}

// expectFrom notes that a source delivers the channel from now on.
func (r *room) expectFrom(from source) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.expected |= from
}
