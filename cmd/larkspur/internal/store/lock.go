package store

import (
	"context"
	"encoding/hex"
	"fmt"

	"github.com/larkspur-dev/larkspur/internal/lock"
)

// lock waits until name is free in every process and takes it. The lock is a file
// beside the database and not a row in it: the system frees it when its holder is
// killed, where a row would have to be waited out.
func (s *Store) lock(ctx context.Context, name string) (unlock func(), err error) {
	unlock, err = lock.File(ctx, s.real+"."+hex.EncodeToString([]byte(name))+".lock")
	if err != nil {
		return nil, fmt.Errorf("store: lock: %w", err)
	}
	return unlock, nil
}
