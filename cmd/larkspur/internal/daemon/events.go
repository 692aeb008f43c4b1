package daemon

import (
	"context"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/larkspur-dev/larkspur/eventsub"
	"github.com/larkspur-dev/larkspur/eventsub/catchup"
	"github.com/larkspur-dev/larkspur/helix"
)

// EventStores keep what must survive a restart so that no event is lost or handled
// twice. Each may be nil: then that is kept in memory only.
type EventStores struct {
	Inbox      eventsub.Inbox          // events that were confirmed to Twitch and wait for the skills
	Seen       eventsub.SeenStore      // ids of handled events
	Watermarks eventsub.WatermarkStore // up to when events are complete
	Secrets    eventsub.SecretStore    // of webhooks
}

// seenFor is how long the ids of handled events are remembered.
const seenFor = 24 * time.Hour

// newMux returns the mux that passes events to the skills.
func newMux(cfg *Config, o Options) *eventsub.Mux {
	mux := eventsub.NewMux(eventsub.MuxOptions{Logger: o.Logger, Inbox: o.Stores.Inbox})
	if o.Stores.Seen == nil {
		mux.Use(eventsub.Dedup(10 * time.Minute))
		return mux
	}
	durable := eventsub.DedupStore(o.Stores.Seen, seenFor)
	if cfg.hearsChat() {
		mux.Use(durable)
		return mux
	}
	// Messages of chat are too many to be stored, and over IRC they are not either.
	mux.Use(func(next eventsub.Handler) eventsub.Handler {
		stored := durable(next)
		return func(ctx context.Context, n eventsub.Notification) error {
			if n.Type == chatType {
				return next(ctx, n) // the stream of messages drops duplicates
			}
			return stored(ctx, n)
		}
	})
	return mux
}

// chatType is the type of EventSub's chat messages.
var chatType = eventsub.ChannelChatMessage{}.Type()

// hearsChat reports whether a skill asks for chat messages as events.
func (c *Config) hearsChat() bool { return slices.Contains(c.Skills.Needs().Events, chatType) }

// An eventSource brings events from Twitch to the mux: a [eventsub.Session] or a
// [eventsub.Webhook].
type eventSource interface {
	Want(conditions ...eventsub.Condition)
	Unwant(conditions ...eventsub.Condition)
	Results() []eventsub.Result
	Run(ctx context.Context) error
}

// usesWebhook reports whether events come by webhook. Twitch cannot reach an address in
// the local network, but an emulator can.
func usesWebhook(cfg *Config, o Options) bool {
	forward := cfg.Twitch.ForwardURL
	return forward != "" && (o.Addresses != TwitchAddresses() || !isLocal(hostOf(forward)))
}

// newEventSource returns a webhook if the configuration has an address at which Twitch
// reaches the bot, else WebSocket sessions.
func newEventSource(cfg *Config, o Options, tw *helix.Client, mux *eventsub.Mux, s eventsub.SessionOptions, routes *http.ServeMux) eventSource {
	missed := catchup.New(tw, catchup.Options{})
	if !usesWebhook(cfg, o) {
		s.CatchUp, s.Watermarks = missed, o.Stores.Watermarks
		return eventsub.NewSession(tw, mux, s)
	}
	path := webhookPath(cfg.Twitch.Name)
	hook := eventsub.NewWebhook(tw, mux, eventsub.WebhookOptions{
		Callback: cfg.Twitch.ForwardURL + path, Secrets: o.Stores.Secrets, Logger: o.Logger,
		CatchUp: missed, Watermarks: o.Stores.Watermarks,
		OnState: s.OnState, OnRevoked: s.OnRevoked,
	})
	routes.Handle(path+"/", hook)
	return hook
}

// webhookPath is where the webhook of a connector is, as in opsdroid.
func webhookPath(connector string) string {
	name := strings.Map(func(r rune) rune {
		if r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' || r == '-' || r == '_' {
			return r
		}
		return '-'
	}, connector)
	return "/connector/" + name
}
