package irc

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/larkspur-dev/larkspur/internal/retry"
)

const (
	// tokenPoll is how often the client asks for a token while it has none that Twitch
	// accepts: a login that is repaired by another program must not wait for a backoff.
	tokenPoll = 5 * time.Second
	// maxRefused bounds how many refused tokens a client remembers.
	maxRefused = 16
	// maxRefusals is how often Twitch refuses a token that cannot be renewed before Run ends.
	maxRefusals = 3
)

// credentials decide which token a login uses. All connections of a client share them: while
// it is not known whether Twitch accepts the token, one connection at a time logs in, and
// only that one asks for tokens.
type credentials struct {
	o    *Options
	turn chan struct{} // full while a connection has the turn to log in

	mu       sync.Mutex
	good     bool          // guarded by mu; Twitch accepted the latest login
	changed  chan struct{} // guarded by mu; closed when good becomes true
	next     string        // guarded by mu; token to log in with if Options.Token has no new one
	refused  []string      // guarded by mu; tokens that Twitch refused, the latest last
	rejected bool          // guarded by mu; Twitch refused the latest login
	refusals int           // guarded by mu; in a row, that leave no doubt

	renewAt time.Time // guarded by mu; RenewToken is not called before
	retryAt time.Time // guarded by mu; a refused token is not tried again before
	lastErr string    // guarded by mu; of a renewal; the same one is not logged twice

	afterRefusal retry.Backoff // guarded by mu; between renewals whose tokens Twitch refuses
	afterError   retry.Backoff // guarded by mu; between renewals that fail without an answer
	afterFinal   retry.Backoff // guarded by mu; between renewals that are refused for good
	again        retry.Backoff // guarded by mu; between logins with a token that was refused before
	soon         retry.Backoff // guarded by mu; likewise, if the third refusal ends Run
}

func newCredentials(o *Options) *credentials {
	slow := retry.Backoff{Min: time.Minute, Max: 10 * time.Minute, Floor: 30 * time.Second}
	return &credentials{
		o: o, turn: make(chan struct{}, 1), changed: make(chan struct{}), afterFinal: slow, again: slow,
		afterRefusal: retry.Backoff{Min: 5 * time.Second, Max: 10 * time.Minute, Floor: time.Second},
		afterError:   retry.Backoff{Min: time.Second, Max: 8 * time.Second, Floor: 500 * time.Millisecond},
		soon:         retry.Backoff{Min: 15 * time.Second, Max: 15 * time.Second, Floor: 10 * time.Second},
	}
}

// enter waits until the caller may log in. If turn is true, the caller has the turn and must
// call leave.
func (c *credentials) enter(ctx context.Context) (turn bool, err error) {
	for {
		c.mu.Lock()
		good, changed := c.good, c.changed
		c.mu.Unlock()
		if good {
			return false, nil
		}
		select {
		case c.turn <- struct{}{}:
			if c.isGood() {
				c.leave()
				return false, nil
			}
			return true, nil
		case <-changed:
		case <-ctx.Done():
			return false, context.Cause(ctx)
		}
	}
}

// leave gives the turn back.
func (c *credentials) leave() { <-c.turn }

func (c *credentials) isGood() bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.good
}

// take returns the token for a login, "" for an anonymous one.
func (c *credentials) take(ctx context.Context) (string, error) {
	if c.o.Token == nil {
		return "", nil
	}
	stored, err := c.o.Token(ctx)
	c.mu.Lock()
	defer c.mu.Unlock()
	token := bare(stored)
	switch {
	case err == nil && (c.next == "" || c.isNew(stored)):
	case c.next != "" && !loginRequired(err):
		token = c.next
	default:
		return "", &tokenError{err}
	}
	switch {
	case token == "": // which would be an anonymous login
		return "", &tokenError{errNoToken}
	case !isToken(token):
		return "", &tokenError{errBadToken}
	}
	return token, nil
}

// areRefused reports whether Twitch refused the latest login.
func (c *credentials) areRefused() bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.rejected
}

// accepted records that Twitch accepted a token.
func (c *credentials) accepted(token string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.next, c.lastErr = token, ""
	c.refused = slices.DeleteFunc(c.refused, func(t string) bool { return t == token })
	c.rejected, c.refusals = false, 0
	c.renewAt, c.retryAt = time.Time{}, time.Time{}
	for _, b := range []*retry.Backoff{&c.afterRefusal, &c.afterError, &c.afterFinal, &c.again, &c.soon} {
		b.Reset()
	}
	if !c.good {
		c.good = true
		close(c.changed)
	}
}

// reject records that Twitch refused a token. Other connections that logged in with it at the
// same time find out the same, which does not count again.
func (c *credentials) reject(token string, sure, turn bool, now time.Time) {
	c.mu.Lock()
	defer c.mu.Unlock()
	known := slices.Contains(c.refused, token)
	if !known {
		if len(c.refused) >= maxRefused {
			c.refused = slices.Delete(c.refused, 0, 1)
		}
		c.refused = append(c.refused, token)
	}
	if !turn && (known || !c.good) {
		return
	}
	if c.good {
		c.good, c.changed = false, make(chan struct{})
	}
	c.next, c.rejected = "", true
	if sure {
		c.refusals++
	} else {
		c.refusals = 0
	}
	if !now.Before(c.retryAt) {
		c.retryAt = now.Add(c.tryAgain())
	}
}

// doubt records that there was no token to log in with. The next login takes the turn, and with
// it the look for another token.
func (c *credentials) doubt() {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.good {
		c.good, c.changed = false, make(chan struct{})
	}
}

// tryAgain returns when a refused token is tried again. The caller holds mu.
func (c *credentials) tryAgain() time.Duration {
	if c.givesUp() && c.refusals > 0 {
		return c.soon.Next()
	}
	return c.again.Next()
}

// givesUp reports whether Run ends when Twitch keeps refusing the token.
func (c *credentials) givesUp() bool {
	return c.o.Token != nil && c.o.RenewToken == nil && !c.o.WaitForLogin
}

// isToken reports whether a token can be sent in one line.
func isToken(token string) bool { return !strings.ContainsAny(token, " \r\n\x00") }

func bare(token string) string { return strings.TrimPrefix(token, "oauth:") }

var (
	// errBadToken is returned for a token that would end the line it is sent in.
	errBadToken = errors.New("it contains white space or a line end")
	// errNoToken is returned for an empty token.
	errNoToken = errors.New("it is empty")
)

// A tokenError means that Options.Token gave no token: no login was attempted.
type tokenError struct{ err error }

func (e *tokenError) Error() string { return fmt.Sprintf("token: %v", e.err) }

func (e *tokenError) Unwrap() error { return e.err }

// needsToken reports whether err can only be resolved by another token.
func needsToken(err error) bool {
	_, missing := errors.AsType[*tokenError](err)
	return missing || errors.Is(err, ErrLoginFailed)
}

// loginRequired reports whether err says that a renewal is impossible until a person
// has logged in again, as errors of package oauth do. All other errors, of a network
// for example, say nothing about the token.
func loginRequired(err error) bool {
	var required interface{ LoginRequired() bool }
	return errors.As(err, &required) && required.LoginRequired()
}
