package irc

import (
	"context"
	"math/rand/v2"
	"slices"
	"time"
)

// look looks for a token to log in with. If there is none yet, it returns how long to wait
// before the next look, or why there will not be any. The caller has the turn.
func (c *credentials) look(ctx context.Context, now time.Time) (ready bool, wait time.Duration, final error) {
	if c.o.Token == nil { // an anonymous login was refused, which no token can change
		c.mu.Lock()
		defer c.mu.Unlock()
		return !now.Before(c.retryAt), c.retryAt.Sub(now), nil
	}
	stored, err := c.o.Token(ctx)
	if err == nil && c.offer(stored) {
		return true, 0, nil
	}
	if c.isFinal(err) {
		return false, 0, err
	}
	renewed, err2 := c.renews(ctx, now)
	if renewed {
		return true, 0, nil
	}
	if c.isFinal(err2) {
		return false, 0, err2
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.givesUp() && c.refusals >= maxRefusals {
		return false, 0, ErrLoginFailed
	}
	if c.rejected && !now.Before(c.retryAt) {
		c.retryAt = now.Add(c.tryAgain())
		if err == nil {
			c.next = bare(stored)
		} else if len(c.refused) > 0 {
			c.next = c.refused[len(c.refused)-1]
		}
		return true, 0, nil
	}
	return false, c.pause(now), nil
}

// isFinal reports whether Run ends with an error of Token or RenewToken.
func (c *credentials) isFinal(err error) bool { return !c.o.WaitForLogin && loginRequired(err) }

// offer has the next login use the token, unless Twitch refused it.
func (c *credentials) offer(token string) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	if !c.isNew(token) {
		return false
	}
	c.next = bare(token)
	return true
}

// renews asks for a new token if that is due, and reports whether there is one.
func (c *credentials) renews(ctx context.Context, now time.Time) (bool, error) {
	c.mu.Lock()
	due := c.o.RenewToken != nil && c.rejected && len(c.refused) > 0 && !now.Before(c.renewAt)
	stale := ""
	if due {
		stale = c.refused[len(c.refused)-1]
	}
	c.mu.Unlock()
	if !due {
		return false, nil
	}
	token, err := c.o.RenewToken(ctx, stale)
	c.mu.Lock()
	defer c.mu.Unlock()
	switch {
	case err == nil && c.isNew(token):
		c.next, c.lastErr = bare(token), ""
		c.renewAt = now.Add(c.afterRefusal.Next())
		return true, nil
	case err == nil: // its issuer considers the token valid
		c.renewAt = now.Add(c.afterFinal.Next())
	case loginRequired(err):
		c.renewAt = now.Add(c.afterFinal.Next())
	default:
		c.renewAt = now.Add(c.afterError.Next())
	}
	if err != nil && err.Error() != c.lastErr {
		c.lastErr = err.Error()
		c.o.Logger.WarnContext(ctx, "chat token not renewed", "error", err)
	}
	return false, err
}

// isNew reports whether Twitch has not refused the token yet. The caller holds mu.
func (c *credentials) isNew(token string) bool {
	return bare(token) != "" && isToken(token) && !slices.Contains(c.refused, bare(token))
}

// pause is at most tokenPoll, with a jitter for many clients that lost one token. The caller
// holds mu.
func (c *credentials) pause(now time.Time) time.Duration {
	wait := tokenPoll - time.Second + rand.N(2*time.Second)
	for _, at := range []time.Time{c.renewAt, c.retryAt} {
		if d := at.Sub(now); d > 0 {
			wait = min(wait, d)
		}
	}
	return wait
}
