package larkspur

import (
	"context"
	"errors"
	"log/slog"
	"net/http"
	"time"

	"github.com/larkspur-dev/larkspur/eventsub"
	"github.com/larkspur-dev/larkspur/helix"
	"github.com/larkspur-dev/larkspur/oauth"
)

// parts are what every program of this package consists of, beside its transport.
type parts struct {
	server addresses
	tokens *oauth.Manager
	twitch *helix.Client
	mux    *eventsub.Mux
}

// partOptions are the options of parts.
type partOptions struct {
	server    string
	client    *http.Client
	log       *slog.Logger // as in the options: may be nil
	endpoints []string
	seen      eventsub.SeenStore // may be nil

	oauth oauth.Options
	helix helix.Options
	mux   eventsub.MuxOptions

	lost func(e *oauth.LoginError) // called for each login that is lost
}

// dedupWindow is how long events are remembered: longer than a lost connection lasts, after
// which events that were handled are fetched again.
const dedupWindow = 24 * time.Hour

// build returns the parts, also if it returns an error about the options.
func build(clientID, clientSecret string, store oauth.Store, o partOptions) (parts, error) {
	server, err := addressesOf(o.server)
	if clientID == "" {
		err = errors.Join(err, errNoClient)
	}
	err = errors.Join(err, checkEndpoints(o.endpoints))
	p := parts{server: server}

	if o.oauth.HTTPClient == nil {
		o.oauth.HTTPClient = o.client
	}
	if o.oauth.BaseURL == "" {
		o.oauth.BaseURL = server.oauth
	}
	if o.oauth.Logger == nil {
		o.oauth.Logger = o.log
	}
	told := o.oauth.OnNeedsLogin
	o.oauth.OnNeedsLogin = func(e *oauth.LoginError) {
		if told != nil {
			told(e)
		}
		o.lost(e)
	}
	p.tokens = oauth.NewManager(clientID, clientSecret, store, o.oauth)

	if o.helix.HTTPClient == nil {
		o.helix.HTTPClient = o.client
	}
	if o.helix.BaseURL == "" {
		o.helix.BaseURL = server.helix
	}
	if o.helix.Logger == nil {
		o.helix.Logger = o.log
	}
	p.twitch = helix.New(clientID, p.tokens, o.helix)

	if o.mux.Logger == nil {
		o.mux.Logger = o.log
	}
	p.mux = eventsub.NewMux(o.mux)
	if o.seen != nil {
		p.mux.Use(eventsub.DedupStore(o.seen, dedupWindow))
	} else {
		p.mux.Use(eventsub.Dedup(dedupWindow))
	}
	return p, err
}

var errNoClient = errors.New("larkspur: the client id is empty; register an application at https://dev.twitch.tv/console/apps")

const (
	// handlerGrace is how long handlers may go on after Run's context has ended.
	handlerGrace = 5 * time.Second
	// renewalGrace is how long a renewal under way may take then: its response may hold
	// the only refresh token there is.
	renewalGrace = time.Minute
)

// finish waits for handlers and renewals at the end of Run.
func (p parts) finish(ctx context.Context, log *slog.Logger) {
	ctx = context.WithoutCancel(ctx)
	handlers, cancel := context.WithTimeout(ctx, handlerGrace)
	defer cancel()
	if err := p.mux.Drain(handlers); err != nil {
		log.WarnContext(ctx, "handlers still running", "error", err)
	}
	renewals, cancel := context.WithTimeout(ctx, renewalGrace)
	defer cancel()
	if err := p.tokens.Close(renewals); err != nil {
		log.ErrorContext(ctx, "a token renewal did not end in time", "error", err)
	}
}
