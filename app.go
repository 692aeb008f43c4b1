package larkspur

import (
	"context"
	"log/slog"
	"net/http"
	"sync"

	"github.com/larkspur-dev/larkspur/internal/quiet"

	"github.com/larkspur-dev/larkspur/eventsub"
	"github.com/larkspur-dev/larkspur/eventsub/catchup"
	"github.com/larkspur-dev/larkspur/helix"
	"github.com/larkspur-dev/larkspur/oauth"
)

// AppOptions configure an [App]. With the zero value, the channels are those of all users
// with a login in the store, and no web page lets users log in.
//
// The functions are called from goroutines of the App, OnReady, OnAdded and OnRemoved one
// at a time. Their context ends with Run, which waits for them.
type AppOptions struct {
	// Bot is the login name of the account that reads chat and moderates. It logs in as
	// the users of channels do, at [App.BotLoginURL], and is not a channel itself unless
	// Channels names it. Default: each channel's owner is.
	Bot string
	// Channels are login names of channels beside those of users who have logged in, for
	// events that need no login, such as those of stream.online. They stay channels if a
	// login of their users is lost.
	Channels []string

	// RedirectURI is the public address of the page to which Twitch sends a browser after
	// a login, as registered with Twitch, such as "https://bot.example/oauth/callback".
	// [App.ServeHTTP] serves it. Default: users cannot log in at the App.
	RedirectURI string
	Web         oauth.HandlerOptions // of the login pages; default for Scopes: [App.Scopes]

	// Listen is an address on which Run serves the App, such as "localhost:4343", for a
	// program without a server of its own. TLS is the task of a proxy. Default: none; the
	// program serves [App.ServeHTTP].
	Listen string

	// Endpoints are the ids of the endpoints that the program calls, such as
	// "send-chat-message", and Scopes are further scopes of the channels' owners. Logins
	// request them together with those of the handled events.
	Endpoints []string
	Scopes    []oauth.Scope

	// Setup is called by Run before anything is subscribed. An error ends Run.
	Setup func(ctx context.Context) error
	// OnReady is called once, when the App is ready as [App.Ready] defines it, with the
	// outcome of each subscription.
	OnReady func(ctx context.Context, results []eventsub.Result)
	// OnAdded is called for a channel that was added after that, when each of its
	// conditions is subscribed, refused or revoked.
	OnAdded func(ctx context.Context, userID string, results []eventsub.Result)
	// OnRemoved is called for a channel that was removed, but not by Remove, because the
	// user has disconnected the application or must log in again for another reason. The
	// reason is an [oauth.LoginError], unless Twitch could not be asked about the login.
	OnRemoved func(ctx context.Context, userID string, reason error)

	// Seen remembers which events were handled, so that none is handled again after a
	// restart. Default: they are remembered in memory, 65,536 at most, for a day.
	Seen eventsub.SeenStore

	Server     string       // address of an emulator, such as "http://127.0.0.1:8080"; default: Twitch
	HTTPClient *http.Client // for all connections; default: one of each package
	Logger     *slog.Logger // default: discard

	// Options of the parts. An App sets HTTPClient, Logger, the addresses,
	// OAuth.LoginURL and, without an Owner, Conduit.CatchUp where they are not set.
	// Conduit.Watermarks has to be set to receive what was missed while the program was
	// not running.
	OAuth   oauth.Options
	Helix   helix.Options
	Mux     eventsub.MuxOptions
	Conduit eventsub.ConduitOptions // of NewConduitApp
	Webhook eventsub.WebhookOptions // of NewWebhookApp, which sets Callback
}

