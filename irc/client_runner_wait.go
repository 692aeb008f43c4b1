package irc

import (
	"context"
	"errors"
	"math/rand/v2"
	"time"

	"github.com/larkspur-dev/larkspur/internal/retry"
)

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
	} else {
		r.credentials.doubt()
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
