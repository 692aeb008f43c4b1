package bot

import (
	"context"
	"runtime/debug"
	"slices"
	"sync"

	"github.com/larkspur-dev/larkspur/chat"
	"github.com/larkspur-dev/larkspur/eventsub"
)

// maxWaits bounds how many calls wait for a message in one channel.
const maxWaits = 1000

// waits are the calls that wait for a message.
type waits struct {
	mu        sync.Mutex
	byChannel map[string][]*waitFor // guarded by mu; the oldest first
}

type waitFor struct {
	fits func(m *chat.Message) bool
	got  chan heard // receives one value, buffered
	// takes: the message is for this one only, and calls no command.
	takes bool
}

// A heard is a message that fits, or the error of a condition that panicked.
type heard struct {
	m   *chat.Message
	err error
}

func newWait(fits func(m *chat.Message) bool, takes bool) *waitFor {
	return &waitFor{fits: fits, takes: takes, got: make(chan heard, 1)}
}

// WaitFor waits for the next message in the channel that fits and returns it: the answer
// to a question that the command has asked. With nil as fits it is the next message of
// the chatter who called. The message calls no other command. WaitFor ends with ctx, which
// has the deadline of the call: see Options.Deadline and [Deadline]. If no message fits
// before, the error is [context.DeadlineExceeded]. If fits panics, it is an
// [*eventsub.PanicError].
//
// [Call.Ask] asks the question itself.
//
// While a call waits, its chatter's further commands do so too, unless the bot has another
// order; commands of others run. If 1,000 calls wait in the channel the error is [ErrBusy].
func (c *Call) WaitFor(ctx context.Context, fits func(m *chat.Message) bool) (*chat.Message, error) {
	if fits == nil {
		fits = func(m *chat.Message) bool { return m.Chatter.ID == c.Chatter.ID }
	}
	return c.waitFor(ctx, fits, func() error { return nil })
}

// Ask replies to the chatter with a question and waits for the chatter's next message, as
// [Call.Reply] and [Call.WaitFor] do. An answer that comes before Twitch has confirmed the
// question is not missed.
func (c *Call) Ask(ctx context.Context, format string, args ...any) (*chat.Message, error) {
	own := func(m *chat.Message) bool { return m.Chatter.ID == c.Chatter.ID }
	return c.waitFor(ctx, own, func() error { return c.Reply(ctx, format, args...) })
}

// waitFor calls ask and waits for a message that arrives after its beginning.
func (c *Call) waitFor(ctx context.Context, fits func(m *chat.Message) bool, ask func() error) (m *chat.Message, err error) {
	w := newWait(fits, true)
	if !c.bot.waits.add(c.BroadcasterID, w) {
		return nil, ErrBusy
	}
	defer c.bot.waits.remove(c.BroadcasterID, w)
	if err := ask(); err != nil {
		return nil, err
	}
	wait := func() {
		select {
		case got := <-w.got:
			m, err = got.m, got.err
		case <-ctx.Done():
			err = context.Cause(ctx)
		}
	}
	if c.pooled {
		c.bot.pool.leave(wait)
	} else {
		wait()
	}
	return m, err
}

func (w *waits) add(channel string, one *waitFor) bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	if len(w.byChannel[channel]) >= maxWaits {
		return false
	}
	if w.byChannel == nil {
		w.byChannel = map[string][]*waitFor{}
	}
	w.byChannel[channel] = append(w.byChannel[channel], one)
	return true
}

// remove reports whether the call was still waiting.
func (w *waits) remove(channel string, one *waitFor) bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	list := w.byChannel[channel]
	i := slices.Index(list, one)
	if i < 0 {
		return false
	}
	if list = slices.Delete(list, i, i+1); len(list) == 0 {
		delete(w.byChannel, channel)
	} else {
		w.byChannel[channel] = list
	}
	return true
}

// deliver gives a message to the call that has waited longest for one like it, and to all
// others that do not take it. It returns false if no call took it.
func (w *waits) deliver(m *chat.Message) bool {
	w.mu.Lock()
	list := slices.Clone(w.byChannel[m.Broadcaster.ID])
	w.mu.Unlock()
	for _, one := range list { // fits is the caller's code
		fits, err := one.asks(m)
		if !fits && err == nil || !w.remove(m.Broadcaster.ID, one) { // another message was faster
			continue
		}
		if err != nil {
			one.got <- heard{err: err}
			continue
		}
		one.got <- heard{m: m}
		if one.takes {
			return true
		}
	}
	return false
}

// asks calls fits. A panic of it must not keep the message from others; it ends the wait.
func (w *waitFor) asks(m *chat.Message) (fits bool, err error) {
	defer func() {
		if v := recover(); v != nil {
			err = &eventsub.PanicError{Value: v, Stack: debug.Stack()}
		}
	}()
	return w.fits(m), nil
}
