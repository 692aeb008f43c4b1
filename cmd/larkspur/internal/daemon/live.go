package daemon

import (
	"context"
	"sync"
	"time"

	"github.com/larkspur-dev/larkspur/eventsub"
	"github.com/larkspur-dev/larkspur/irc"
	"github.com/larkspur-dev/larkspur/watch"
)

// liveState joins chat when the stream starts and leaves it when the stream
// ends, or joins at once and stays. EventSub tells first; polling mends what it
// missed, and tells whether the stream is live at the start.
type liveState struct {
	channel string
	always  bool
	chat    *irc.Client
	say     *announcer

	mu   sync.Mutex
	live bool // guarded by mu
	told bool // guarded by mu; live is known
}

// online hears of the stream's start through EventSub. Handlers of a type run
// before those of any type, so what skills say finds the bot in chat.
func (l *liveState) online(mux *eventsub.Mux) {
	eventsub.On(mux, func(ctx context.Context, _ *eventsub.StreamOnline) error {
		l.set(ctx, true)
		return nil
	})
}

// offline hears of the stream's end. It must be registered after the skills, so
// that they can say goodbye.
func (l *liveState) offline(mux *eventsub.Mux) {
	mux.OnAny(func(ctx context.Context, n eventsub.Notification) error {
		if n.Type == (eventsub.StreamOffline{}).Type() {
			l.set(ctx, false)
		}
		return nil
	})
}

// change hears of the stream through polling.
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

// joinPatience is how long the first skills wait for the bot to be in chat.
const joinPatience = 10 * time.Second

func (l *liveState) set(ctx context.Context, live bool) {
	l.mu.Lock()
	same := l.told && l.live == live
	l.live, l.told = live, true
	l.mu.Unlock()
	if same || l.always {
		return
	}
	if !live {
		l.say.note(ctx, "the stream of "+l.channel+" is offline; the bot joins chat when it starts")
		_ = l.chat.Part(ctx, l.channel) // fails only for what is no login
		l.say.ready(&l.say.chatUp)
		return
	}
	l.say.note(ctx, "the stream of "+l.channel+" is live")
	ctx, cancel := context.WithTimeout(ctx, joinPatience)
	defer cancel()
	_ = l.chat.Join(ctx, l.channel) // tried again by the client, which tells why
}
