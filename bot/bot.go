package bot

import (
	"context"
	"log/slog"
	"strings"
	"sync"

	"github.com/larkspur-dev/larkspur/chat"
	"github.com/larkspur-dev/larkspur/eventsub"
	"github.com/larkspur-dev/larkspur/helix"
	"github.com/larkspur-dev/larkspur/internal/quiet"
)

// Options configure a [Bot]. UserID is required.
type Options struct {
	UserID string // the bot's account; its token needs user:read:chat and user:write:chat
	Prefix string // what a command begins with; default "!"

	// Sender sends the answers; default one over Helix. Give the Sender of the irc.Client
	// to answer over IRC, and the same Sender to everything that writes as the account.
	Sender *chat.Sender

	// Logger receives the errors and panics of commands. Without it they are
	// returned to the mux or the stream, which logs them if it has a logger itself.
	Logger *slog.Logger
}

// A Bot runs commands. Its methods may be called from several goroutines.
type Bot struct {
	tw  *helix.Client
	o   Options
	log *slog.Logger // o.Logger; discards if there is none
	off func()

	mu       sync.RWMutex
	commands map[string]*command // guarded by mu; by name and alias, lower case
	order    []*command          // guarded by mu; in order of registration
	wraps    []Middleware        // guarded by mu
}

// A Handler does what a command does.
type Handler func(ctx context.Context, c *Call) error

// A Middleware wraps a [Handler], to measure calls for example. It is called for
// calls that were allowed, complete and not cooling down; whether a call is allowed
// is decided by a [Check].
type Middleware func(next Handler) Handler

// New returns a bot that handles the chat messages of a mux, or of a [Stream], which has
// those of IRC too. It has one command, "help", which a command of that name replaces. New
// panics if tw or from is nil or o.UserID is missing: without its own id the bot would
// answer itself.
func New[From *eventsub.Mux | *Stream](tw *helix.Client, from From, o Options) *Bot {
	switch {
	case tw == nil || from == nil:
		panic("bot: New: the client, the mux or the stream is nil")
	case o.UserID == "":
		panic("bot: New: Options.UserID is missing")
	}
	if o.Prefix == "" {
		o.Prefix = "!"
	}
	if o.Sender == nil {
		o.Sender = chat.NewSender(tw.Chat.Carrier(o.UserID), chat.SenderOptions{})
	}
	b := &Bot{tw: tw, o: o, log: quiet.Or(o.Logger), commands: make(map[string]*command)}
	b.addHelp()
	switch from := any(from).(type) {
	case *Stream:
		b.off = from.On(b.Handle)
	case *eventsub.Mux:
		b.off = eventsub.On(from, func(ctx context.Context, e *eventsub.ChannelChatMessage) error {
			return b.Handle(ctx, e.Chat())
		})
	}
	return b
}

// Close stops the bot from handling new messages of the mux or the stream. Commands already
// running are not interrupted.
func (b *Bot) Close() { b.off() }

// Use wraps all commands, including those registered later. The first middleware is
// the outermost. Use panics if one is nil.
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

// Wants returns the subscriptions that the bot needs for the chat of a channel.
func (b *Bot) Wants(broadcasterID string) []eventsub.Condition {
	return []eventsub.Condition{
		eventsub.ChannelChatMessageCondition{BroadcasterUserID: broadcasterID, UserID: b.o.UserID},
	}
}

// Handle runs the command that a message calls, if it calls one, and returns when
// the command is done. The bot calls it for the messages of its mux or stream; call it
// yourself for messages that arrive another way. The bot's own messages, and those
// written in another channel of a shared chat session, call nothing: the bot of that
// channel answers them.
//
// Handle returns errors of commands only if the bot has no logger.
func (b *Bot) Handle(ctx context.Context, m *chat.Message) error {
	if m.Chatter.ID == b.o.UserID {
		b.o.Sender.Observe(m) // its badges decide the limits
	}
	if m.Chatter.ID == b.o.UserID || m.FromOtherChannel() {
		return nil
	}
	text, ok := strings.CutPrefix(chat.Trim(m.Text), b.o.Prefix)
	if !ok {
		return nil
	}
	name, args := cutWord(text)
	cmd := b.find(name)
	if cmd == nil {
		return nil
	}
	c := newCall(b, cmd, name, args, m)
	if err := b.run(ctx, c); err != nil {
		return b.report(ctx, c, err)
	}
	return nil
}

// find returns the command with the name or alias, nil if there is none.
func (b *Bot) find(name string) *command {
	b.mu.RLock()
	defer b.mu.RUnlock()
	return b.commands[strings.ToLower(name)]
}
