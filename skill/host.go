package skill

import (
	"context"
	"errors"
	"reflect"
	"time"

	"github.com/larkspur-dev/larkspur/skill/internal/expr"
)

// A Host carries out what skills decide, in one channel. Its methods are called
// from whatever goroutine calls the [Engine], possibly several at once.
type Host interface {
	Chat
	Moderation
	Broadcast
	// Send sends a text through another connector, by its name.
	Send(ctx context.Context, connector, text string) error
	// Channel tells about the channel. Called only for skills that ask.
	Channel(ctx context.Context) (ChannelInfo, error)
}

// Chat is the part of a [Host] that talks.
type Chat interface {
	Say(ctx context.Context, text string) error
	Reply(ctx context.Context, messageID, text string) error
}

// Moderation is the part of a [Host] that keeps order.
type Moderation interface {
	Ban(ctx context.Context, b Ban) error
	Delete(ctx context.Context, messageID string) error
}

// Broadcast is the part of a [Host] that changes the channel.
type Broadcast interface {
	SetTitle(ctx context.Context, title string) error
	// Clip makes a clip and returns its address once Twitch has it.
	Clip(ctx context.Context) (url string, err error)
}

// A Ban says who is banned and for how long. Exactly one of UserID and Login is set.
type Ban struct {
	UserID   string
	Login    string
	Duration time.Duration // 0: for good; else a timeout
	Reason   string
}

// ChannelInfo is what expressions know as channel.
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

// channelShape is what is known of channel.
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

// errNoHost is what actions fail with in an engine without a host.
var errNoHost = errors.New("no host to carry this out")

// noHost is the host of an engine that was given none.
type noHost struct{}

func (noHost) Say(context.Context, string) error            { return errNoHost }
func (noHost) Reply(context.Context, string, string) error  { return errNoHost }
func (noHost) Send(context.Context, string, string) error   { return errNoHost }
func (noHost) Ban(context.Context, Ban) error               { return errNoHost }
func (noHost) Delete(context.Context, string) error         { return errNoHost }
func (noHost) SetTitle(context.Context, string) error       { return errNoHost }
func (noHost) Clip(context.Context) (string, error)         { return "", errNoHost }
func (noHost) Channel(context.Context) (ChannelInfo, error) { return ChannelInfo{}, errNoHost }
