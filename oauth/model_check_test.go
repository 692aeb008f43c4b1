package oauth_test

import (
	"context"
	"errors"
	"strings"
	"time"

	"pgregory.net/rapid"

	"github.com/larkspur-dev/larkspur/oauth"
)

// saving is called before a token is written to the disk.
func (w *modelWorld) saving(c *modelCall, key string, t oauth.Token) {
	w.record("%s: stored under %s: %s, since %v, problem %q", c.kind, key, string(t.AccessToken), t.RefreshingSince, t.Problem)
	if !isUser(key) {
		return // a key for tokens of unknown users
	}
	old, there := w.disk.get(key)
	owner, number := w.twitch.ageOf(string(t.AccessToken))
	_, before := w.twitch.ageOf(string(old.AccessToken))
	switch {
	case owner != key:
		w.fail("%s stored the token of user %q under %s", c.kind, owner, key)
	case c.kind == "add" || c.kind == "round" && w.disk.wasBegun(t):
	case !there:
		w.fail("%s stored a token of user %s, who is removed", c.kind, key)
	case number < before:
		w.fail("%s stored token %d of user %s in place of %d", c.kind, number, key, before)
	}
	if t.Problem != "" && !w.twitch.fate(string(t.RefreshToken)).refused {
		w.fail("%s stored that user %s must log in (%s), though Twitch has not refused", c.kind, key, t.Problem)
	}
}

// deleting is called before the token under key is deleted.
func (w *modelWorld) deleting(c *modelCall, key string) {
	old, _ := w.disk.get(key)
	if c.kind == "logout" && c.adds == w.disk.addsOf(key) && w.twitch.valid(string(old.AccessToken)) {
		w.fail("logout of user %s left %s, which is still good", key, string(old.AccessToken))
	}
}

// mostRequests is the largest number of requests that one call may cause.
var mostRequests = map[string]int{"token": 2, "fresh": 2, "renew": 2, "add": 100, "remove": 0, "logout": 4, "round": 100}

// checkCall checks the result of a call.
func (w *modelWorld) checkCall(c *modelCall, token string, err error) {
	c.mu.Lock()
	requests, refused := c.requests, c.refused
	c.mu.Unlock()
	if most := mostRequests[c.kind]; requests > most {
		w.fail("%s made %d requests, want at most %d", c.kind, requests, most)
	}
	_, there := w.disk.get(c.userID)
	gives := c.kind == "token" || c.kind == "fresh" || c.kind == "renew"
	switch {
	case err == nil && gives:
		if owner, _ := w.twitch.ageOf(token); owner != c.userID {
			w.fail("%s gave a token of user %q, want one of %s", c.kind, owner, c.userID)
		}
		if !w.disk.hasHeld(token) {
			w.fail("%s gave %s, which was never on the disk", c.kind, token)
		}
	case gives && errors.Is(err, oauth.ErrRevoked):
		w.checkLoginError(c, err)
	case err == nil && (c.kind == "remove" || c.kind == "logout") && there && c.adds == w.disk.addsOf(c.userID):
		w.fail("after %s of user %s there is still a token", c.kind, c.userID)
	case errors.Is(err, errModelStore), errors.Is(err, context.DeadlineExceeded): // allowed as long as the store does not respond
	case gives && refused && c.adds == w.disk.addsOf(c.userID):
		w.fail("%s gave %v after Twitch refused, want a LoginError", c.kind, err)
	}
}

func (w *modelWorld) checkLoginError(c *modelCall, err error) {
	login, ok := errors.AsType[*oauth.LoginError](err)
	if !ok || login.Reason == "" || login.UserID != c.userID || !strings.Contains(err.Error(), "must log in") {
		w.fail("%s gave %v, want a LoginError with a reason, for user %s", c.kind, err, c.userID)
	}
	if !w.twitch.refusedAny(c.userID) {
		w.fail("%s gave %v, though Twitch has refused nothing", c.kind, err)
	}
}

// settle ends all faults and requests each user's token.
func (w *modelWorld) settle(t *rapid.T) {
	w.calm()
	w.calls.Wait()
	time.Sleep(w.twitch.life + time.Hour) // longer than any backoff, and until only refresh tokens are still valid
	for round := range 2 {                // in the first round, a token may still be in the memory of another process
		for _, user := range []string{"1", "2"} {
			for _, p := range w.alive() {
				token, err := p.use(user)
				if round > 0 {
					w.checkUser(user, token, err)
				}
				w.check(t)
			}
		}
	}
}

// use requests a user's token from p, as a program does.
func (p *modelProcess) use(user string) (token string, err error) {
	c := &modelCall{kind: "token", userID: user}
	token, err = p.m.Token(context.WithValue(p.ctx, modelCallKey{}, c), user)
	p.w.checkCall(c, token, err)
	for range 2 { // the first may have been stale in this process only
		if err == nil && !p.w.twitch.valid(token) { // 401
			c = &modelCall{kind: "renew", userID: user, stale: token}
			token, err = p.m.Renew(context.WithValue(p.ctx, modelCallKey{}, c), user, token)
			p.w.checkCall(c, token, err)
		}
	}
	return token, err
}

// checkUser checks the final result of a program.
func (w *modelWorld) checkUser(user, token string, err error) {
	kept, there := w.disk.get(user)
	switch {
	case err == nil && !w.twitch.valid(token):
		w.fail("got %s for user %s, which Twitch does not accept", token, user)
	case err == nil:
	case errors.Is(err, oauth.ErrNoToken) && !there:
	case !errors.Is(err, oauth.ErrRevoked):
		w.fail("got %v for user %s though all troubles have ended", err, user)
	default:
		w.checkLoss(user, kept, err)
	}
}

// checkLoss checks that a lost token could not be kept, and that the error is true.
func (w *modelWorld) checkLoss(user string, kept oauth.Token, err error) {
	fate := w.twitch.fate(string(kept.RefreshToken))
	switch taken := fate.taken; {
	case kept.Problem == "" || !strings.Contains(err.Error(), kept.Problem):
		w.fail("got %v for user %s, with %q in the store", err, user, kept.Problem)
	case !fate.dead():
		w.fail("got %v for user %s though %s is good", err, user, kept.RefreshToken)
	case fate.revoked || taken.by == nil:
	case !strings.Contains(err.Error(), "a renewal begun at"):
		w.fail("got %v for user %s, want an error that says the response was lost", err, user)
	case !taken.arrived.IsZero() && !w.explained(taken):
		w.fail("got %v for user %s though the answer with %s had arrived", err, user, taken.successor)
	}
}

// explained reports whether the response to a request could be lost after it arrived.
func (w *modelWorld) explained(taken *modelRequest) bool {
	p := taken.by
	w.mu.Lock()
	defer w.mu.Unlock()
	return p.dead() && !p.left && (p.refused || p.diedAt.Sub(taken.arrived) < 5*time.Second)
}
