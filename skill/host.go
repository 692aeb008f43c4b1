package skill

import (
	"context"
	"errors"
	"net/http"
	"reflect"
	"time"

	"github.com/larkspur-dev/larkspur/chat"
	"github.com/larkspur-dev/larkspur/helix"
	"github.com/larkspur-dev/larkspur/skill/internal/action"
	"github.com/larkspur-dev/larkspur/skill/internal/expr"
)

// A Host carries out actions in one channel. Its methods are called from the goroutines
// that call the [Engine] or run its steps, possibly several at once. [NewHost] returns one
// that acts on Twitch.
type Host interface {
	// Do carries out an effect. It returns the outcome that later actions of the skill
	// can read; it is nil for an action without one.
	Do(ctx context.Context, e Effect) (outcome map[string]any, err error)
	// Channel returns information about the channel. It is called only for skills that
	// read channel, by one of them at a time. The engine uses the result for 5 seconds, or
	// until an event or the action title says that the channel has changed.
	Channel(ctx context.Context) (ChannelInfo, error)
}

// ChannelInfo is the value of channel in expressions.
type ChannelInfo struct {
	ID         string   `json:"id"`
	Login      string   `json:"login"`
	Name       string   `json:"name"`
	Title      string   `json:"title"`
	Category   string   `json:"category"`
	CategoryID string   `json:"category_id"`
	Language   string   `json:"language"`
	Tags       []string `json:"tags"`
	Live       bool     `json:"live"`
	Viewers    int      `json:"viewers"`
	StartedAt  string   `json:"started_at"` // RFC 3339; empty while offline
}

// channelShape is the shape of channel.
var channelShape = expr.ShapeOf("channel", reflect.TypeFor[ChannelInfo]())

func channelRecord(i ChannelInfo) *expr.Record {
	tags := make([]any, len(i.Tags))
	for n, tag := range i.Tags {
		tags[n] = tag
	}
	return expr.NewRecord(map[string]any{
		"id": i.ID, "login": i.Login, "name": i.Name, "title": i.Title,
		"category": i.Category, "category_id": i.CategoryID, "language": i.Language, "tags": tags,
		"live": i.Live, "viewers": i.Viewers, "started_at": i.StartedAt,
	}, channelShape)
}

// HostOptions configure [NewHost].
type HostOptions struct {
	Client      *helix.Client // of Twitch's API; without it only actions that write to chats work
	Sender      *chat.Sender  // of messages; without it nothing can be said
	Broadcaster chat.User     // whose channel it is: ID and Login
	Bot         chat.User     // who speaks and moderates; may be the broadcaster

	// Send sends a text to another chat. Default: an error.
	Send func(ctx context.Context, connector, text string) error
	// HTTP makes the requests of the action http for skills. Give one that refuses
	// private addresses where skills are not trusted. Default: an error.
	HTTP *http.Client
}

// NewHost returns a [Host] that acts on Twitch: messages go through the sender, all else
// through Twitch's API, moderation as the bot, the channel's own settings as the
// broadcaster.
func NewHost(o HostOptions) Host {
	return &twitchHost{action.Twitch(o)}
}

type twitchHost struct {
	on action.Twitch
}

// Do implements [Host].
func (h *twitchHost) Do(ctx context.Context, e Effect) (map[string]any, error) {
	return action.Do(ctx, &h.on, e)
}

// Channel implements [Host].
func (h *twitchHost) Channel(ctx context.Context) (ChannelInfo, error) {
	info := ChannelInfo{ID: h.on.Broadcaster.ID, Login: h.on.Broadcaster.Login}
	if h.on.Client == nil {
		return info, errors.New("the host has no client for Twitch's API")
	}
	channels, err := h.on.Client.Channels.Get(ctx, helix.GetChannelInformationParams{BroadcasterIDs: []string{info.ID}})
	if err != nil {
		return info, err
	}
	for _, c := range channels {
		info.Name, info.Title, info.Language, info.Tags = c.BroadcasterName, c.Title, c.BroadcasterLanguage, c.Tags
		info.Category, info.CategoryID = c.GameName, c.GameID
	}
	streams, err := h.on.Client.Streams.Get(ctx, helix.GetStreamsParams{UserIDs: []string{info.ID}})
	if err != nil {
		return info, err
	}
	for _, s := range streams.Items {
		info.Live, info.Viewers, info.StartedAt = true, s.ViewerCount, s.StartedAt.Format(time.RFC3339)
	}
	return info, nil
}

// errNoHost is the error of actions in an engine without a host.
var errNoHost = errors.New("the engine has no host")

// noHost is the default host.
type noHost struct{}

func (noHost) Do(context.Context, Effect) (map[string]any, error) { return nil, errNoHost }
func (noHost) Channel(context.Context) (ChannelInfo, error)       { return ChannelInfo{}, errNoHost }
