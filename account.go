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

// AccountOptions configure an [Account]. With the zero value, the store has to have a
// login, and the events are those of its user's own channel.
type AccountOptions struct {
	Login   string // login name of the account; default: the only one that has a login in the store
	Channel string // login name of the channel whose events are received; default: the account's own

	// Code and RedirectURI, or RefreshToken, or OnDevice log the account in if the store
	// has no login that works. They are tried in this order, so they may stay in the
	// configuration of a program although a code works only once. RedirectURI is the one
	// that the code was requested with. OnDevice gets the address and the code to show to
	// the user, who has half an hour to confirm it; it must not block.
	Code         oauth.Secret
	RedirectURI  string
	RefreshToken oauth.Secret
	OnDevice     func(d *oauth.Device)

	// Endpoints are the ids of the endpoints that the program calls, such as
	// "send-chat-message", and Scopes are further scopes. Logins request them together
	// with those of the handled events; see [Account.Scopes].
	Endpoints []string
	Scopes    []oauth.Scope

	// Setup is called by Run after the login and before anything is subscribed, to
	// register handlers that need to know the account. An error ends Run.
	Setup func(ctx context.Context) error
	// OnReady is called once, when the account is ready as [Account.Ready] defines it,
	// with the outcome of each subscription. Run waits for it; ctx ends with Run.
	OnReady func(ctx context.Context, results []eventsub.Result)

	// Seen remembers which events were handled, so that none is handled again after a
	// restart. Default: they are remembered in memory, 65,536 at most, for a day.
	Seen eventsub.SeenStore

	Server     string       // address of an emulator, such as "http://127.0.0.1:8080"; default: Twitch
	HTTPClient *http.Client // for all connections; default: one of each package
	Logger     *slog.Logger // default: discard

	// Options of the parts. An Account sets HTTPClient, Logger, the addresses and
	// Session.CatchUp where they are not set. Session.Watermarks has to be set to receive
	// what was missed while the program was not running.
	OAuth   oauth.Options
	Helix   helix.Options
	Mux     eventsub.MuxOptions
	Session eventsub.SessionOptions
}

// An Account is a program's own account on Twitch, which receives the events of one
// channel over WebSocket:
//
//	me := larkspur.NewAccount(clientID, clientSecret, store, larkspur.AccountOptions{})
//	eventsub.On(me.Mux, func(ctx context.Context, e *eventsub.ChannelFollow) error { … })
//	err := me.Run(ctx)
//
// Run logs in, subscribes to each type of event that has a handler, and keeps it
// subscribed; see [Account.WantHandled] for the rules. Events that arrive twice are
// handled once, and what is missed during a lost connection is fetched where Twitch allows
// it; see package catchup. What an Account consists of can be used directly. The fields must not
// be changed.
type Account struct {
	Mux     *eventsub.Mux     // handlers are registered on it
	Session *eventsub.Session // keeps the subscriptions; further conditions may be wanted
	Twitch  *helix.Client     // calls Twitch's API
	Tokens  *oauth.Manager    // keeps the login, and those of other users in the store

	clientID string
	secret   bool // the application has a secret
	o        AccountOptions
	log      *slog.Logger
	err      error // a mistake in the options
	progress *progress

	bots bots

	turn chan struct{} // full while LogIn works

	mu        sync.Mutex
	me        oauth.User              // guarded by mu
	channelID string                  // guarded by mu
	fail      context.CancelCauseFunc // guarded by mu; ends Run; nil: it is not running
	handled   handled                 // guarded by mu
}

// NewAccount returns an Account of the application with a client id, whose logins are
// kept in store. An application without a secret is a public one. NewAccount does not
// wait; mistakes in the options are returned by LogIn and Run. It panics if store is
// nil: use [oauth.OpenFileStore].
func NewAccount(clientID, clientSecret string, store oauth.Store, o AccountOptions) *Account {
	a := &Account{clientID: clientID, secret: clientSecret != "", o: o, log: quiet.Or(o.Logger), progress: newProgress(), turn: make(chan struct{}, 1)}
	parts, err := build(clientID, clientSecret, store, partOptions{
		server: o.Server, client: o.HTTPClient, log: o.Logger, endpoints: o.Endpoints, seen: o.Seen,
		oauth: o.OAuth, helix: o.Helix, mux: o.Mux, lost: a.loginLost,
	})
	a.err = err
	a.Mux, a.Twitch, a.Tokens = parts.mux, parts.twitch, parts.tokens
	a.handled = newHandled(a.Mux)
	a.bots.twitch, a.bots.mux, a.bots.log = a.Twitch, a.Mux, a.o.Logger
	s := o.Session
	if s.URL == "" {
		s.URL = parts.server.eventsub
	}
	if s.HTTPClient == nil {
		s.HTTPClient = o.HTTPClient
	}
	if s.Logger == nil {
		s.Logger = o.Logger
	}
	if s.CatchUp == nil {
		s.CatchUp = catchup.New(a.Twitch, catchup.Options{})
	}
	a.Session = eventsub.NewSession(a.Twitch, a.Mux, s)
	return a
}

// User returns the account. It is empty before the login.
func (a *Account) User() oauth.User {
	a.mu.Lock()
	defer a.mu.Unlock()
	return a.me
}

// ChannelID returns the user id of the channel whose events are received. It is empty
// before the login.
func (a *Account) ChannelID() string {
	a.mu.Lock()
	defer a.mu.Unlock()
	return a.channelID
}

// Scopes returns the smallest set of scopes that the account has to grant for the events
// that have a handler now, and for the options Endpoints and Scopes.
func (a *Account) Scopes() oauth.ScopeSet {
	return oauth.SmallestScopes(a.needs(), a.roles()...)
}

func (a *Account) needs() []oauth.Need {
	return needsOf(a.Mux, a.bots.endpoints(a.o.Endpoints), a.o.Scopes)
}

// WantHandled makes the session want a condition for each type of event that has a
// handler, with the ids of the channel and the account filled in. Run calls it once,
// after Setup. A program that registers or removes handlers while Run runs calls it
// again: a type whose handlers were removed is no longer wanted.
//
// A type of which the program wants conditions itself, with a.Session.Want, is left to
// the program: for example raids that leave the channel. The error names the types that
// have a handler but no condition, because it needs an id that an Account does not know;
// Run logs it and receives the other events.
//
// WantHandled does not wait for Twitch; Ready does. It returns an error before the
// login.
func (a *Account) WantHandled() error {
	wanted := a.Session.Wanted()
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.me.ID == "" {
		return errNotLoggedIn
	}
	own := eventsub.Own{BroadcasterID: a.channelID, UserID: a.me.ID, ClientID: a.clientID}
	add, drop, err := a.handled.derive(a.channelID, own, a.handled.chosen(wanted))
	a.Session.Unwant(drop...)
	a.Session.Want(add...)
	return err
}
