package irc

import (
	"context"
	"errors"
	"sync"
	"time"

	"github.com/larkspur-dev/larkspur/internal/retry"
)

// A runner keeps one connection alive, with its share of the channels. It has two links
// while Twitch moves it to a new connection.
type runner struct {
	c           *Client
	addr        address
	number      int
	credentials *credentials
	stop        chan struct{} // closed when the runner is not needed any more

	logins []string  // guarded by roster.mu; its channels
	idle   time.Time // guarded by roster.mu; since when it has none

	// Of the goroutine of run.
	backoff retry.Backoff // between attempts that fail for other reasons than the token
	turn    bool          // whether it has the turn to log in
	token   string        // of the latest login
	up      chan struct{} // closed when the latest login succeeded
	old     *link         // serves until the new one is ready
	since   time.Time     // when the latest login succeeded
	hasty   int           // connections in a row that were told to reconnect soon after their login

	mu        sync.Mutex
	connected time.Time // guarded by mu; zero while there is no connection
	err       error     // guarded by mu; why the latest connection or attempt failed
	failed    time.Time // guarded by mu; when that was
	losses    int       // guarded by mu; connections and attempts that failed
}

func newRunner(c *Client, addr address, creds *credentials, number int) *runner {
	return &runner{
		c: c, addr: addr, number: number, credentials: creds, stop: make(chan struct{}),
		backoff: retry.Backoff{Min: time.Second, Max: 2 * time.Minute, Healthy: 30 * time.Second, Floor: 500 * time.Millisecond},
	}
}

// run stays connected until ctx ends or the runner is stopped. It returns an error if no
// login is possible any more. Handlers get ctx, which a stopped runner does not end.
func (r *runner) run(ctx context.Context) error {
	own, cancel := context.WithCancel(ctx)
	defer cancel()
	var watch sync.WaitGroup
	defer watch.Wait()
	watch.Go(func() {
		select {
		case <-r.stop:
			cancel()
		case <-own.Done():
		}
	})
	defer cancel()
	defer r.leave()
	defer r.retire()
	for own.Err() == nil {
		if final := r.enter(own); final != nil {
			return r.lost(final)
		}
		if own.Err() != nil {
			break
		}
		r.tell(ctx, State{Kind: Connecting})
		l, err := r.connect(ctx, own)
		if err == nil {
			err = r.attend(own, l)
		}
		if own.Err() != nil {
			continue
		}
		if errors.Is(err, errMoved) {
			r.moved(own)
			continue
		}
		if final := r.recover(ctx, own, err); final != nil {
			return r.lost(final)
		}
	}
	return nil
}

// lost returns the error of Run. It keeps the turn for ever: no other connection is to log in.
func (r *runner) lost(final error) error {
	r.turn = false
	return &LoginError{Login: r.c.login(), Err: final}
}

// enter waits until this connection may log in. If it gets the turn after a token was
// refused, it looks for another one first.
func (r *runner) enter(own context.Context) (final error) {
	if r.turn {
		return nil
	}
	turn, err := r.credentials.enter(own)
	if r.turn = turn; err != nil || !turn || !r.credentials.areRefused() {
		return nil
	}
	ready, wait, final := r.credentials.look(own, time.Now())
	if final != nil {
		return unlessEnded(own, final)
	}
	return r.await(own, ready, wait)
}

// leave lets others log in.
func (r *runner) leave() {
	if r.turn {
		r.turn = false
		r.credentials.leave()
	}
}

// accepted records that Twitch accepted the login.
func (r *runner) accepted() {
	r.since = time.Now()
	r.backoff.Up(r.since)
	r.credentials.accepted(r.token)
	r.leave()
}

// share returns the channels of this connection.
func (r *runner) share() []string { return r.c.roster.share(r) }

// tell records and reports a change of state of this connection.
func (r *runner) tell(ctx context.Context, st State) {
	st.Connection = r.number
	r.mu.Lock()
	switch st.Kind {
	case Connected:
		r.connected = time.Now()
	case Disconnected:
		r.connected, r.err, r.failed = time.Time{}, st.Err, time.Now()
		r.losses++
	default:
	}
	r.mu.Unlock()
	if st.Kind == Connected {
		r.c.roster.loggedIn()
	}
	r.c.tell(ctx, st)
}
