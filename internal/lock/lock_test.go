package lock_test

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"runtime"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"go.uber.org/goleak"

	"github.com/larkspur-dev/larkspur/internal/lock"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

func TestOneAtATime(t *testing.T) {
	path := filepath.Join(t.TempDir(), "lock")
	var held, turns atomic.Int32 // atomic, since the lock orders no memory
	var all sync.WaitGroup
	for range 20 {
		all.Go(func() {
			for range 5 {
				unlock, err := lock.File(t.Context(), path)
				if err != nil {
					t.Error(err)
					return
				}
				if n := held.Add(1); n != 1 {
					t.Errorf("got %d holders, want 1", n)
				}
				turns.Add(1)
				for range 100 {
					runtime.Gosched() // long enough for another holder to get in, if it could
				}
				held.Add(-1)
				unlock()
			}
		})
	}
	all.Wait()
	if n := turns.Load(); n != 100 {
		t.Errorf("got %d turns, want 100", n)
	}
	if _, err := os.Stat(path); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("got %v, want the file gone", err)
	}
}

func TestWaitEndsWithContext(t *testing.T) {
	path := filepath.Join(t.TempDir(), "lock")
	unlock, err := lock.File(t.Context(), path)
	if err != nil {
		t.Fatal(err)
	}
	defer unlock()
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Millisecond)
	defer cancel()
	if _, err := lock.File(ctx, path); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("got %v, want %v", err, context.DeadlineExceeded)
	}
}

func TestTryFile(t *testing.T) {
	path := filepath.Join(t.TempDir(), "lock")
	unlock, err := lock.TryFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := lock.TryFile(path); !errors.Is(err, lock.ErrHeld) {
		t.Errorf("got %v, want %v", err, lock.ErrHeld)
	}
	unlock()
	unlock, err = lock.TryFile(path)
	if err != nil {
		t.Fatalf("got %v, want the lock free again", err)
	}
	unlock()
}
