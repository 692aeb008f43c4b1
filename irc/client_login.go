package irc

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"time"

	"github.com/larkspur-dev/larkspur/internal/retry"
)

// tokenPoll is how often the client asks for a token while it has none that Twitch
// accepts: a login that is repaired by another program must not wait for a backoff.
const tokenPoll = 5 * time.Second

// maxRefused bounds how many refused tokens a client remembers.
const maxRefused = 16

// errBadToken is returned for a token that would end the line it is sent in.
var errBadToken = errors.New("it contains white space or a line end")

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

// credentials decide which token the next login uses. They belong to the goroutine
// of Run.
type credentials struct {
	o       *Options
	next    string   // token to log in with if Options.Token has no new one
	used    string   // token of the latest login
	refused []string // tokens that Twitch refused since the last success, the latest last

	renewAt time.Time // RenewToken is not called before
	retryAt time.Time // a refused token is not tried again before
	lastErr string    // of a renewal; the same one is not logged twice

	afterRefusal retry.Backoff // between renewals whose tokens Twitch refuses
	afterError   retry.Backoff // between renewals that fail without an answer
	afterFinal   retry.Backoff // between renewals that are refused for good
	again        retry.Backoff // between logins with a token that was refused before
}

func newCredentials(o *Options) credentials {
	slow := retry.Backoff{Min: time.Minute, Max: 10 * time.Minute, Floor: 30 * time.Second}
	return credentials{
		o: o, afterFinal: slow, again: slow,
		afterRefusal: retry.Backoff{Min: 5 * time.Second, Max: 10 * time.Minute, Floor: time.Second},
		afterError:   retry.Backoff{Min: time.Second, Max: 8 * time.Second, Floor: 500 * time.Millisecond},
	}
}

// take returns the token for the next login, "" for an anonymous one.
func (c *credentials) take(ctx context.Context) (string, error) {
	if c.o.Token == nil {
		return "", nil
	}
	token, err := c.o.Token(ctx)
	switch {
	case err == nil && (c.next == "" || c.isNew(token)):
		c.used = bare(token)
	case c.next != "":
		c.used = c.next
	default:
		return "", &tokenError{err}
	}
	if !isToken(c.used) {
		return "", &tokenError{errBadToken}
	}
	return c.used, nil
}

// areRefused reports whether Twitch refused the latest token.
func (c *credentials) areRefused() bool { return len(c.refused) > 0 }

// accepted records that Twitch accepted the token.
func (c *credentials) accepted() {
	c.next, c.refused, c.lastErr = "", nil, ""
	c.renewAt, c.retryAt = time.Time{}, time.Time{}
	for _, b := range []*retry.Backoff{&c.afterRefusal, &c.afterError, &c.afterFinal, &c.again} {
		b.Reset()
	}
}

// reject records that Twitch refused the token of the latest login.
func (c *credentials) reject(now time.Time) {
	c.next = ""
	if !slices.Contains(c.refused, c.used) {
		if len(c.refused) >= maxRefused {
			c.refused = slices.Delete(c.refused, 0, 1)
		}
		c.refused = append(c.refused, c.used)
	}
	if !now.Before(c.retryAt) {
		c.retryAt = now.Add(c.again.Next())
	}
}

// look looks for a token to log in with. If there is none yet, it returns how long
// to wait before the next look.
func (c *credentials) look(ctx context.Context, now time.Time) (ready bool, wait time.Duration) {
	if c.o.Token == nil { // an anonymous login was refused, which no token can change
		return !now.Before(c.retryAt), c.retryAt.Sub(now)
	}
	stored, err := c.o.Token(ctx)
	if err == nil && c.isNew(stored) {
		c.next = bare(stored)
		return true, 0
	}
	if c.renews(ctx, now) {
		return true, 0
	}
	if len(c.refused) > 0 && !now.Before(c.retryAt) {
		c.retryAt = now.Add(c.again.Next())
		if c.next = c.used; err == nil {
			c.next = bare(stored)
		}
		return true, 0
	}
	return false, c.pause(now)
}

// renews asks for a new token if that is due, and reports whether there is one.
func (c *credentials) renews(ctx context.Context, now time.Time) bool {
	if c.o.RenewToken == nil || len(c.refused) == 0 || now.Before(c.renewAt) {
		return false
	}
	token, err := c.o.RenewToken(ctx, c.used)
	switch {
	case err == nil && c.isNew(token):
		c.next, c.lastErr = bare(token), ""
		c.renewAt = now.Add(c.afterRefusal.Next())
		return true
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
	return false
}

// isNew reports whether Twitch has not refused the token yet.
func (c *credentials) isNew(token string) bool {
	return token != "" && isToken(token) && !slices.Contains(c.refused, bare(token))
}

// isToken reports whether a token can be sent in one line.
func isToken(token string) bool { return !strings.ContainsAny(token, " \r\n\x00") }

// pause is at most tokenPoll, with a jitter for many clients that lost one token.
func (c *credentials) pause(now time.Time) time.Duration {
	wait := tokenPoll - time.Second + rand.N(2*time.Second)
	for _, at := range []time.Time{c.renewAt, c.retryAt} {
		if d := at.Sub(now); d > 0 {
			wait = min(wait, d)
		}
	}
	return wait
}

func bare(token string) string { return strings.TrimPrefix(token, "oauth:") }
