package bot

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"time"
	"weak"

	"github.com/larkspur-dev/larkspur/chat"
	"github.com/larkspur-dev/larkspur/eventsub"
	"github.com/larkspur-dev/larkspur/helix"
	"github.com/larkspur-dev/larkspur/internal/quiet"
)

// ErrBusy means that too many calls run or wait already.
var ErrBusy = errors.New("bot: too many calls wait")

// A Bot runs commands. Its methods may be called from several goroutines.
type Bot struct {
	tw    *helix.Client
	who   atomic.Pointer[account] // nil before SetUser
	o     Options
	log   *slog.Logger // o.Logger; discards if there is none
	off   func()
	pool  *pool
	waits waits

	tree    atomic.Pointer[tree]
	handled atomic.Uint64
	dropped atomic.Uint64
	serial  atomic.Uint64

	lives   cache[bool]      // by broadcaster
	follows cache[time.Time] // since when, by broadcaster and chatter

	taking sync.Mutex // held while a use is taken from all cooldowns of a call

	changing  chan struct{}    // full while components change, which may wait
	parts     map[string]*part // guarded by changing
	partNames []string         // guarded by changing

	mu        sync.RWMutex
	noRewards func()                           // guarded by mu; ends the handler of redemptions; nil before the first reward
	commands  []*command                       // guarded by mu; in order of registration
	groups    []*Spec                          // guarded by mu
	routines  []*Routine                       // guarded by mu; started by Run
	wraps     []Middleware                     // guarded by mu
	lines     map[string][]weak.Pointer[lines] // guarded by mu; by broadcaster
}

// A Handler does what a command does.
type Handler func(ctx context.Context, c *Call) error

// A Middleware wraps a [Handler], to measure calls for example. It is called for
// calls that were allowed, complete and not cooling down; whether a call is allowed
// is decided by a [Check].
type Middleware func(next Handler) Handler

// New returns a bot that handles the chat messages of a mux, or of a [Stream], which has
// those of IRC too. It has one command, "help", which a command of that name replaces. New
// panics if tw or from is nil, or if o.UserID and o.UserLater are missing: without its own id the bot would
// answer itself.
func New[From *eventsub.Mux | *Stream](tw *helix.Client, from From, o Options) *Bot {
	switch {
	case tw == nil || from == nil:
		panic("bot: New: the client, the mux or the stream is nil")
	case o.UserID == "" && !o.UserLater:
		panic("bot: New: Options.UserID is missing")
	}
	if o.Prefix == "" {
		o.Prefix = "!"
	}
	if o.Workers <= 0 {
		o.Workers = 64
	}
	if o.Queue <= 0 {
		o.Queue = 1024
	}
	if o.Deadline <= 0 {
		o.Deadline = 30 * time.Second
	}
	if mux, ok := any(from).(*eventsub.Mux); ok && o.Mux == nil {
		o.Mux = mux
	}
	b := &Bot{
		tw: tw, o: o, log: quiet.Or(o.Logger),
		lives: cache[bool]{keep: time.Minute}, follows: cache[time.Time]{keep: 10 * time.Minute},
		changing: make(chan struct{}, 1), parts: map[string]*part{},
	}
	if o.UserID != "" {
		b.who.Store(b.newAccount(o.UserID, o.OwnerID))
	}
	b.pool = newPool(o.Workers, o.Queue, b.runPooled)
	b.addHelp()
	switch from := any(from).(type) {
	case *Stream:
		b.off = from.On(func(ctx context.Context, m *chat.Message) error {
			b.Handle(ctx, m)
			return nil
		})
	case *eventsub.Mux:
		b.off = eventsub.On(from, func(ctx context.Context, e *eventsub.ChannelChatMessage) error {
			b.Handle(ctx, e.Chat())
			return nil
		})
	}
	return b
}

// Close stops the bot from handling new messages of the mux or the stream. Commands already
// running are not interrupted: see [Bot.Drain].
func (b *Bot) Close() {
	b.mu.Lock()
	off := b.noRewards
	b.noRewards = nil
	b.mu.Unlock()
	if off != nil {
		off()
	}
	b.off()
}

// Drain returns when no call runs or waits, or with an error when ctx ends before.
func (b *Bot) Drain(ctx context.Context) error { return b.pool.drain(ctx) }

// Stats are counts since the bot was made.
type Stats struct {
	Calls   uint64 // messages that called a command
	Dropped uint64 // calls that did not run because too many waited
}

// Stats returns the counts since the bot was made.
func (b *Bot) Stats() Stats { return Stats{Calls: b.handled.Load(), Dropped: b.dropped.Load()} }

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

// register implements [Registrar].
func (b *Bot) register(cmd *command) error {
	if cmd.reward != "" && b.o.Mux == nil {
		return fmt.Errorf("bot: reward %q: Options.Mux is missing", cmd.Name)
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.change(append(slices.Clip(b.commands), cmd), b.groups)
}

// registerGroup implements [Registrar].
func (b *Bot) registerGroup(s *Spec) error {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.change(b.commands, append(slices.Clip(b.groups), s))
}

// change replaces all commands, if they fit together. The caller holds mu.
func (b *Bot) change(commands []*command, groups []*Spec) error {
	t, err := build(commands, groups, b.prefixes())
	if err != nil {
		return err
	}
	t.root.inherit(nil)
	for _, cmd := range t.rewards {
		cmd.inherit(nil)
	}
	b.commands, b.groups = commands, groups
	b.tree.Store(t)
	if len(t.rewards) > 0 && b.noRewards == nil && b.o.Mux != nil {
		b.noRewards = eventsub.On(b.o.Mux, b.redeem)
	}
	return nil
}

func (b *Bot) prefixes() []string { return append([]string{b.o.Prefix}, b.o.Prefixes...) }

// cutPrefix cuts the prefix of a command off a text.
func (b *Bot) cutPrefix(m *chat.Message, text string) (prefix, rest string, ok bool) {
	if b.o.PrefixesFor != nil {
		for _, prefix := range b.o.PrefixesFor(m) {
			if rest, ok := cutFold(text, prefix); ok && prefix != "" {
				return prefix, rest, true
			}
		}
		return "", "", false
	}
	if rest, ok := cutFold(text, b.o.Prefix); ok {
		return b.o.Prefix, rest, true
	}
	for _, prefix := range b.o.Prefixes {
		if rest, ok := cutFold(text, prefix); ok && prefix != "" {
			return prefix, rest, true
		}
	}
	return "", "", false
}

// cutFold is [strings.CutPrefix] without regard to case.
func cutFold(s, prefix string) (string, bool) {
	if len(s) >= len(prefix) && strings.EqualFold(s[:len(prefix)], prefix) {
		return s[len(prefix):], true
	}
	return "", false
}
