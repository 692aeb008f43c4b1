package eventsub

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/url"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"github.com/larkspur-dev/larkspur/internal/quiet"

	"github.com/larkspur-dev/larkspur/helix"
)

// DefaultURL is Twitch's address for EventSub over WebSocket.
const DefaultURL = "wss://eventsub.wss.twitch.tv/ws"

// SessionOptions configure a Session. The zero value is usable.
//
// The functions are called from the session's own goroutines, one call at a time for
// each user, and hold the user's connections up until they return.
type SessionOptions struct {
	URL        string        // default: [DefaultURL]
	HTTPClient *http.Client  // dials; default: one with http.DefaultTransport
	Keepalive  time.Duration // how long Twitch may be silent, 10 s to 10 min; default: 30 s
	Recheck    time.Duration // how often subscriptions are compared with Twitch's list; default: 10 min
	Logger     *slog.Logger  // default: discard

	// UserID is the user whose token is used for conditions that need no particular
	// user's, such as those of stream.online. Default: any user whose token another
	// condition needs.
	UserID string

	// FormerSessions are ids of WebSocket sessions that an earlier run of this program
	// had, as [State].Session told them. Subscriptions that a killed run left behind
	// are recognized by them and replaced at once. Without them such subscriptions are
	// in the way until Twitch has noticed the end of the old connection.
	FormerSessions []string

	// TakeOver makes the Session delete a subscription that another live session of
	// the same user has, if Twitch refuses the same here because of it. It robs the
	// other program of its events. Default: leave it, report a [ConflictError], and
	// try again from time to time.
	TakeOver bool

	OnState   func(s State)                      // called for every change, for people to read
	OnRevoked func(e *RevokedError)              // called when Twitch ends a subscription
	OnUnknown func(messageType string, b []byte) // called for frames that are not understood; messageType is "" if one is not a message at all
}

// A Session keeps a set of wanted conditions subscribed over EventSub's WebSockets, and
// hands the notifications to a [Mux].
//
// Twitch allows the subscriptions of one user on a connection, 300 at most, and three
// connections for each user. A Session opens as many as are needed, and none for a user
// without a token or without anything to subscribe.
//
// The set is never forgotten: what could not be subscribed is tried again, and after a
// lost connection everything is subscribed anew and a [Gap] is dispatched.
// [Session.Results] says what became of each condition.
type Session struct {
	api subscriptions
	mux *Mux
	o   SessionOptions

	running atomic.Bool
	stats   sessionCounters

	mu       sync.Mutex
	wants    []*want             // guarded by mu; in the order of wanting
	changed  chan struct{}       // guarded by mu; closed and replaced when wants changes
	accounts map[string]*account // guarded by mu; by user id, of the last Run
	former   sessionIDs          // guarded by mu
}

// NewSession returns a Session that makes its subscriptions through tw and
// dispatches to mux. It does nothing before Run. NewSession panics if tw or mux is
// nil.
func NewSession(tw *helix.Client, mux *Mux, o SessionOptions) *Session {
	if tw == nil || mux == nil {
		panic("eventsub: NewSession: the client or the mux is nil")
	}
	return newSession(helixSubscriptions{tw}, mux, o)
}

func newSession(api subscriptions, mux *Mux, o SessionOptions) *Session {
	if o.URL == "" {
		o.URL = DefaultURL
	}
	if o.HTTPClient == nil {
		o.HTTPClient = &http.Client{}
	}
	if o.Keepalive == 0 {
		o.Keepalive = 30 * time.Second
	}
	o.Keepalive = min(max(o.Keepalive, 10*time.Second), 10*time.Minute)
	if o.Recheck <= 0 {
		o.Recheck = 10 * time.Minute
	}
	o.Logger = quiet.Or(o.Logger)
	s := &Session{api: api, mux: mux, o: o, changed: make(chan struct{})}
	for _, id := range o.FormerSessions {
		s.former.add(id)
	}
	return s
}

// schemes are those of addresses that a Session can dial.
var schemes = []string{"wss", "ws", "https", "http"}

var errRunning = errors.New("eventsub: session is running already")

// Run connects, subscribes and dispatches until ctx ends, whatever happens to the
// connections in between, and returns nil then. It returns an error at once if the
// URL cannot be dialled or the Session runs already. Handlers may still be at work:
// call [Mux.Drain] afterwards. A Session can run again after Run returned, not
// twice at once.
func (s *Session) Run(ctx context.Context) error {
	if u, err := url.Parse(s.o.URL); err != nil || u.Host == "" || !slices.Contains(schemes, u.Scheme) {
		return fmt.Errorf("eventsub: address %q: want something like %s", s.o.URL, DefaultURL)
	}
	if !s.running.CompareAndSwap(false, true) {
		return errRunning
	}
	defer s.running.Store(false)
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)

	s.mu.Lock()
	s.accounts = map[string]*account{}
	s.mu.Unlock()
	var running sync.WaitGroup
	defer running.Wait()
	for {
		fresh, changed := s.newAccounts()
		for _, a := range fresh {
			running.Go(func() { a.run(ctx, cancel) })
		}
		select {
		case <-changed:
		case <-ctx.Done():
			if err := context.Cause(ctx); errors.Is(err, ErrClosed) {
				return err
			}
			return nil
		}
	}
}

// newAccounts makes the accounts of users that have come up since the last call, and
// returns a channel that is closed when there may be more.
func (s *Session) newAccounts() ([]*account, <-chan struct{}) {
	s.mu.Lock()
	defer s.mu.Unlock()
	var fresh []*account
	for i, user := range s.users() {
		if s.accounts[user] == nil && s.wants[i].revoked == nil {
			a := newAccount(s, user)
			s.accounts[user] = a
			fresh = append(fresh, a)
		}
	}
	return fresh, s.changed
}
