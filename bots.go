package larkspur

import (
	"context"
	"errors"
	"log/slog"
	"slices"
	"sync"

	"github.com/larkspur-dev/larkspur/bot"
	"github.com/larkspur-dev/larkspur/eventsub"
	"github.com/larkspur-dev/larkspur/helix"
)

var errNoBot = errors.New("larkspur: NewBot was called, and AppOptions.Bot is empty; set it to the login name of the account that answers")

// NewBot returns a bot in the chat of the channel, which acts as the account:
//
//	b := me.NewBot(bot.Options{})
//	err := bot.Command(b, "hello", hello)
//
// Call it before Run and LogIn. Commands and routines may be registered at once. Run tells
// the bot its account after the login, subscribes to the chat of the channel, starts the
// routines, and at the end waits up to five seconds for calls. The owner is the broadcaster
// of the channel, unless the options name another. Logins request the scopes to read and
// write chat; name what else commands call in AccountOptions.Endpoints.
//
// The bot answers no messages of its own account. Use an account of its own for it if you
// want to use the commands yourself.
//
// Options.UserID is not used. Logger is the one of the Account unless it is set. NewBot
// panics if Run was called.
func (a *Account) NewBot(o bot.Options) *bot.Bot { return a.bots.add(&a.progress.begun, o) }

// NewBot returns a bot in the chats of all channels, also of those that are added while Run
// runs. It acts as the account of AppOptions.Bot, which must be set; otherwise Run returns
// an error. No user is its owner, unless the options name one, because the owners of the
// channels do not own the bot. Everything else is as [Account.NewBot] says.
func (a *App) NewBot(o bot.Options) *bot.Bot { return a.bots.add(&a.progress.begun, o) }

// bots are the bots of an Account or an App.
type bots struct {
	twitch *helix.Client
	mux    *eventsub.Mux
	log    *slog.Logger // may be nil

	mu   sync.Mutex
	list []*bot.Bot // guarded by mu
}

func (s *bots) add(begun interface{ Load() bool }, o bot.Options) *bot.Bot {
	if begun.Load() {
		panic("larkspur: NewBot: Run was called before")
	}
	o.UserID, o.UserLater = "", true
	if o.Logger == nil {
		o.Logger = s.log
	}
	b := bot.New(s.twitch, s.mux, o)
	s.mu.Lock()
	defer s.mu.Unlock()
	s.list = append(s.list, b)
	return b
}

func (s *bots) all() []*bot.Bot {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.list)
}

func (s *bots) any() bool { return len(s.all()) > 0 }

// endpoints returns ids and the endpoints that bots call.
func (s *bots) endpoints(ids []string) []string {
	const send = "send-chat-message"
	if !s.any() || slices.Contains(ids, send) {
		return ids
	}
	return append(slices.Clip(ids), send)
}

// know tells the bots their account.
func (s *bots) know(userID, ownerID string) {
	for _, b := range s.all() {
		b.SetUser(userID, ownerID)
	}
}

// run runs the routines until ctx ends.
func (s *bots) run(ctx context.Context) {
	var work sync.WaitGroup
	for _, b := range s.all() {
		work.Go(func() { _ = b.Run(ctx) }) // returns nil
	}
	work.Wait()
}

// drain ends the handling of messages and waits for calls.
func (s *bots) drain(ctx context.Context, log *slog.Logger) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), handlerGrace)
	defer cancel()
	for _, b := range s.all() {
		b.Close()
		if err := b.Drain(ctx); err != nil {
			log.WarnContext(ctx, "calls of commands still running", "error", err)
		}
	}
}
