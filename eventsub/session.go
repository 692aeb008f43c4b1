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
// The functions are called from the session's own goroutines, one call at a time
// for each user, and hold the connection up until they return.
type SessionOptions struct {
	URL        string        // default: [DefaultURL]
	HTTPClient *http.Client  // dials; default: one with http.DefaultTransport
	Keepalive  time.Duration // how long Twitch may be silent, 10 s to 10 min; default: 30 s
	Recheck    time.Duration // how often subscriptions are compared with Twitch's list; default: 10 min
	Logger     *slog.Logger  // default: discard

	// UserID is the user whose token serves for conditions that do not say whose
	// token they need, such as those of stream.online. Default: any user whose
	// token another condition needs.
	UserID string

	OnState   func(s State)                      // told of every change, for people to read
	OnRevoked func(e *RevokedError)              // told when Twitch ends a subscription
	OnUnknown func(messageType string, b []byte) // told of messages that are not understood; messageType is "" for what is no message
}

// A Session keeps what somebody wants to know subscribed over EventSub's
// WebSockets, and hands the notifications to a [Mux]. Twitch allows the
// subscriptions of one user on a connection, so a Session opens a connection for
// each user whose token is needed, and none while nothing is wanted.
//
// The set of wanted conditions is never forgotten: what could not be subscribed is
// tried again, and after a lost connection everything is subscribed anew and a
// [Gap] is dispatched.
type Session struct {
	api subscriptions
	mux *Mux
	o   SessionOptions

	running atomic.Bool
	stats   sessionCounters

	mu      sync.Mutex
	wants   []*want       // guarded by mu; in the order they came
	changed chan struct{} // guarded by mu; closed and replaced when wants changes
}

// A want is a condition somebody wants, with what the session needs to know of it.
type want struct {
	target
	userID  string // whose token; "" when the condition does not say
	revoked bool
	asked   int // how often it was wanted: asking again forgets past failures
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
	return &Session{api: api, mux: mux, o: o, changed: make(chan struct{})}
}

// Want adds conditions to the set of what shall be subscribed, at any time,
// before Run or during it. A condition that is in the set already is tried again
// at once if it had failed or was revoked. Want does not wait; [SessionOptions]
// OnState tells what became of it. Want panics if a condition is nil.
func (s *Session) Want(conditions ...Condition) {
	refuseNil("Want", conditions)
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, c := range conditions {
		t := newTarget(c)
		if w := s.find(t.key); w != nil {
			w.revoked = false
			w.asked++
			continue
		}
		s.wants = append(s.wants, &want{target: t, userID: t.tokenUser()})
	}
	s.announce()
}

// Unwant takes conditions out of the set; their subscriptions are deleted soon. It
// panics if a condition is nil.
func (s *Session) Unwant(conditions ...Condition) {
	refuseNil("Unwant", conditions)
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, c := range conditions {
		key := newTarget(c).key
		for i, w := range s.wants {
			if w.key == key {
				s.wants = append(s.wants[:i:i], s.wants[i+1:]...)
				break
			}
		}
	}
	s.announce()
}

// refuseNil says whose mistake it is; the panic of a nil interface does not.
func refuseNil(method string, conditions []Condition) {
	for i, c := range conditions {
		if c == nil {
			panic(fmt.Sprintf("eventsub: %s: condition %d is nil", method, i))
		}
	}
}

// Wanted returns the set, in the order it was wanted. Revoked conditions are part
// of it until they are unwanted.
func (s *Session) Wanted() []Condition {
	s.mu.Lock()
	defer s.mu.Unlock()
	conditions := make([]Condition, 0, len(s.wants))
	for _, w := range s.wants {
		conditions = append(conditions, w.condition)
	}
	return conditions
}

// find needs s.mu.
func (s *Session) find(key string) *want {
	for _, w := range s.wants {
		if w.key == key {
			return w
		}
	}
	return nil
}

// announce needs s.mu.
func (s *Session) announce() {
	close(s.changed)
	s.changed = make(chan struct{})
}

// snapshot returns what is wanted of each user, and a channel that is closed when
// that is no longer true.
func (s *Session) snapshot() (map[string][]want, <-chan struct{}) {
	s.mu.Lock()
	defer s.mu.Unlock()
	anyone := s.o.UserID
	for _, w := range s.wants {
		if anyone == "" {
			anyone = w.userID
		}
	}
	users := map[string][]want{}
	for _, w := range s.wants {
		if w.revoked {
			continue
		}
		user := w.userID
		if user == "" {
			user = anyone
		}
		if user == "" { // nobody's token is known: a broadcaster's own will do
			user = Notification{Meta: Meta{Subscription: Subscription{Condition: w.fields}}}.lane()
		}
		users[user] = append(users[user], *w)
	}
	return users, s.changed
}

func (s *Session) revoke(ctx context.Context, userID string, sub Subscription) {
	s.mu.Lock()
	if w := s.find(keyOf(Type{Name: sub.Type, Version: sub.Version}, sub.Condition)); w != nil {
		w.revoked = true
		s.announce()
	}
	s.mu.Unlock()
	e := &RevokedError{
		Type: Type{Name: sub.Type, Version: sub.Version}, Reason: sub.Status, UserID: userID, Subscription: sub,
	}
	s.o.Logger.WarnContext(ctx, "subscription revoked", "error", e)
	if s.o.OnRevoked != nil {
		s.o.OnRevoked(e)
	}
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

	var accounts sync.WaitGroup
	defer accounts.Wait()
	known := map[string]bool{}
	for {
		users, changed := s.snapshot()
		for user := range users {
			if !known[user] {
				known[user] = true
				accounts.Go(func() { newAccount(s, user).run(ctx, cancel) })
			}
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

// SessionStats count what a Session did since it was made.
type SessionStats struct {
	Connections   uint64 // WebSockets opened
	Notifications uint64 // events received
	Unknown       uint64 // messages that were not understood
	Revoked       uint64 // subscriptions ended by Twitch
	Gaps          uint64 // gaps dispatched
}

type sessionCounters struct {
	connections, notifications, unknown, revoked, gaps atomic.Uint64
}

// Stats returns the counts so far.
func (s *Session) Stats() SessionStats {
	return SessionStats{
		Connections:   s.stats.connections.Load(),
		Notifications: s.stats.notifications.Load(),
		Unknown:       s.stats.unknown.Load(),
		Revoked:       s.stats.revoked.Load(),
		Gaps:          s.stats.gaps.Load(),
	}
}
