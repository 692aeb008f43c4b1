package oauth_test

import (
	"sync"
	"time"

	"github.com/larkspur-dev/larkspur/oauth"
)

// modelDisk is the store and the locks that the processes share.
type modelDisk struct {
	writing sync.Mutex // held while a process reads and writes in one step

	mu      sync.Mutex
	tokens  map[string]oauth.Token
	held    map[string]bool // every access and refresh token that was ever on it
	lost    map[string]bool // refresh tokens that were stored with a Problem
	begun   map[string]bool // access tokens that were stored before their user was known
	again   map[string]bool // refresh tokens of those that Run found later
	adds    map[string]int  // tokens that were added, by key
	holders map[string]*modelProcess
	busy    int  // slow operations under way
	moved   bool // the local clock was wrong once: times in memory and on disk differ
}

func isUser(key string) bool { return key == "1" || key == "2" }

func (d *modelDisk) get(key string) (oauth.Token, bool) {
	d.mu.Lock()
	defer d.mu.Unlock()
	t, ok := d.tokens[key]
	return t, ok
}

// storeToken is a Save that succeeds.
func (d *modelDisk) storeToken(kind, key string, t oauth.Token) {
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

// isNew reports whether a refresh token belongs to an unfinished login, or to one whose
// first record was left behind and found later. A crash leaves such a record, or a store
// that returns an error although it stored it. Its token is tried once more.
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

// wasBegun reports whether t was stored before its user was known.
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

func (d *modelDisk) isLost(refresh string) bool {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.lost[refresh]
}

// move simulates a step of the local clock: it shifts all times on the disk in the
// opposite direction.
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
