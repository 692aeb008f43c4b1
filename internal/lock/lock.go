// Package lock lets processes of one machine take turns.
//
// Start with
//
//	unlock, err := lock.File(ctx, path)
//	defer unlock()
//
// The lock is held by the operating system for an open file, and is free as soon as
// its holder has died, however that happened. It says nothing across machines, and
// nothing to Go: memory that goroutines of one process share needs a mutex beside it.
package lock

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"time"

	"github.com/larkspur-dev/larkspur/internal/retry"
)

// File waits until nobody else holds the lock in the file path, in any process, or
// ctx ends. The file is made when it is needed and removed when the lock is given
// back. A holder may therefore find that it locked a file that has just been removed,
// and tries again.
func File(ctx context.Context, path string) (unlock func(), err error) {
	for pause := time.Millisecond; ; pause = min(2*pause, 50*time.Millisecond) {
		f, err := os.OpenFile(path, os.O_CREATE|os.O_RDWR, 0o600)
		if err != nil {
			return nil, err
		}
		held, err := tryLock(f)
		if err != nil {
			return nil, errors.Join(&fs.PathError{Op: "lock", Path: path, Err: err}, f.Close())
		}
		if held && isAt(f, path) {
			return func() {
				_ = os.Remove(path) // before the lock is free; where it cannot be, it stays and does no harm
				_ = f.Close()       // frees the lock
			}, nil
		}
		_ = f.Close()
		if held {
			continue
		}
		if err := retry.Sleep(ctx, pause); err != nil {
			return nil, err
		}
	}
}

// isAt reports whether f is still the file that path names.
func isAt(f *os.File, path string) bool {
	here, err := f.Stat()
	if err != nil {
		return false
	}
	there, err := os.Stat(path)
	return err == nil && os.SameFile(here, there)
}
