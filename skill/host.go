package skill

import (
	"context"
	"errors"
	"reflect"
	"time"

	"github.com/larkspur-dev/larkspur/skill/internal/expr"
)

// A Host carries out actions in one channel. Its methods are called from the goroutines
// that call the [Engine] or run its steps, possibly several at once.
type Host interface {
	Chat
	Moderation
	Broadcast
	// Send sends a text through another connector.
	Send(ctx context.Context, connector, text string) error
	// Channel returns information about the channel. It is called only for skills that
	// read channel, by one of them at a time. The engine uses the result for 5 seconds, or
	// until an event or the action title says that the channel has changed.
	Channel(ctx context.Context) (ChannelInfo, error)
}

// Chat is the part of a [Host] that sends messages to the chat.
type Chat interface {
	// Say sends a text. It begins with "/me " only if the configuration says so, never
	// because of what a viewer wrote or a script computed.
	Say(ctx context.Context, text string) error
	Reply(ctx context.Context, messageID, text string) error
}

// Moderation is the part of a [Host] that bans users and deletes messages.
type Moderation interface {
	Ban(ctx context.Context, b Ban) error
	Delete(ctx context.Context, messageID string) error
}

// Broadcast is the part of a [Host] that changes the channel.
type Broadcast interface {
	SetTitle(ctx context.Context, title string) error
	// Clip creates a clip and returns its address once Twitch has published it.
	Clip(ctx context.Context) (url string, err error)
}

// A Ban is a ban or a timeout. Exactly one of UserID and Login is set.
type Ban struct {
	UserID   string
	Login    string
	Duration time.Duration // of a timeout; 0: a permanent ban
	Reason   string
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

// errNoHost is the error of actions in an engine without a host.
var errNoHost = errors.New("the engine has no host")

// noHost is the default host.
type noHost struct{}

func (noHost) Say(context.Context, string) error            { return errNoHost }
func (noHost) Reply(context.Context, string, string) error  { return errNoHost }
func (noHost) Send(context.Context, string, string) error   { return errNoHost }
func (noHost) Ban(context.Context, Ban) error               { return errNoHost }
func (noHost) Delete(context.Context, string) error         { return errNoHost }
func (noHost) SetTitle(context.Context, string) error       { return errNoHost }
func (noHost) Clip(context.Context) (string, error)         { return "", errNoHost }
func (noHost) Channel(context.Context) (ChannelInfo, error) { return ChannelInfo{}, errNoHost }
