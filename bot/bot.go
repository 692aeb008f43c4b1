package bot

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"strings"
	"sync"

	"github.com/larkspur-dev/larkspur/internal/quiet"

	"github.com/larkspur-dev/larkspur/eventsub"
	"github.com/larkspur-dev/larkspur/helix"
)

// Options configure a [Bot]. UserID is required.
type Options struct {
	UserID string       // who answers; needs user:read:chat and user:write:chat
	Prefix string       // what commands begin with; default "!"
	Logger *slog.Logger // default: discard
}

// A Bot knows commands. Its methods may be called from several goroutines.
type Bot struct {
	tw  *helix.Client
	o   Options
	off func()

	mu       sync.RWMutex
	commands map[string]*command // guarded by mu; by name and alias, lower case
	order    []*command          // guarded by mu; in order of registration
	wraps    []Middleware        // guarded by mu
}

// A Handler does what a command does.
type Handler func(ctx context.Context, c *Call) error

// A Middleware wraps a [Handler]: it may refuse by returning an error, or stay
// silent by returning nil without calling next.
type Middleware func(next Handler) Handler

// New returns a bot that listens to chat messages from mux. It knows one command,
// "help", which a command of that name replaces. It panics if tw or mux is nil or
// o.UserID is missing: a bot that does not know who it is would answer itself.
func New(tw *helix.Client, mux *eventsub.Mux, o Options) *Bot {
	switch {
	case tw == nil || mux == nil:
		panic("bot: New: the client or the mux is nil")
	case o.UserID == "":
		panic("bot: New: Options.UserID is missing")
	}
	if o.Prefix == "" {
		o.Prefix = "!"
	}
	o.Logger = quiet.Or(o.Logger)
	b := &Bot{tw: tw, o: o, commands: make(map[string]*command)}
	b.addHelp()
	b.off = eventsub.On(mux, b.message)
	return b
}

// Close makes the bot deaf. Commands that run go on.
func (b *Bot) Close() { b.off() }

// Use wraps all commands, also those that come later. The first is the outermost.
// It panics if one is nil.
func (b *Bot) Use(m ...Middleware) {
	for _, wrap := range m {
		if wrap == nil {
			panic("bot: Use: the middleware is nil")
		}
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	b.wraps = append(b.wraps, m...)
}

// Wants returns what the bot has to be subscribed to in order to hear a channel.
func (b *Bot) Wants(broadcasterID string) []eventsub.Condition {
	return []eventsub.Condition{
		eventsub.ChannelChatMessageCondition{BroadcasterUserID: broadcasterID, UserID: b.o.UserID},
	}
}

// message looks for a command in a chat message and runs it.
func (b *Bot) message(ctx context.Context, e *eventsub.ChannelChatMessage) error {
	if e.ChatterUserID == b.o.UserID || fromElsewhere(e) {
		return nil
	}
	text, ok := strings.CutPrefix(cleanIncoming(e.Message.Text), b.o.Prefix)
	if !ok {
		return nil
	}
	name, rest := cutWord(text)
	b.mu.RLock()
	cmd, ok := b.commands[strings.ToLower(name)]
	wraps := b.wraps
	b.mu.RUnlock()
	if !ok {
		return nil
	}
	c := newCall(b, cmd, name, rest, e)
	run := cmd.run
	for _, m := range slices.Backward(wraps) {
		run = m(run)
	}
	returned := false
	defer func() {
		if !returned { // a panic, which the mux makes an error of
			_ = b.explain(ctx, c, errPanic)
		}
	}()
	err := run(ctx, c)
	returned = true
	if err != nil {
		return b.explain(ctx, c, err)
	}
	return nil
}

var errPanic = errors.New("panic")

// explain tells people what they need to know of an error, and operators the rest.
func (b *Bot) explain(ctx context.Context, c *Call, err error) error {
	text := "something went wrong"
	if sorry, ok := asUserError(err); ok {
		text, err = sorry.Text, nil
	}
	if said := c.Reply(ctx, "%s", text); said != nil && err == nil {
		err = said
	}
	if err != nil {
		return fmt.Errorf("bot: command %s: %w", c.Command, err)
	}
	return nil
}

// fromElsewhere tells whether a message was written in another channel of a shared
// chat session. The bot of that channel answers it.
func fromElsewhere(e *eventsub.ChannelChatMessage) bool {
	return e.SourceBroadcasterUserID != "" && e.SourceBroadcasterUserID != e.BroadcasterUserID
}
