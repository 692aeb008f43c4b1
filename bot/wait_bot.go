package bot

import (
	"context"
	"fmt"
	"sync"

	"github.com/larkspur-dev/larkspur/chat"
	"github.com/larkspur-dev/larkspur/eventsub"
)

// WaitFor waits for the next message in the chat of a broadcaster that fits and returns it;
// with nil as fits any message fits but the bot's own. It is for event handlers and
// routines; a command uses [Call.WaitFor]. Unlike there, the message is handled as usual
// besides: it may call a command.
//
// WaitFor ends with ctx, which should have a deadline. An event handler may call it,
// although the next events of its broadcaster are not handled before it returns: the
// message is read from the mux as soon as it arrives. Fits is called by one goroutine at a
// time and must return soon. If 1,000 wait in the channel the error is [ErrBusy].
func (b *Bot) WaitFor(ctx context.Context, broadcasterID string, fits func(m *chat.Message) bool) (*chat.Message, error) {
	var one sync.Mutex // held while fits is called
	mine := func(m *chat.Message) bool {
		one.Lock()
		defer one.Unlock()
		return m.Broadcaster.ID == broadcasterID && m.Chatter.ID != b.user().id &&
			(b.o.OtherChannels || !m.FromOtherChannel()) && (fits == nil || fits(m))
	}
	w := newWait(mine, false)
	if !b.waits.add(broadcasterID, w) {
		return nil, ErrBusy
	}
	defer b.waits.remove(broadcasterID, w)
	var arrived <-chan *eventsub.ChannelChatMessage // nil: none arrive
	if b.o.Mux != nil {
		ctx, cancel := context.WithCancel(ctx)
		defer cancel()
		arrived = eventsub.Chan[eventsub.ChannelChatMessage](ctx, b.o.Mux, maxWaits)
	}
	for {
		select {
		case got := <-w.got:
			return got.m, got.err
		case e := <-arrived:
			if e == nil { // ctx has ended
				arrived = nil
			} else if m := e.Chat(); mine(m) {
				return m, nil
			}
		case <-ctx.Done():
			return nil, fmt.Errorf("bot: wait for a message: %w", context.Cause(ctx))
		}
	}
}
