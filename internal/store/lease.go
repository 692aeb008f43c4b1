package store

import (
	"context"
	"crypto/rand"
	"fmt"
	"time"

	"github.com/larkspur-dev/larkspur/internal/retry"
)

const (
	leaseTime = time.Minute           // what a dead process held is free after this
	leasePoll = 50 * time.Millisecond // between looks at a lease that somebody holds
)

// lease waits until name is free and takes it, for a minute at most: enough for
// one request to Twitch, which is what it is for.
func (s *Store) lease(ctx context.Context, name string) (unlock func(), err error) {
	holder := rand.Text()
	for {
		now := time.Now()
		result, err := s.db.ExecContext(ctx,
			`INSERT INTO leases (name, holder, until) VALUES (?, ?, ?)
			ON CONFLICT (name) DO UPDATE SET holder = excluded.holder, until = excluded.until WHERE until <= ?`,
			name, holder, now.Add(leaseTime).UnixMilli(), now.UnixMilli())
		if err != nil {
			return nil, fmt.Errorf("store: lock: %w", err)
		}
		if taken, err := result.RowsAffected(); err != nil {
			return nil, fmt.Errorf("store: lock: %w", err)
		} else if taken == 1 {
			break
		}
		if err := retry.Sleep(ctx, leasePoll); err != nil {
			return nil, fmt.Errorf("store: lock: %w", err)
		}
	}
	return func() {
		ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), 5*time.Second)
		defer cancel()
		// If this fails, the lease ends by itself.
		_, _ = s.db.ExecContext(ctx, `DELETE FROM leases WHERE name = ? AND holder = ?`, name, holder)
	}, nil
}
