package oauth

import (
	"context"
	"errors"
	"sync"
	"time"
)

const (
	// validateEvery is what Twitch requires.
	validateEvery = time.Hour
	// lookEvery is how often Run looks for users that another process added.
	lookEvery = 10 * time.Minute
	// validateAgain is the wait after Twitch could not be asked.
	validateAgain = time.Minute
	// together is how much too early a token may have its turn, so that with thousands
	// of them we do not look at the store all the time.
	together = 5 * time.Second
	// validateWorkers is how many tokens are validated at the same time.
	validateWorkers = 8
)

// Run validates every token at once and then every hour, spread over the hour, until
// ctx ends; it returns why ctx ended. A token that Twitch no longer accepts is
// renewed; where that is refused too, OnRevoked is told. Failures of the network
// change nothing.
func (m *Manager) Run(ctx context.Context) error {
	due := map[string]time.Time{} // by key
	for {
		var wait time.Duration
		due, wait = m.look(ctx, due)
		timer := time.NewTimer(wait)
		select {
		case <-ctx.Done():
			timer.Stop()
			return context.Cause(ctx)
		case <-m.wake:
			timer.Stop()
		case <-timer.C:
		}
	}
}

// wakeUp makes Run look at once.
func (m *Manager) wakeUp() {
	select {
	case m.wake <- struct{}{}:
	default: // it has been told already
	}
}

// look validates what is due. It returns when each token is due next and how long to
// wait until it should be called again.
func (m *Manager) look(ctx context.Context, due map[string]time.Time) (map[string]time.Time, time.Duration) {
	keys, err := m.store.List(ctx)
	if err != nil {
		m.log.ErrorContext(ctx, "tokens not listed", "error", err)
		return due, validateAgain
	}
	next := make(map[string]time.Time, len(keys))
	var round []validation
	for i, key := range keys {
		at, seen := due[key]
		if next[key] = at; at.After(time.Now().Add(together)) {
			continue
		}
		v := validation{key: key, every: validateEvery}
		if !seen {
			// All begin together; the second round is where they spread.
			v.every = validateEvery * time.Duration(i+1) / time.Duration(len(keys))
		}
		round = append(round, v)
	}
	m.validateAll(ctx, round)
	if ctx.Err() != nil {
		return due, 0
	}
	for _, v := range round {
		next[v.key] = v.next
	}
	wait := lookEvery
	for _, at := range next {
		wait = min(wait, time.Until(at))
	}
	return next, wait
}

// A validation is one token's turn.
type validation struct {
	key   string
	every time.Duration // until its next turn, when all goes well
	next  time.Time     // valid after validateAll
}

// validateAll gives each its turn, a few at a time: one after the other, thousands of
// users would take longer than there is until the next hour.
func (m *Manager) validateAll(ctx context.Context, round []validation) {
	turns := make(chan *validation)
	var workers sync.WaitGroup
	for range min(validateWorkers, len(round)) {
		workers.Go(func() {
			for v := range turns {
				now := time.Now()
				v.next = now.Add(v.every)
				if err := m.validate(ctx, v.key); err != nil && ctx.Err() == nil {
					m.log.WarnContext(ctx, "token not validated", "user_id", userOf(v.key), "error", err)
					v.next = now.Add(validateAgain)
				}
			}
		})
	}
	for i := range round {
		if ctx.Err() != nil {
			break
		}
		turns <- &round[i]
	}
	close(turns)
	workers.Wait()
}

// validate asks Twitch whether the token under key is good, and acts on the answer.
// An error means that Twitch or the store could not be asked.
func (m *Manager) validate(ctx context.Context, key string) error {
	t, err := m.reload(ctx, key) // another process may have renewed it
	if errors.Is(err, ErrNoToken) {
		return nil
	}
	if err == nil && t.Problem != "" {
		m.tellNeedsLogin(key, m.loginError(t)) // unless it was here that it was found out
		return nil
	}
	if err != nil {
		return err
	}
	id, err := m.client.Validate(ctx, t.AccessToken)
	if errors.Is(err, ErrRevoked) {
		_, err = m.renew(ctx, key, t.AccessToken)
		if errors.Is(err, ErrRevoked) || errors.Is(err, ErrNoToken) {
			return nil // said already
		}
		return err
	}
	if err != nil {
		return err
	}
	r, err := m.note(ctx, key, t, id)
	m.tell(r)
	return err
}

// note stores what Twitch said of t, unless t was replaced meanwhile.
func (m *Manager) note(ctx context.Context, key string, t Token, id Identity) (renewal, error) {
	unlock, err := m.lock(ctx, key)
	if err != nil {
		return renewal{}, err
	}
	defer unlock()
	now, err := m.reload(ctx, key)
	if errors.Is(err, ErrNoToken) || err == nil && now.AccessToken != t.AccessToken {
		return renewal{}, nil
	}
	if err != nil {
		return renewal{}, err
	}
	if id.UserID != userOf(key) || id.ClientID != m.client.ClientID {
		return m.misplaced(ctx, key, now, id)
	}
	interrupted := now.RefreshingSince
	now = now.identified(id, time.Now())
	now.RefreshingSince = interrupted // still true: the refresh token is another matter
	if err := m.store.Save(ctx, key, now); err != nil {
		return renewal{}, err
	}
	m.entry(key).set(now)
	m.entry(key).solved()
	return renewal{}, nil
}

// misplaced deals with a token that is not what its place in the store says.
func (m *Manager) misplaced(ctx context.Context, key string, t Token, id Identity) (renewal, error) {
	m.log.ErrorContext(ctx, "stored token belongs to somebody else",
		"user_id", userOf(key), "token_user_id", id.UserID, "token_client_id", id.ClientID)
	if id.ClientID != m.client.ClientID {
		return renewal{}, nil // good for that client; nothing of ours to spoil
	}
	if key == AppKey {
		m.entry(key).forget() // the next who needs an app token fetches one
		return renewal{}, m.store.Delete(ctx, key)
	}
	r, _ := m.giveUp(ctx, key, t, "the stored token belongs to "+id.String()) // its error is in r, too
	return r, nil
}
