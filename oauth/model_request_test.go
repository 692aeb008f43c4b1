package oauth_test

import (
	"context"
	"net/http"
	"sync"
	"time"

	"github.com/larkspur-dev/larkspur/oauth"
)

// A modelCall is one call of a Manager. It travels in the ctx, so that what is done
// for it far away is known to be.
type modelCall struct {
	kind   string // "token", "add" …
	userID string
	adds   int           // of that user before
	stale  string        // what Twitch has refused, of a "renew"
	life   time.Duration // that is wanted, of a "fresh"

	mu       sync.Mutex
	requests int  // guarded by mu
	refused  bool // guarded by mu; Twitch said that the refresh token is dead
}

type modelCallKey struct{}

// callOf returns the call that ctx belongs to.
func callOf(ctx context.Context) *modelCall {
	if c, ok := ctx.Value(modelCallKey{}).(*modelCall); ok {
		return c
	}
	return &modelCall{kind: "unknown"}
}

// A watch is what one process has to do with one refresh token.
type watch struct {
	flying *modelCall
	failed time.Time // when it last got no good answer
}

// departs is called when a request leaves p; token is the refresh token in it, if any.
func (p *modelProcess) departs(c *modelCall, token string) {
	c.mu.Lock()
	c.requests++
	c.mu.Unlock()
	if token == "" {
		return
	}
	fate := p.w.twitch.fate(token)
	isNew := p.w.disk.isNew(token)
	if r := fate.taken; r != nil && r.by != nil && p.w.disk.hasHeld(r.successor) && !isNew {
		p.w.broken("%s was sent again by %s, though its answer was on the disk", token, c.kind)
	}
	if p.w.disk.gaveUp(token) && !isNew {
		p.w.broken("%s was sent again by %s, though it was known to be refused", token, c.kind)
	}
	if now, _ := p.w.disk.get(c.userID); string(now.RefreshToken) == token && c.needless(now) && !p.w.disk.wasMoved() {
		p.w.broken("%s was sent by %s, though %s serves", token, c.kind, string(now.AccessToken))
	}
	p.w.mu.Lock()
	defer p.w.mu.Unlock()
	for _, other := range p.w.processes {
		for flying, seen := range other.watches {
			if seen.flying == nil || other.dead() || p.w.twitch.fate(flying).userID != fate.userID {
				continue
			}
			if flying == token || !isNew && !p.w.disk.isNew(flying) {
				p.w.brokenLocked("%s was sent by %s while %s was on its way for the same user", token, c.kind, flying)
			}
		}
	}
	seen := p.watch(token)
	if since := time.Since(seen.failed); since < time.Second && !isNew {
		p.w.brokenLocked("%s was sent again by %s %v after a failure", token, c.kind, since)
	}
	seen.flying = c
}

// needless reports whether the token in the store is all that c needs.
func (c *modelCall) needless(t oauth.Token) bool {
	switch c.kind {
	case "token", "fresh":
		return !t.Expired(time.Now().Add(c.life))
	case "renew":
		return c.stale != string(t.AccessToken) && !t.Expired(time.Now())
	}
	return false
}

// watch returns what p has to do with a token. w.mu is held.
func (p *modelProcess) watch(token string) *watch {
	if p.watches[token] == nil {
		p.watches[token] = &watch{}
	}
	return p.watches[token]
}

// lands is called when p has an answer, or none.
func (p *modelProcess) lands(c *modelCall, token string, by *modelRequest, res *http.Response, fault wireFault, err error) {
	if token == "" {
		return
	}
	good := err == nil && res.StatusCode == http.StatusOK && fault == wireFine
	p.w.mu.Lock()
	seen := p.watch(token)
	seen.flying, seen.failed = nil, time.Time{}
	if !good {
		seen.failed = time.Now()
	}
	p.w.mu.Unlock()
	if err != nil {
		return
	}
	if good {
		p.w.twitch.set(func(*modelTwitch) { by.arrived = time.Now() })
	}
	if fault == wireFine && !good && p.w.twitch.fate(token).dead() {
		p.w.twitch.set(func(tw *modelTwitch) { tw.refresh[token].refused = true })
		c.mu.Lock()
		c.refused = true
		c.mu.Unlock()
	}
}
