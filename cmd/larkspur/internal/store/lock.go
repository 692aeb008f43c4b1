package store

import (
	"context"
	"encoding/hex"
	"fmt"

	"github.com/larkspur-dev/larkspur/internal/lock"
)

// lock waits until no process holds name, and takes it. The lock is a file beside the
// database rather than a row in it: the operating system frees it when its holder is
// killed, while a row would stay until it timed out.
func (s *Store) lock(ctx context.Context, name string) (unlock func(), err error) {
	unlock, err = lock.File(ctx, s.real+"."+hex.EncodeToString([]byte(name))+".lock")
	if err != nil {
		return nil, fmt.Errorf("store: lock: %w", err)
	}
	return unlock, nil
}
