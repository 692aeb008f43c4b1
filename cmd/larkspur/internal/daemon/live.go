package daemon

import (
	"context"
	"sync"
	"time"

	"github.com/larkspur-dev/larkspur/eventsub"
	"github.com/larkspur-dev/larkspur/irc"
	"github.com/larkspur-dev/larkspur/watch"
)

// liveState joins chat when the stream starts and leaves it when the stream ends, or
// joins at once and stays. EventSub reports first; polling corrects what EventSub
// missed, and finds out whether the stream is live at the start.
type liveState struct {
	channel string
	always  bool
	chat    *irc.Client
	actions *queues
	say     *announcer
	ended   chan struct{} // wakes run after the stream has ended

	mu   sync.Mutex
	live bool // guarded by mu
	told bool // guarded by mu; live is known
}

func newLiveState(channel string, always bool, chat *irc.Client, actions *queues, say *announcer) *liveState {
	return &liveState{channel: channel, always: always, chat: chat, actions: actions, say: say, ended: make(chan struct{}, 1)}
}

// online handles the start of the stream. Handlers of one type run before handlers of
// all types, so the bot joins chat before skills write to it.
func (l *liveState) online(mux *eventsub.Mux) {
	eventsub.On(mux, func(ctx context.Context, _ *eventsub.StreamOnline) error {
		l.set(ctx, true)
		return nil
	})
}

// offline handles the end of the stream. It must be registered after the skills, so
// that their goodbye messages are already queued.
func (l *liveState) offline(mux *eventsub.Mux) {
	mux.OnAny(func(ctx context.Context, n eventsub.Notification) error {
		if n.Type == (eventsub.StreamOffline{}).Type() {
			l.set(ctx, false)
		}
		return nil
	})
}

// change handles a change that polling found.
func (l *liveState) change(ctx context.Context, c watch.Change) error {
	switch c.Kind {
	case watch.Online:
		l.set(ctx, true)
	case watch.Offline:
		l.set(ctx, false)
	case watch.Changed:
	}
	return nil
}

// set stores the stream's state. It does not wait for chat.
func (l *liveState) set(ctx context.Context, live bool) {
	l.mu.Lock()
	same := l.told && l.live == live
	l.live, l.told = live, true
	l.mu.Unlock()
	if same || l.always {
		return
	}
	if live {
		l.say.note(ctx, "the stream of "+l.channel+" is live")
		now, cancel := context.WithCancel(ctx)
		cancel() // messages sent before the join is complete wait in the client
		_ = l.chat.Join(now, l.channel)
		return
	}
	l.say.note(ctx, "the stream of "+l.channel+" is offline; the bot joins chat when it starts (always-listening: true joins at once)")
	select {
	case l.ended <- struct{}{}:
	default: // run is about to look
	}
	l.say.ready(&l.say.chatUp)
}

// goodbye is how long the skills may take to speak after the end of the stream.
const goodbye = 10 * time.Second

// run leaves the chat after the end of the stream, as soon as the skills have spoken.
func (l *liveState) run(ctx context.Context) error {
	for {
		select {
		case <-l.ended:
		case <-ctx.Done():
			return ctx.Err()
		}
		wait, cancel := context.WithTimeout(ctx, goodbye)
		l.actions.waitIdle(wait)
		cancel()
		l.mu.Lock()
		if !l.live {
			_ = l.chat.Part(ctx, l.channel) // fails only if the channel is not a login
		}
		l.mu.Unlock()
	}
}
