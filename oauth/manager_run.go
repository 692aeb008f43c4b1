package oauth

import (
	"context"
	"sync"
	"time"

	"github.com/larkspur-dev/larkspur/internal/retry"
)

const (
	// validateEvery is what Twitch requires.
	validateEvery = time.Hour
	// lookEvery is how often Run looks for users that another process added.
	lookEvery = 10 * time.Minute
	// validateAgain is the wait after Twitch could not be asked.
	validateAgain = time.Minute
	// together is how much too early a token may be validated, so that thousands of
	// tokens share a look at the store.
	together = 5 * time.Second
	// storeEvery is how often it is stored that tokens are still good.
	storeEvery = 5 * time.Minute
	// turnTime is how long one token may delay the others: the process that holds its
	// lock may be suspended and never release it.
	turnTime = lockTime + askTime
	// validateWorkers is how many tokens are validated at the same time.
	validateWorkers = 8
)

// Run validates every token at once and then every hour, spread over the hour, until
// ctx ends; it returns nil then, and never before. One Run at a time is enough.
//
// A token that Twitch no longer accepts is renewed; where that is refused too, OnRevoked
// is called. Network failures change nothing. Run starts by repeating renewals that a dead
// process left unfinished and by finishing the logins of [ErrUnfinished]; it retries
// those every minute.
func (m *Manager) Run(ctx context.Context) error {
	due := map[string]time.Time{} // by key
	for {
		var wait time.Duration
		due, wait = m.look(ctx, due)
		timer := time.NewTimer(retry.Positive(wait))
		select {
		case <-ctx.Done():
			timer.Stop()
			m.storeSeen(ctx)
			return nil
		case <-m.wake:
			timer.Stop()
		case <-timer.C:
		}
	}
}

// wakeUp makes Run look for due tokens at once.
func (m *Manager) wakeUp() {
	select {
	case m.wake <- struct{}{}:
	default: // Run is already woken
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
	m.forgetOthers(keys)
	next := make(map[string]time.Time, len(keys))
	var round []validation
	for i, key := range keys {
		at, seen := due[key]
		if next[key] = at; at.After(time.Now().Add(together)) && !m.entry(key).hasUnsaved() {
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
	storeIn := m.storeSeenInTime(ctx)
	for _, v := range round {
		next[v.key] = v.next
	}
	wait := min(lookEvery, storeIn)
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
				turnCtx, cancel := context.WithTimeout(ctx, turnTime)
				err := m.turn(turnCtx, v.key)
				cancel()
				if err != nil && ctx.Err() == nil {
					m.log.WarnContext(ctx, "token not validated, will try again", "user_id", v.key, "error", err)
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
