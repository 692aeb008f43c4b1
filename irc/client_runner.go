package irc

import (
	"context"
	"errors"
	"math/rand/v2"
	"slices"
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

// moved waits before a connection is replaced that was told to reconnect, if that also
// happened to the one before, both soon after their login: a server that keeps asking must
// not cause a storm of logins.
func (r *runner) moved(own context.Context) {
	now := time.Now()
	if r.hasty++; now.Sub(r.since) >= r.backoff.Healthy {
		r.hasty = 0
	}
	r.backoff.Down(now)
	if r.hasty < 2 {
		return
	}
	if !r.credentials.areRefused() {
		r.leave()
	}
	_ = retry.Sleep(own, r.backoff.Next())
}

// recover waits until another attempt makes sense after err. It returns an error if none
// does.
func (r *runner) recover(ctx, own context.Context, err error) (final error) {
	now := time.Now()
	r.backoff.Down(now)
	if !needsToken(err) {
		wait := r.backoff.Next()
		if r.c.roster.othersUp(r) {
			wait = min(wait, alone()) // chat can be reached
		}
		r.tell(ctx, State{Kind: Disconnected, Err: err, RetryIn: wait})
		if !r.credentials.areRefused() {
			r.leave()
		}
		return r.sleep(own, wait)
	}
	refused := errors.Is(err, ErrLoginFailed)
	if refused {
		r.credentials.reject(r.token, isSure(err), r.turn, now)
	}
	if !r.turn { // it waits until it has, or another connection has found a token
		wait := time.Second + rand.N(time.Second) // also if that is at once: no busy loop
		r.tell(ctx, State{Kind: Disconnected, Err: err, RetryIn: wait})
		_ = retry.Sleep(own, wait)
		return nil
	}
	ready, wait, final := r.credentials.look(own, now)
	if final != nil && own.Err() == nil {
		r.tell(ctx, State{Kind: Disconnected, Err: err})
		return final
	}
	if ready && !refused {
		// Options.Token failed and succeeded at once: a function that keeps doing so must
		// not become a busy loop.
		ready, wait = false, time.Second
	}
	r.tell(ctx, State{Kind: Disconnected, Err: err, RetryIn: wait})
	return r.await(own, ready, wait)
}

// await waits until there is a token to log in with.
func (r *runner) await(own context.Context, ready bool, wait time.Duration) (final error) {
	for !ready && retry.Sleep(own, wait) == nil {
		if ready, wait, final = r.credentials.look(own, time.Now()); final != nil {
			return unlessEnded(own, final)
		}
	}
	return nil
}

// sleep waits for d. If Twitch refused the latest token, sleep returns early when
// there is another.
func (r *runner) sleep(own context.Context, d time.Duration) (final error) {
	end := time.Now().Add(d)
	for r.turn && r.credentials.areRefused() && time.Until(end) > tokenPoll {
		if retry.Sleep(own, tokenPoll) != nil {
			return nil
		}
		ready, _, final := r.credentials.look(own, time.Now())
		if final != nil {
			return unlessEnded(own, final)
		}
		if ready {
			return nil
		}
	}
	r.sleepAlone(own, end)
	return nil
}

// sleepAlone waits until end. When another connection logs in, chat can be reached, and the
// wait is shortened.
func (r *runner) sleepAlone(own context.Context, end time.Time) {
	back := r.c.roster.nextLogin()
	if !r.c.roster.othersUp(r) {
		timer := time.NewTimer(retry.Positive(time.Until(end)))
		defer timer.Stop()
		select {
		case <-back:
		case <-timer.C:
			return
		case <-own.Done():
			return
		}
	}
	_ = retry.Sleep(own, min(time.Until(end), alone()))
}

// alone returns how long a connection that fails waits at most while others serve.
func alone() time.Duration { return 5*time.Second + rand.N(10*time.Second) }

// unlessEnded drops an error of a call that was cancelled.
func unlessEnded(ctx context.Context, err error) error {
	if ctx.Err() != nil {
		return nil
	}
	return err
}

// isSure reports whether a refusal leaves no doubt that the token is to blame.
func isSure(err error) bool {
	r, ok := errors.AsType[*refusal](err)
	return ok && r.sure
}

// connect dials and starts a link.
func (r *runner) connect(ctx, own context.Context) (*link, error) {
	token, err := r.credentials.take(own)
	if err != nil {
		return nil, err
	}
	r.token = token
	login, err := r.c.names.of(own, token)
	if err != nil {
		return nil, err
	}
	if err := r.c.logins.Wait(own); err != nil {
		return nil, err
	}
	w, err := r.addr.dial(own, &r.c.o)
	if err != nil {
		return nil, err
	}
	caps := "twitch.tv/tags twitch.tv/commands"
	if r.c.o.Membership {
		caps += " twitch.tv/membership"
	}
	l := newLink(r, w, session{login: login, token: token, caps: caps, joins: r.c.joins, roster: r.c.roster})
	r.up = l.up
	if r.old != nil {
		l.hold.before, l.s.old = r.old.done, r.old.done
	}
	r.c.setLinks(func(links []*link) []*link { return append(links, l) })
	go l.run(ctx)
	return l, nil
}

// attend serves a link until it ends. It returns errMoved when the link was told to
// reconnect: then it has become the old one, or was closed if the old one still serves.
func (r *runner) attend(own context.Context, l *link) error {
	ready, up := l.ready, r.up
	for {
		var oldDone <-chan struct{}
		if r.old != nil {
			oldDone = r.old.done
		}
		select {
		case <-up:
			up = nil
			r.accepted()
		case <-ready:
			ready = nil
			r.retire()
		case <-l.moving:
			if up != nil && l.isUp() {
				r.accepted()
			}
			if r.old != nil && (isClosed(r.old.done) || isClosed(l.ready)) {
				r.retire()
			}
			if r.old != nil { // it still serves more channels than the new one
				l.w.close()
				<-l.done
				r.c.drop(l)
				return errMoved
			}
			r.old = l
			r.c.seen.start()
			return errMoved
		case <-oldDone:
			r.retire()
		case <-l.done:
			r.c.drop(l)
			if up != nil && l.login {
				r.accepted()
			}
			return l.err
		case <-own.Done():
			l.w.close()
			<-l.done
			r.c.drop(l)
			return context.Cause(own)
		}
	}
}

// retire ends the old link.
func (r *runner) retire() {
	if r.old == nil {
		return
	}
	r.old.w.close()
	<-r.old.done
	r.c.drop(r.old)
	r.old = nil
	r.c.seen.stopSoon(time.Now())
}

// setLinks changes the list of connections.
func (c *Client) setLinks(edit func([]*link) []*link) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.links = edit(slices.Clone(c.links))
}

// drop forgets a link that has ended.
func (c *Client) drop(l *link) {
	c.setLinks(func(links []*link) []*link {
		return slices.DeleteFunc(links, func(other *link) bool { return other == l })
	})
	l.s.leave(time.Now())
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
