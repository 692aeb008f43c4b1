package oauth_test

import (
	"context"
	"net/http"
	"sync"
	"time"

	"github.com/larkspur-dev/larkspur/oauth"
)

// A modelCall is one call of a Manager. It is a value of the ctx, so that requests and
// writes can be assigned to it.
type modelCall struct {
	kind   string // "token", "add" …
	userID string
	adds   int           // tokens that were added for that user before
	stale  string        // of a "renew": the token that Twitch refused
	life   time.Duration // of a "fresh": the requested lifetime

	mu       sync.Mutex
	requests int  // guarded by mu
	refused  bool // guarded by mu; Twitch refused the refresh token
}

type modelCallKey struct{}

// callOf returns the call that ctx belongs to.
func callOf(ctx context.Context) *modelCall {
	if c, ok := ctx.Value(modelCallKey{}).(*modelCall); ok {
		return c
	}
	return &modelCall{kind: "unknown"}
}

// A watch records the use of one refresh token by one process.
type watch struct {
	flying *modelCall
	failed time.Time // time of the last failed response
}

// requestSent is called when p sends a request; token is the refresh token in it, if any.
func (p *modelProcess) requestSent(c *modelCall, token string) {
	c.mu.Lock()
	c.requests++
	c.mu.Unlock()
	if token == "" {
		return
	}
	fate := p.w.twitch.fate(token)
	isNew := p.w.disk.isNew(token)
	if r := fate.taken; r != nil && r.by != nil && p.w.disk.hasHeld(r.successor) && !isNew {
		p.w.fail("%s was sent again by %s, though its answer was on the disk", token, c.kind)
	}
	if p.w.disk.isLost(token) && !isNew {
		p.w.fail("%s was sent again by %s, though it was known to be refused", token, c.kind)
	}
	if now, _ := p.w.disk.get(c.userID); string(now.RefreshToken) == token && c.needless(now) && !p.w.disk.wasMoved() {
		p.w.fail("%s was sent by %s, though %s serves", token, c.kind, string(now.AccessToken))
	}
	p.w.mu.Lock()
	defer p.w.mu.Unlock()
	for _, other := range p.w.processes {
		for flying, seen := range other.watches {
			if seen.flying == nil || other.dead() || p.w.twitch.fate(flying).userID != fate.userID {
				continue
			}
			if flying == token || !isNew && !p.w.disk.isNew(flying) {
				p.w.failLocked("%s was sent by %s while %s was on its way for the same user", token, c.kind, flying)
			}
		}
	}
	seen := p.watch(token)
	if since := time.Since(seen.failed); since < time.Second && !isNew {
		p.w.failLocked("%s was sent again by %s %v after a failure", token, c.kind, since)
	}
	seen.flying = c
}

// needless reports whether c needs no request because the token in the store suffices.
func (c *modelCall) needless(t oauth.Token) bool {
	switch c.kind {
	case "token", "fresh":
		return !t.Expired(time.Now().Add(c.life))
	case "renew":
		return c.stale != string(t.AccessToken) && !t.Expired(time.Now())
	}
	return false
}

// watch returns p's watch for a token. The caller holds w.mu.
func (p *modelProcess) watch(token string) *watch {
	if p.watches[token] == nil {
		p.watches[token] = &watch{}
	}
	return p.watches[token]
}

// responseReceived is called when a request of p ends, with or without a response.
func (p *modelProcess) responseReceived(c *modelCall, token string, by *modelRequest, res *http.Response, fault wireFault, err error) {
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
