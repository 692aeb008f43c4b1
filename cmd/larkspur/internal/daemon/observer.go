package daemon

import (
	"context"
	"log/slog"
	"slices"
	"sync"

	"github.com/larkspur-dev/larkspur/chat"
	"github.com/larkspur-dev/larkspur/eventsub"
	"github.com/larkspur-dev/larkspur/irc"
	"github.com/larkspur-dev/larkspur/skill"
)

// An Observer watches a bot at work. Every field may be nil. The functions are
// called from the bot's goroutines, several at once, and delay it until they return.
// Texts passed to Note and Warning are not logged; a text without a function is.
type Observer struct {
	Chat  func(*chat.Message)         // a message of chat, once, before the skills see it
	Event func(eventsub.Notification) // an event, before the skills see it
	Did   func(skill.Report)          // an action of a skill, and its reason
	Ready func()                      // called once: events are subscribed, and chat is joined or waits for the stream

	Note    func(text string) // one sentence for the operator about normal operation
	Warning func(text string) // one sentence for the operator about a problem; default: Note
}

func (o Observer) did(r skill.Report) {
	if o.Did != nil {
		o.Did(r)
	}
}

func (o Observer) event(n eventsub.Notification) {
	if o.Event != nil {
		o.Event(n)
	}
}

func (o Observer) message(m *chat.Message) {
	if o.Chat != nil {
		o.Chat(m)
	}
}

// An announcer reports to the operator what happens, one sentence for each event.
type announcer struct {
	log      *slog.Logger
	observer Observer
	login    string        // the command that logs in
	up       chan struct{} // closed once chat and events are up

	mu         sync.Mutex
	chatUp     bool           // guarded by mu; joined, or waiting for the stream
	eventsUp   bool           // guarded by mu; subscribed as far as possible
	wanted     int            // guarded by mu; subscriptions in all
	subscribed map[string]int // guarded by mu; subscriptions that were tried, by user
	told       bool           // guarded by mu; Ready was called
}

func (a *announcer) note(ctx context.Context, text string) {
	if a.observer.Note != nil {
		a.observer.Note(text)
		return
	}
	a.log.InfoContext(ctx, "note", "text", text)
}

func (a *announcer) warn(ctx context.Context, text string) {
	switch {
	case a.observer.Warning != nil:
		a.observer.Warning(text)
	case a.observer.Note != nil:
		a.observer.Note(text)
	default:
		a.log.WarnContext(ctx, "warning", "text", text)
	}
}

// ready notes that chat or events are up, and reports when both are.
func (a *announcer) ready(half *bool) {
	a.mu.Lock()
	*half = true
	tell := a.chatUp && a.eventsUp && !a.told
	a.told = a.told || tell
	a.mu.Unlock()
	if !tell {
		return
	}
	close(a.up)
	if a.observer.Ready != nil {
		a.observer.Ready()
	}
}

// chat reports changes of the chat connection.
func (a *announcer) chat(ctx context.Context, s irc.State) {
	switch s.Kind {
	case irc.Joined:
		a.note(ctx, s.String())
		a.ready(&a.chatUp)
	case irc.Connected, irc.Parted:
		a.note(ctx, s.String())
	case irc.Disconnected, irc.JoinFailed, irc.HandlerStuck:
		a.warn(ctx, s.String())
	case irc.Connecting, irc.Moving: // the client logs them
	}
}

// events reports changes of the EventSub connections.
func (a *announcer) events(ctx context.Context, s eventsub.State) {
	switch s.Phase {
	case eventsub.Subscribed:
		a.note(ctx, s.String())
		a.settled(s)
	case eventsub.Incomplete:
		a.warn(ctx, withHint(s.String(), s.Err, a.login))
		a.settled(s)
	case eventsub.Waiting:
		a.warn(ctx, withHint(s.String(), s.Err, a.login))
	case eventsub.Idle, eventsub.Connecting, eventsub.Connected: // the session logs them
	}
}

// expect sets how many subscriptions there will be; it is called before the first is made.
func (a *announcer) expect(subscriptions int) {
	a.mu.Lock()
	a.wanted, a.subscribed = subscriptions, map[string]int{}
	a.mu.Unlock()
}

// settled notes that the subscriptions of one user are made, or failed for now.
func (a *announcer) settled(s eventsub.State) {
	a.mu.Lock()
	a.subscribed[s.UserID] = s.Wanted
	sum := 0
	for _, n := range a.subscribed {
		sum += n
	}
	done := sum >= a.wanted
	a.mu.Unlock()
	if done {
		a.ready(&a.eventsUp)
	}
}

// gap reports that events were missed. Messages of chat are among them only withChat:
// otherwise they came over IRC.
func (a *announcer) gap(ctx context.Context, g *eventsub.Gap, withChat bool) {
	if !withChat && slices.Contains(g.Lost, chatType) {
		one := *g
		one.Lost = slices.DeleteFunc(slices.Clone(g.Lost), func(t eventsub.Type) bool { return t == chatType })
		one.Details = slices.DeleteFunc(slices.Clone(g.Details), func(d eventsub.GapDetail) bool { return d.Type == chatType })
		if g = &one; len(g.Lost)+len(g.Recovered)+g.Dropped == 0 {
			return
		}
	}
	if a.observer.Warning == nil && a.observer.Note == nil {
		a.log.WarnContext(ctx, "events were missed", "from", g.From, "to", g.To, "reason", g.Reason,
			"recovered", g.RecoveredCount, "dropped", g.Dropped, "lost", g.Lost)
		return
	}
	a.warn(ctx, g.String())
}
