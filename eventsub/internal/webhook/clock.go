package webhook

import (
	"sync"
	"time"
)

// A Clock estimates how far the local clock is ahead of Twitch's, from the ages that
// messages have when they arrive. An age is the time on arrival minus the time at which
// Twitch sent the message; a retry has a large one although the clock is right.
//
// Two observations are certain. A message cannot arrive before it was sent, so the
// clock is ahead by no more than the lowest age, which is negative if the clock is
// behind. And a challenge is sent once and at once: its age is the error of the clock
// and the time of one request.
type Clock struct {
	mu       sync.Mutex
	prompt   time.Duration    // guarded by mu; the age of the last challenge
	lowest   [2]time.Duration // guarded by mu; of this period and the one before
	periodAt time.Time        // guarded by mu; the start of this period
}

// clockPeriod is how long an observation counts at least, and twice that at most: the
// clock may be set.
const clockPeriod = 15 * time.Minute

// noAge is higher than any age.
const noAge = time.Duration(1<<63 - 1)

// Observe records the arrival of a message that Twitch sent at a time.
func (c *Clock) Observe(sent, now time.Time) { c.observe(sent, now, false) }

// ObservePrompt records the arrival of a message that Twitch sends only once.
func (c *Clock) ObservePrompt(sent, now time.Time) { c.observe(sent, now, true) }

func (c *Clock) observe(sent, now time.Time, prompt bool) {
	age := now.Sub(sent)
	c.mu.Lock()
	defer c.mu.Unlock()
	switch past := now.Sub(c.periodAt); {
	case c.periodAt.IsZero() || past < 0 || past >= 2*clockPeriod:
		c.lowest, c.periodAt = [2]time.Duration{noAge, noAge}, now
	case past >= clockPeriod:
		c.lowest, c.periodAt = [2]time.Duration{noAge, c.lowest[0]}, now
	}
	c.lowest[0] = min(c.lowest[0], age)
	if prompt {
		c.prompt = max(age, 0)                  // a negative age is known from the messages themselves
		c.lowest = [2]time.Duration{age, noAge} // the clock may have been set since the others
	}
}

// Ahead returns how far the local clock is ahead of Twitch's. It is negative if the
// clock is behind.
func (c *Clock) Ahead() time.Duration {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.periodAt.IsZero() {
		return 0
	}
	return min(c.prompt, c.lowest[0], c.lowest[1])
}

// Age returns the age of a message that Twitch sent at a time, without the error of the
// clock.
func (c *Clock) Age(sent, now time.Time) time.Duration {
	return now.Sub(sent) - c.Ahead()
}
