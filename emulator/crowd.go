package emulator

import (
	"context"
	"fmt"
	"math/rand/v2"
	"time"
)

// CrowdOptions configure a [Server.Crowd]. The zero value is a lively chat.
type CrowdOptions struct {
	Pace    time.Duration // between two actions, on average; default 900 ms
	Seed    uint64        // the same seed does the same things in the same order
	Opening []string      // said at once, one line each, before anything else
	// OnDeed is called with a description of each action other than chatting.
	OnDeed func(text string)
}

// Crowd fills a channel with viewers who chat, follow, subscribe, give
// subscriptions, raid and now and then advertise followers. It returns when ctx
// ends. The first actions come in a fixed order, so that a short run shows each
// kind once.
func (s *Server) Crowd(ctx context.Context, channel string, o CrowdOptions) error {
	if o.Pace <= 0 {
		o.Pace = 900 * time.Millisecond
	}
	c := &crowd{s: s, channel: channel, o: o, rand: rand.New(rand.NewPCG(o.Seed, 1))}
	for i, line := range o.Opening {
		s.Say(channel, viewers[i%len(viewers)], line)
	}
	deeds := []func(){c.follow, c.chat, c.advertise, c.chat, c.subscribe, c.chat, c.raid, c.chat, c.gift, c.chat, c.cheer}
	for i := 0; ; i++ {
		// Between half and one and a half times the pace, faster at the beginning.
		pace := time.Duration((0.5 + c.rand.Float64()) * float64(o.Pace))
		if i < len(deeds) {
			pace /= 2
		}
		select {
		case <-time.After(pace):
		case <-ctx.Done():
			return ctx.Err()
		}
		if i < len(deeds) {
			deeds[i]()
		} else {
			c.any()
		}
	}
}

// A crowd is used by one goroutine.
type crowd struct {
	s       *Server
	channel string
	o       CrowdOptions
	rand    *rand.Rand
	guests  int // accounts made so far that did not exist before
}

// any does one action, chosen as often as it happens in a friendly channel.
func (c *crowd) any() {
	switch n := c.rand.IntN(100); {
	case n < 72:
		c.chat()
	case n < 84:
		c.follow()
	case n < 89:
		c.advertise()
	case n < 93:
		c.subscribe()
	case n < 95:
		c.gift()
	case n < 97:
		c.cheer()
	default:
		c.raid()
	}
}

func (c *crowd) viewer() string { return viewers[c.rand.IntN(len(viewers))] }

// guest returns the login of a new viewer.
func (c *crowd) guest(name string) string {
	c.guests++
	return fmt.Sprintf("%s_%d", name, 100+c.guests)
}

func (c *crowd) deed(format string, args ...any) {
	if c.o.OnDeed != nil {
		c.o.OnDeed(fmt.Sprintf(format, args...))
	}
}

func (c *crowd) chat() { c.s.Say(c.channel, c.viewer(), smallTalk[c.rand.IntN(len(smallTalk))]) }

func (c *crowd) follow() {
	user := c.guest(c.viewer())
	c.deed("%s follows", user)
	c.s.Follow(c.channel, user)
}

func (c *crowd) advertise() {
	user := c.guest("best_viewers")
	c.deed("%s advertises followers", user)
	c.s.Advertise(c.channel, user)
}

func (c *crowd) subscribe() {
	user := c.guest(c.viewer())
	c.deed("%s subscribes", user)
	c.s.Subscribe(c.channel, user, "1000")
}

func (c *crowd) gift() {
	user, to := c.viewer(), []string{c.guest("lucky"), c.guest("lucky"), c.guest("lucky")}
	c.deed("%s gives %d subscriptions", user, len(to))
	c.s.Gift(c.channel, user, to...)
}

func (c *crowd) cheer() {
	user, bits := c.viewer(), 50*(1+c.rand.IntN(8))
	c.deed("%s cheers %d bits", user, bits)
	c.s.Cheer(c.channel, user, bits, fmt.Sprintf("Cheer%d for that move", bits))
}

func (c *crowd) raid() {
	from, size := c.guest("raider"), 3+c.rand.IntN(60)
	c.deed("%s raids with %d viewers", from, size)
	c.s.Raid(from, c.channel, size)
}

// viewers are the regulars.
var viewers = []string{
	"grace", "alan", "hedy", "dennis", "barbara", "edsger", "margaret", "donald", "radia", "ken",
	"frances", "niklaus", "katherine", "claude", "evelyn", "linus", "annie", "john", "sophie", "tim",
}

// smallTalk are the messages of the regulars.
var smallTalk = []string{
	"hi chat", "good evening everyone", "what did I miss?", "that was close", "nice one!", "lol", "no way",
	"first time here, love it", "which keyboard is that?", "the music is great today", "gg", "again, again!",
	"how long have you been live?", "greetings from the night shift", "can you zoom in a little?", "hello from the train",
	"I would have lost that one", "brb, tea", "back!", "the cat again", "clip it!", "please raid somebody small tonight",
	"that opening never works", "told you so", "is this the new update?", "so relaxing", "haha", "well played",
	"what is the song called?", "my first stream this year", "can we see the map?", "I learned something today",
}
