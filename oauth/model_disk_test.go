package oauth_test

import (
	"sync"
	"time"

	"github.com/larkspur-dev/larkspur/oauth"
)

// modelDisk is what the processes share, with the locks.
type modelDisk struct {
	writing sync.Mutex // held while somebody reads and writes in one go

	mu      sync.Mutex
	tokens  map[string]oauth.Token
	held    map[string]bool // every access and refresh token that was ever on it
	lost    map[string]bool // refresh tokens that were stored with a Problem
	begun   map[string]bool // access tokens that were stored before it was known whose they are
	again   map[string]bool // refresh tokens of such that were found later by Run
	adds    map[string]int  // tokens that were added, by key
	holders map[string]*modelProcess
	busy    int  // slow operations under way
	moved   bool // our clock was wrong once: memory and disk differ in times
}

func isUser(key string) bool { return key == "1" || key == "2" }

func (d *modelDisk) get(key string) (oauth.Token, bool) {
	d.mu.Lock()
	defer d.mu.Unlock()
	t, ok := d.tokens[key]
	return t, ok
}

// put is somebody's Save that works.
func (d *modelDisk) put(kind, key string, t oauth.Token) {
	d.mu.Lock()
	defer d.mu.Unlock()
	switch begun := d.begun[string(t.AccessToken)]; {
	case !isUser(key):
		d.begun[string(t.AccessToken)] = true
	case kind == "add":
		d.adds[key]++
	case kind == "round" && begun && string(d.tokens[key].AccessToken) != string(t.AccessToken):
		d.adds[key]++
		d.again[string(t.RefreshToken)] = true
	}
	d.tokens[key] = t
	d.held[string(t.AccessToken)], d.held[string(t.RefreshToken)] = true, true
	if t.Problem != "" {
		d.lost[string(t.RefreshToken)] = true
	}
}

// isNew reports whether a refresh token is that of a login that is not finished, or
// whose first record was left behind and found later. Such a record is left by a crash,
// or by a store that did what it said it could not do; its token is tried once more.
func (d *modelDisk) isNew(refresh string) bool {
	d.mu.Lock()
	defer d.mu.Unlock()
	for key, t := range d.tokens {
		if !isUser(key) && string(t.RefreshToken) == refresh {
			return true
		}
	}
	return d.again[refresh]
}

// wasBegun reports whether t was stored before it was known whose it is.
func (d *modelDisk) wasBegun(t oauth.Token) bool {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.begun[string(t.AccessToken)]
}

func (d *modelDisk) addsOf(userID string) int {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.adds[userID]
}

func (d *modelDisk) hasHeld(token string) bool {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.held[token]
}

func (d *modelDisk) gaveUp(refresh string) bool {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.lost[refresh]
}

// move moves our clock by as much as all times on the disk seem to go the other way.
func (d *modelDisk) move(by time.Duration) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.moved = d.moved || by != 0
	for key, t := range d.tokens {
		for _, at := range []*time.Time{&t.ExpiresAt, &t.ValidatedAt, &t.RefreshingSince} {
			if !at.IsZero() {
				*at = at.Add(by)
			}
		}
		d.tokens[key] = t
	}
}

func (d *modelDisk) slow(n int) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.busy += n
}

func (d *modelDisk) isBusy() bool {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.busy > 0
}

func (d *modelDisk) wasMoved() bool {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.moved
}
