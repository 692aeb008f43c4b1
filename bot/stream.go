package bot

import (
	"context"
	"hash/maphash"
	"log/slog"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"github.com/larkspur-dev/larkspur/chat"
	"github.com/larkspur-dev/larkspur/internal/quiet"
)

// StreamOptions configure a [Stream]. The zero value is usable.
type StreamOptions struct {
	// Wait is the longest time that a message waits for its other copy, where both IRC
	// and EventSub deliver the chat of the channel; default 250 ms. Negative: no message
	// waits, and each is handed on with what its first copy knows.
	Wait time.Duration
	// Held is how many messages of one channel may wait for their other copy or for the
	// handlers; default 512.
	Held   int
	Logger *slog.Logger // receives errors and panics of handlers; default: discard
}

// A Stream makes one stream of chat messages of what arrives over IRC and over EventSub:
//
//	s := bot.NewStream(bot.StreamOptions{})
//	s.IRC(client)
//	s.EventSub(mux, session)
//	s.On(func(ctx context.Context, m *chat.Message) error { … })
//
// Each message is handed on once, whichever source delivers it. Where both deliver the
// chat of a channel, a message waits for its other copy for at most StreamOptions.Wait,
// and then has what each source alone knows: see [Stream.On]. Where only one of them
// does, nothing waits. Attach the sources before they run.
//
// The stream finds out by itself which source delivers which channel. EventSub counts
// from the moment its subscription exists, IRC from the moment the channel was joined,
// and each from its first message. A source that delivers nothing in a channel while a
// message of the other one waits there is lost: nothing in this channel waits for it
// until it is back. So the loss of a source delays each channel once, by at most Wait.
//
// # What it promises
//
// Messages of one channel are handed on one after another, in the order in which their
// first copies arrived; different channels independently. A second copy that arrives
// after its message was handed on is dropped and counted ([StreamStats].Late). Copies
// are recognized by channel and message id: during a shared chat session every channel
// has its own copies, with ids of their own. A message without an id, which Twitch does
// not send, is handed on as it is.
//
// In a channel that one source delivers, handlers run on the goroutine of that source;
// where both do, on one of the stream, so that a slow handler does not delay the copies
// that others wait for. A slow handler delays its channel only. When StreamOptions.Held
// messages of a channel wait, the oldest no longer waits for its copy
// ([StreamStats].Early); if they wait for a slow handler, the sources wait too and apply
// their own rules (irc.Options.Backlog, eventsub.MuxOptions.LaneQueue), so that the stream
// itself drops nothing. Ids are remembered for at least five minutes, but no more than
// 16384 of a channel and at least the last 8192.
//
// With eventsub.MuxOptions.Inbox, a message counts as handled when the stream has taken it.
//
// Only chat messages are merged. Deletions and the like stay apart: irc.ClearMsg and
// irc.ClearChat, or channel.chat.message_delete, channel.chat.clear and
// channel.chat.clear_user_messages.
//
// All methods may be called from several goroutines at once. Create one with [NewStream].
type Stream struct {
	o       StreamOptions
	seed    maphash.Seed
	started time.Time

	sources  atomic.Int32 // how many are attached
	cover    cover
	handlers streamHandlers
	stats    streamCounters
	closing  atomic.Bool   // nothing waits for its other copy any more
	ended    chan struct{} // closed when handlers should end
	endOnce  sync.Once

	mu    sync.Mutex
	offs  []func()         // guarded by mu; detach the sources
	rooms map[string]*room // guarded by mu; every room, for those who need all
	swept time.Time        // guarded by mu; when idle rooms were removed

	byID sync.Map // the same rooms by the id of the broadcaster, for those who need one
}

// The defaults of StreamOptions.
const (
	defaultWait = 250 * time.Millisecond
	defaultHeld = 512
)

// NewStream returns a stream without sources.
func NewStream(o StreamOptions) *Stream {
	if o.Wait == 0 {
		o.Wait = defaultWait
	}
	if o.Held <= 0 {
		o.Held = defaultHeld
	}
	o.Logger = quiet.Or(o.Logger)
	return &Stream{
		o: o, seed: maphash.MakeSeed(), started: time.Now(),
		ended: make(chan struct{}), rooms: make(map[string]*room),
	}
}

// Drain ends the stream: it detaches the sources, hands on what is held without waiting
// for other copies, and waits for the handlers. When ctx ends, the contexts of handlers
// on goroutines of the stream end too, and Drain returns ctx's error. End the sources
// first: what they deliver later is lost.
func (s *Stream) Drain(ctx context.Context) error {
	defer s.endOnce.Do(func() { close(s.ended) })
	s.mu.Lock()
	offs := slices.Clone(s.offs)
	s.mu.Unlock()
	for _, off := range offs {
		off()
	}
	s.closing.Store(true)
	for _, r := range s.every() {
		if err := r.finish(ctx); err != nil {
			return err
		}
	}
	return nil
}

// handOn calls the handlers with a message.
func (s *Stream) handOn(ctx context.Context, m *chat.Message) {
	s.stats.messages.Add(1)
	for _, h := range s.handlers.all() {
		s.call(ctx, h, m)
	}
}
