package helix

import (
	"context"
	"sync"
	"time"
)

const (
	lookupGather = 3 * time.Millisecond // how long a look-up waits for others to join it
	lookupMost   = 100                  // users that one request takes
	lookupCached = 10_000               // users that are remembered
)

// lookups answer single look-ups of users: those at about the same time share one
// request, and what was found is remembered for a while. Each identity has its
// own, because Twitch tells users more about themselves.
//
// It starts no goroutine. The call that starts a batch also sends it; the others wait for
// that, and one of them takes over if the first is cancelled.
type lookups struct {
	fetch func(ctx context.Context, p GetUsersParams) ([]User, error)
	keep  time.Duration // how long users are remembered; 0: not at all

	mu    sync.Mutex
	known map[userKey]knownUser // guarded by mu
	next  *lookupBatch          // guarded by mu; nil, or still open to others
}

// A userKey is what a user is looked up by: one of both is set.
type userKey struct{ id, login string }

type knownUser struct {
	user User
	till time.Time
}

// A lookupBatch is a request that several share.
type lookupBatch struct {
	keys map[userKey]bool // guarded by lookups.mu until the batch is closed
	full chan struct{}    // closed when no more fit
	done chan struct{}    // closed when found and err are set

	found map[userKey]User
	err   error
	gone  bool // err is because the one who sent it gave up
}

// get looks a user up. It returns false if there is no such user.
func (l *lookups) get(ctx context.Context, key userKey) (User, bool, error) {
	for {
		if user, ok := l.remembered(key, time.Now()); ok {
			return user, true, nil
		}
		b, first := l.join(key)
		if first {
			l.send(ctx, b)
		}
		select {
		case <-b.done:
		case <-ctx.Done():
			return User{}, false, context.Cause(ctx)
		}
		if b.gone && !first {
			continue
		}
		user, ok := b.found[key]
		return user, ok, b.err
	}
}

func (l *lookups) remembered(key userKey, now time.Time) (User, bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	k, ok := l.known[key]
	return k.user, ok && now.Before(k.till)
}

// join adds a key to the open batch, or opens one.
func (l *lookups) join(key userKey) (b *lookupBatch, first bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.next == nil {
		first = true
		l.next = &lookupBatch{keys: map[userKey]bool{}, full: make(chan struct{}), done: make(chan struct{})}
	}
	b = l.next
	b.keys[key] = true
	if len(b.keys) == lookupMost {
		l.next = nil
		close(b.full)
	}
	return b, first
}

// send waits for others to join the batch, closes it and gets the users.
func (l *lookups) send(ctx context.Context, b *lookupBatch) {
	defer close(b.done)
	gather := time.NewTimer(lookupGather)
	defer gather.Stop()
	select {
	case <-gather.C:
	case <-b.full:
	case <-ctx.Done():
	}
	l.mu.Lock()
	if l.next == b {
		l.next = nil
	}
	l.mu.Unlock()
	var p GetUsersParams
	for key := range b.keys {
		if key.id != "" {
			p.IDs = append(p.IDs, key.id)
		} else {
			p.Logins = append(p.Logins, key.login)
		}
	}
	users, err := l.fetch(ctx, p)
	if err != nil {
		b.err, b.gone = err, ctx.Err() != nil
		return
	}
	b.found = make(map[userKey]User, 2*len(users))
	for i := range users {
		b.found[userKey{id: users[i].ID}] = users[i]
		b.found[userKey{login: users[i].Login}] = users[i]
	}
	l.remember(b.found, time.Now())
}

func (l *lookups) remember(found map[userKey]User, now time.Time) {
	if l.keep <= 0 {
		return
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.known == nil {
		l.known = map[userKey]knownUser{}
	}
	if len(l.known) >= 2*lookupCached {
		for key, k := range l.known {
			if !now.Before(k.till) || len(l.known) >= lookupCached {
				delete(l.known, key)
			}
		}
	}
	for key, user := range found {
		l.known[key] = knownUser{user, now.Add(l.keep)}
	}
}
