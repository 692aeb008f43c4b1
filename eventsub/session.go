package eventsub

import (
	"context"
	"errors"
	"log/slog"
	"net/http"
	"sync"
	"sync/atomic"
	"time"

	"github.com/larkspur-dev/larkspur/internal/quiet"

	"github.com/larkspur-dev/larkspur/helix"
)

// SessionOptions configure a Session. The zero value is usable.
//
// The functions are called from the session's own goroutines, one call at a time for
// each user. They block the processing of the user's connections until they return.
// They must not wait for the session itself, as Ready, Subscribe and Delete do.
type SessionOptions struct {
	URL        string        // default: [DefaultURL]
	HTTPClient *http.Client  // used to dial; default: a client with http.DefaultTransport
	Keepalive  time.Duration // longest time without a message, 10 s to 10 min; default: 30 s
	Recheck    time.Duration // how often subscriptions are compared with Twitch's list; default: 10 min
	Logger     *slog.Logger  // default: discard

	// UserID is the user whose token is used for conditions that work with any user's
	// token, such as those of stream.online. Default: a user whose token another
	// condition needs.
	UserID string

	// FormerSessions are ids of WebSocket sessions of an earlier run of this program,
	// taken from [State].Session. With them, subscriptions that a killed run left
	// behind are recognized and replaced at once. Without them, such subscriptions
	// block new ones until Twitch has noticed the end of the old connection.
	FormerSessions []string

	// WaitForLogin keeps Run running if every user whose token it needs must log in, for
	// a program in which users can log in while it runs. The tokens are tried again with
	// growing waits. Default: Run ends with an error; see [Session.Run].
	WaitForLogin bool
	// TakeOver makes the Session delete a subscription of another live session of the
	// same user if Twitch refuses to create the same one here. The other program then
	// no longer receives these events. Default: leave it, report a [ConflictError],
	// and retry from time to time.
	TakeOver bool

	// CatchUp fetches the events that were missed, after a lost connection and after a
	// restart of the program; package catchup implements it. Recovered events have
	// [Meta].Recovered set and are dispatched before the [Gap]. Default: nothing is
	// fetched.
	CatchUp Recoverer

	// Watermarks stores up to when the events of each condition are complete, so that
	// the time in which the program did not run is reported as a Gap after the next
	// start, and worked off by CatchUp. Default: only losses of a running program are.
	Watermarks WatermarkStore

	OnState   func(s State)                      // called for every change; State.String is for display
	OnRevoked func(e *RevokedError)              // called when Twitch ends a subscription
	OnUnknown func(messageType string, b []byte) // called for frames that cannot be decoded; messageType is "" if b is not an EventSub message
}

// A Session keeps a set of wanted conditions subscribed over EventSub's WebSockets, and
// passes the notifications to a [Mux].
//
// Twitch allows at most 300 subscriptions of one user on a connection, and three
// connections for each user. A Session opens as many as are needed, and none for a user
// without a token or with nothing to subscribe.
//
// A condition stays in the set until it is removed: a subscription that could not be
// created is retried, and after a lost connection all are created again and a [Gap] is
// dispatched. [Session.Results] returns the outcome of each condition.
type Session struct {
	desired

	api subscriptions
	mux *Mux
	o   SessionOptions

	recovery *recovery // nil without CatchUp and Watermarks

	running atomic.Bool
	stats   sessionCounters

	accountsMu sync.Mutex
	accounts   map[string]*account // guarded by accountsMu; by user id, of the last Run
	userID     string              // guarded by accountsMu; SessionOptions.UserID
	former     sessionIDs          // guarded by accountsMu
}

// NewSession returns a Session that creates its subscriptions through tw and dispatches
// to mux. It does nothing before Run. NewSession panics if tw or mux is nil or mux was
// not created by [NewMux].
func NewSession(tw *helix.Client, mux *Mux, o SessionOptions) *Session {
	if tw == nil || mux == nil {
		panic("eventsub: NewSession: the client or the mux is nil")
	}
	mux.mustBeNew()
	return newSession(helixSubscriptions{tw}, mux, o)
}

func newSession(api subscriptions, mux *Mux, o SessionOptions) *Session {
	o.URL, o.HTTPClient, o.Keepalive = addressOr(o.URL), clientOr(o.HTTPClient), keepaliveOr(o.Keepalive)
	if o.Recheck <= 0 {
		o.Recheck = 10 * time.Minute
	}
	o.Logger = quiet.Or(o.Logger)
	s := &Session{desired: newDesired("websocket"), api: api, mux: mux, o: o, userID: o.UserID}
	s.recovery = newRecovery(mux, o.CatchUp, o.Watermarks, o.Logger, &s.stats.gaps)
	s.look, s.delete, s.forget = s.lookUp, s.deleteSubscription, s.forgetSubscription
	for _, id := range o.FormerSessions {
		s.former.add(id)
	}
	return s
}

var errRunning = errors.New("eventsub: session is running already")

// Run connects, subscribes and dispatches until ctx ends, and then returns nil. Lost
// connections do not end it. It returns an error at once if the URL cannot be dialled
// or the Session is already running.
//
// Run also ends, with the error of the token, if each user whose token it needs has none
// that Twitch accepts and must log in: nothing could be subscribed until then, for ever.
// The error has a method LoginRequired() bool, which returns true, somewhere in its chain.
// As long as the token of one user works, the conditions of the others are refused (see
// [Session.Results]) and tried again. [SessionOptions].WaitForLogin keeps Run running.
// Without it a program whose source of tokens does not tell lost logins from temporary
// errors, such as [helix.StaticToken], is not ended either.
//
// Handlers may still be running after it returned:
// call [Mux.Drain] then. A Session can run again after Run returned, but not twice at
// the same time.
func (s *Session) Run(ctx context.Context) error {
	if err := checkAddress(s.o.URL); err != nil {
		return err
	}
	if !s.running.CompareAndSwap(false, true) {
		return errRunning
	}
	defer s.running.Store(false)
	s.started()
	defer s.stopped()
	running, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)

	s.accountsMu.Lock()
	s.accounts = map[string]*account{}
	s.accountsMu.Unlock()
	defer s.recovery.start(ctx)()
	var accounts sync.WaitGroup
	defer accounts.Wait()
	for {
		fresh, changed := s.newAccounts()
		for _, a := range fresh {
			accounts.Go(func() { a.run(running, cancel) })
		}
		select {
		case <-changed:
		case <-running.Done():
			if ctx.Err() != nil {
				return nil
			}
			return context.Cause(running)
		}
	}
}

// newAccounts creates the accounts of users that were added since the last call, and
// returns a channel that is closed when there may be more.
func (s *Session) newAccounts() ([]*account, <-chan struct{}) {
	wants, changed := s.snapshot()
	users := s.usersOf(wants)
	s.accountsMu.Lock()
	defer s.accountsMu.Unlock()
	var fresh []*account
	for i, user := range users {
		if s.accounts[user] == nil && wants[i].revoked == nil {
			a := newAccount(s, user)
			s.accounts[user] = a
			fresh = append(fresh, a)
		}
	}
	return fresh, changed
}
