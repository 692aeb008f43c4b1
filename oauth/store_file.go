package oauth

import (
	"context"
	"errors"
	"fmt"
	"io"
	"sync"
	"time"
)

// FileStore is a [Store] in one JSON file, readable by its owner only. Several
// processes may share the file. It is written beside itself and renamed, so that a
// crash leaves the old contents or the new, never a part. Where path is a symbolic link,
// the link stays and what it points to is written.
//
// Each write takes time in proportion to the number of users: a millisecond or two for
// a hundred of them. For many thousands, a database is better.
type FileStore struct {
	path   string // as it was named, for errors
	real   string // without links, so that all names of one file are the same
	sealer Sealer // nil: the file is plain

	mu   sync.Mutex
	seen *snapshot // guarded by mu; nil: nothing that can be relied on
}

// OpenFileStore returns the store in the file path, which need not exist yet, and
// sweeps away what a crash left beside it. Missing directories are made for the owner
// only. A file that other users can read, a world-writable directory, and a damaged file
// are errors.
func OpenFileStore(path string) (*FileStore, error) { return openFile(path, nil) }

func openFile(path string, sealer Sealer) (*FileStore, error) {
	real, err := realPath(path)
	if err != nil {
		return nil, fmt.Errorf("oauth: token file: %w", err)
	}
	s := &FileStore{path: path, real: real, sealer: sealer}
	ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second) // opening has no caller's ctx: it hardly waits
	defer cancel()
	err = s.locked(ctx, func() error {
		if err := s.sweep(); err != nil {
			return err
		}
		return s.check()
	})
	if err != nil {
		return nil, fmt.Errorf("oauth: token file: %w", err)
	}
	return s, nil
}

// Load returns the token under key, or [ErrNoToken].
func (s *FileStore) Load(_ context.Context, key string) (Token, error) {
	c, err := s.read()
	if err != nil {
		return Token{}, fmt.Errorf("oauth: token file: %w", err)
	}
	t, err := s.get(c, key)
	if err != nil && !errors.Is(err, ErrNoToken) {
		return Token{}, fmt.Errorf("oauth: token file: %w", err)
	}
	return t, err
}

// Save keeps t under key. When it returns nil, the file is on the disk.
func (s *FileStore) Save(ctx context.Context, key string, t Token) error {
	return s.change(ctx, func(c *contents) error { return s.put(c, key, t) })
}

// Delete forgets key.
func (s *FileStore) Delete(ctx context.Context, key string) error {
	return s.change(ctx, func(c *contents) error {
		delete(c.Tokens, key)
		delete(c.Sealed, key)
		return nil
	})
}

// List returns all keys, sorted.
func (s *FileStore) List(context.Context) ([]string, error) {
	c, err := s.read()
	if err != nil {
		return nil, fmt.Errorf("oauth: token file: %w", err)
	}
	return c.keys(), nil
}

// Update calls change with the token under each of keys that there is, and stores what
// it changed, in one write. It makes FileStore an [Updater].
func (s *FileStore) Update(ctx context.Context, keys []string, change func(key string, t Token) (Token, bool)) error {
	return s.change(ctx, func(c *contents) error {
		changed := false
		for _, key := range keys {
			t, err := s.get(*c, key)
			if errors.Is(err, ErrNoToken) {
				continue
			}
			if err != nil {
				return err
			}
			if t, yes := change(key, t); yes {
				changed = true
				if err := s.put(c, key, t); err != nil {
					return err
				}
			}
		}
		if !changed {
			return errUnchanged
		}
		return nil
	})
}

var errUnchanged = errors.New("there is nothing to write")

// change rewrites the file under its lock, unless f returns errUnchanged.
func (s *FileStore) change(ctx context.Context, f func(*contents) error) error {
	err := s.locked(ctx, func() error {
		c, err := s.read()
		if err != nil {
			return err
		}
		c = c.clone() // what was read is remembered
		if err := f(&c); err != nil {
			return err
		}
		return s.write(c)
	})
	if errors.Is(err, errUnchanged) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("oauth: token file: %w", err)
	}
	return nil
}

// Format writes only what s is: fmt would walk to the tokens.
func (s *FileStore) Format(f fmt.State, _ rune) {
	_, _ = io.WriteString(f, "oauth.FileStore "+s.path) // fmt's buffer does not fail
}