// An App is a program for many channels. The channels are those of the users who have
// logged in; further users may log in at any time, on the App's own page:
//
//	app := larkspur.NewConduitApp(clientID, clientSecret, store, larkspur.AppOptions{
//		RedirectURI: "https://bot.example/oauth/callback",
//		Listen:      "localhost:4343", // behind a proxy
//	})
//	eventsub.On(app.Mux, func(ctx context.Context, e *eventsub.StreamOnline) error { … })
//	err := app.Run(ctx)
//
// Each channel is subscribed to each type of event that has a handler; see
// [App.WantHandled] for the rules. A channel is removed when its user disconnects the
// application, and added again after another login. Events that arrive twice are handled
// once.
//
// What an App consists of can be used directly. The fields must not be changed.
type App struct {
	Mux     *eventsub.Mux     // handlers are registered on it
	Conduit *eventsub.Conduit // keeps the subscriptions; nil after NewWebhookApp
	Webhook *eventsub.Webhook // keeps the subscriptions; nil after NewConduitApp
	Twitch  *helix.Client     // calls Twitch's API
	Tokens  *oauth.Manager    // keeps the logins, and the app token

	clientID string
	secret   bool // the application has a secret
	o        AppOptions
	log      *slog.Logger
	err      error // a mistake in the options
	events   transport
	progress *progress
	web      web
	bots     bots

	news chan struct{} // wakes the goroutine that calls OnAdded and OnRemoved

	mu       sync.Mutex
	botID    string                  // guarded by mu; "" if there is no bot
	channels map[string]bool         // guarded by mu; user ids
	fixed    map[string]bool         // guarded by mu; user ids of AppOptions.Channels
	left     map[string]bool         // guarded by mu; channels that were removed: a login in the store does not bring them back
	handled  handled                 // guarded by mu
	changes  []change                // guarded by mu; not told yet, at most one of each kind for a channel
	fail     context.CancelCauseFunc // guarded by mu; ends Run; nil: it is not running
}

// A transport keeps the subscriptions of an App.
type transport interface {
	Want(conditions ...eventsub.Condition)
	Unwant(conditions ...eventsub.Condition)
	Wanted() []eventsub.Condition
	Results() []eventsub.Result
	Ready(ctx context.Context) error
	Run(ctx context.Context) error
}

// NewConduitApp returns an App that receives its events over a conduit: it needs no
// public address, and Twitch does not limit the number of its channels. One process
// serves the conduit, unless AppOptions.Conduit has an Owner. What is missed is fetched
// where Twitch allows it; see package catchup.
//
// The subscriptions survive restarts: the next Run adopts them. Without an Owner it also
// deletes those on the conduit that it does not want, because no other program can use the
// same conduit; with one, AppOptions.Conduit.Prune decides.
//
// The application needs a secret. Logins are kept in store. NewConduitApp does not wait;
// mistakes in the options are returned by Run. It panics if store is nil: use
// [oauth.OpenFileStore].
func NewConduitApp(clientID, clientSecret string, store oauth.Store, o AppOptions) *App {
	a, p := newApp(clientID, clientSecret, store, o)
	c := o.Conduit
	if c.URL == "" {
		c.URL = p.server.eventsub
	}
	if c.HTTPClient == nil {
		c.HTTPClient = o.HTTPClient
	}
	if c.Logger == nil {
		c.Logger = o.Logger
	}
	if c.Owner == nil && c.CatchUp == nil {
		c.CatchUp = catchup.New(a.Twitch, catchup.Options{})
	}
	if c.Owner == nil {
		c.Prune = true // what channels left behind that are none any more
	}
	a.Conduit = eventsub.NewConduit(a.Twitch, a.Mux, c)
	a.events = a.Conduit
	return a
}

// newApp returns an App without a transport.
func newApp(clientID, clientSecret string, store oauth.Store, o AppOptions) (*App, parts) {
	a := &App{
		clientID: clientID, secret: clientSecret != "", o: o, log: quiet.Or(o.Logger), progress: newProgress(),
		news: make(chan struct{}, 1), channels: map[string]bool{}, fixed: map[string]bool{}, left: map[string]bool{},
	}
	if o.OAuth.LoginURL == nil && o.RedirectURI != "" {
		o.OAuth.LoginURL = func(userID string, _ oauth.ScopeSet) string { return a.loginURLOf(userID) }
	}
	p, err := build(clientID, clientSecret, store, partOptions{
		server: o.Server, client: o.HTTPClient, log: o.Logger, endpoints: o.Endpoints, seen: o.Seen,
		oauth: o.OAuth, helix: o.Helix, mux: o.Mux, lost: a.loginLost,
	})
	a.err = err
	a.Mux, a.Twitch, a.Tokens = p.mux, p.twitch, p.tokens
	a.handled = newHandled(a.Mux)
	a.bots.twitch, a.bots.mux, a.bots.log = a.Twitch, a.Mux, a.o.Logger
	a.watchAuthorizations()
	return a, p
}

// Ready waits until each wanted condition of all channels is subscribed, refused or
// revoked, and returns nil then, at once if that is so already: the Results of the
// transport tell which. It returns the error of ctx if that ends before, and the error of
// Run, or [eventsub.ErrEnded], if Run returns before. It may be called before Run is, but
// not in Setup, which it would wait for.
func (a *App) Ready(ctx context.Context) error { return a.progress.ready(ctx, a.events.Ready) }
