// Package lock lets processes of one machine take turns.
//
// Start with
//
//	unlock, err := lock.File(ctx, path)
//	defer unlock()
//
// The operating system releases the lock when the process that holds it ends for any
// reason. The lock does not work across machines, and it does not order
// memory between goroutines of one process: use a mutex for that.
package lock

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"time"

	"github.com/larkspur-dev/larkspur/internal/retry"
)

// ErrHeld is returned if another holder has the lock.
var ErrHeld = errors.New("locked by another process")

// File waits until it holds the lock in the file path, or ctx ends. It creates the file;
// unlock removes it.
func File(ctx context.Context, path string) (unlock func(), err error) {
	for pause := time.Millisecond; ; pause = min(2*pause, 50*time.Millisecond) {
		unlock, err := TryFile(path)
		if !errors.Is(err, ErrHeld) {
			return unlock, err
		}
		if err := retry.Sleep(ctx, pause); err != nil {
			return nil, err
		}
	}
}

// TryFile is [File] without waiting: it returns [ErrHeld] if another holder, in this or
// another process, has the lock.
func TryFile(path string) (unlock func(), err error) {
	for {
		f, err := os.OpenFile(path, os.O_CREATE|os.O_RDWR, 0o600)
		if err != nil {
			return nil, err
		}
		held, err := tryLock(f)
		switch {
		case err != nil:
			return nil, errors.Join(&fs.PathError{Op: "lock", Path: path, Err: err}, f.Close())
		case !held:
			return nil, errors.Join(ErrHeld, f.Close())
		case isAt(f, path):
			return func() {
				_ = os.Remove(path) // before the lock is freed; a file that remains does no harm
				_ = f.Close()       // frees the lock
			}, nil
		}
		_ = f.Close() // the last holder removed the file between our open and our lock
	}
}

// isAt reports whether path still names the file f.
func isAt(f *os.File, path string) bool {
	here, err := f.Stat()
	if err != nil {
		return false
	}
	there, err := os.Stat(path)
	return err == nil && os.SameFile(here, there)
}
