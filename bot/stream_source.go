package bot

import (
	"context"
	"sync"

	"github.com/larkspur-dev/larkspur/chat"
	"github.com/larkspur-dev/larkspur/eventsub"
	"github.com/larkspur-dev/larkspur/irc"
)

// A source is where copies of messages come from. It is also a set of them.
type source uint8

const (
	fromIRC source = 1 << iota
	fromEventSub
)

// other returns the other source.
func (from source) other() source { return (fromIRC | fromEventSub) &^ from }

// An arrival is a copy of a message that a source delivered.
type arrival struct {
	from    source
	room    string
	id      string
	carried interface{ Chat() *chat.Message }
	alone   bool // the other source does not deliver this message
}

// IRC attaches a client: the stream hands on the messages of its channels. The returned
// function detaches it.
func (s *Stream) IRC(c *irc.Client) (off func()) {
	offMessages := irc.On(c, func(ctx context.Context, p *irc.PrivMsg) error {
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
