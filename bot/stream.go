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
	"github.com/larkspur-dev/larkspur/eventsub"
	"github.com/larkspur-dev/larkspur/internal/quiet"
	"github.com/larkspur-dev/larkspur/irc"
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
// Handlers run on the goroutine of the source that brought the message, or of the second
// copy, and otherwise on one of the stream. A slow handler delays its channel only. When
// StreamOptions.Held messages of a channel wait, the oldest no longer waits for its copy
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

// IRC attaches a client: the stream hands on the messages of its channels. The returned
// function detaches it.
func (s *Stream) IRC(c *irc.Client) (off func()) {
	offMessages := irc.OnReused(c, func(ctx context.Context, p *irc.PrivMsg) error {
		s.arrive(ctx, arrival{from: fromIRC, room: roomKey(p.BroadcasterID, p.Channel), id: p.ID, carried: p})
		return nil
	})
	offRooms := irc.On(c, func(_ context.Context, r *irc.RoomState) error { // sent after joining
		s.room(roomKey(r.BroadcasterID, r.Channel)).expectFrom(fromIRC)
		return nil
	})
	return s.attached(func() { offMessages(); offRooms() })
}

// Subscriptions tell what is subscribed: *eventsub.Session, *eventsub.Webhook and
// *eventsub.Conduit do.
type Subscriptions interface {
	Results() []eventsub.Result
}

// EventSub attaches a mux: the stream hands on its channel.chat.message events. With
// subscriptions, which may be nil, the stream knows when such events begin and end in a
// channel; without, it learns that from the events alone, and the first message of a
// channel may lack what EventSub knows. Subscribe to the events yourself: see
// [eventsub.ChannelChatMessageCondition] and [Bot.Wants]. The returned function detaches
// the mux.
func (s *Stream) EventSub(mux *eventsub.Mux, subscriptions Subscriptions) (off func()) {
	if subscriptions != nil {
		s.cover.add(subscriptions)
	}
	return s.attached(eventsub.On(mux, func(ctx context.Context, e *eventsub.ChannelChatMessage) error {
		s.arrive(ctx, arrival{
			from: fromEventSub, room: roomKey(e.BroadcasterUserID, e.BroadcasterUserLogin), id: e.MessageID, carried: e,
			// IRC does not send the bot's own messages back to it.
			alone: e.ChatterUserID != "" && e.ChatterUserID == e.Meta.Subscription.Condition["user_id"],
		})
		return nil
	}))
}

// attached counts a source and returns the function that detaches it, once.
func (s *Stream) attached(detach func()) (off func()) {
	s.sources.Add(1)
	off = sync.OnceFunc(func() { detach(); s.sources.Add(-1) })
	s.mu.Lock()
	defer s.mu.Unlock()
	s.offs = append(s.offs, off)
	return off
}

// roomKey returns the key of a channel: the broadcaster's id, which Twitch always sends.
func roomKey(broadcasterID, login string) string {
	if broadcasterID != "" {
		return broadcasterID
	}
	return "#" + login
}

// room returns the room with a key, a new one if there is none.
func (s *Stream) room(key string) *room {
	if r, ok := s.byID.Load(key); ok {
		return r.(*room)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if r := s.rooms[key]; r != nil {
		return r
	}
	s.sweep(time.Now())
	r := newRoom(s, key)
	s.rooms[r.key] = r
	s.byID.Store(r.key, r)
	return r
}

// sweep removes rooms in which nothing was said for as long as ids are remembered. s.mu
// is held.
func (s *Stream) sweep(now time.Time) {
	if now.Sub(s.swept) < seenFor {
		return
	}
	s.swept = now
	for key, r := range s.rooms {
		if r.retire(now) {
			delete(s.rooms, key)
			s.byID.Delete(key)
		}
	}
}

// every returns all rooms.
func (s *Stream) every() []*room {
	s.mu.Lock()
	defer s.mu.Unlock()
	all := make([]*room, 0, len(s.rooms))
	for _, r := range s.rooms {
		all = append(all, r)
	}
	return all
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
