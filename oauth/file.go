package oauth

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"time"
)

// FileStore is a [Store] in one JSON file, readable by its owner only. Several
// processes may share the file. It is written beside itself and renamed, so that a
// crash leaves the old contents or the new, never a part.
type FileStore struct {
	path   string
	sealer Sealer // nil: the file is plain
}

// The versions of the file; raised when older programs can no longer read it.
const (
	fileVersion   = 1 // plain
	sealedVersion = 2 // encrypted
)

// contents is the file. It has Tokens or Sealed.
type contents struct {
	Version int                    `json:"version"`
	Tokens  map[string]storedToken `json:"tokens,omitzero"`
	Sealed  map[string][]byte      `json:"sealed,omitzero"`
}

// OpenFileStore returns the store in the file path, which need not exist yet, and
// sweeps away what a crash left beside it. A file that others may read, or that is
// damaged, is an error.
func OpenFileStore(path string) (*FileStore, error) { return openFile(path, nil) }

func openFile(path string, sealer Sealer) (*FileStore, error) {
	s := &FileStore{path: path, sealer: sealer}
	ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second) // opening has no caller's ctx: it hardly waits
	defer cancel()
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return nil, fmt.Errorf("oauth: token file: %w", err)
	}
	err := s.locked(ctx, func() error {
		leftovers, err := filepath.Glob(globEscape(path) + ".*.tmp")
		if err != nil {
			return err
		}
		for _, name := range leftovers {
			if err := os.Remove(name); err != nil && !errors.Is(err, fs.ErrNotExist) {
				return err
			}
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

// change rewrites the file; nobody else does so meanwhile.
func (s *FileStore) change(ctx context.Context, f func(*contents) error) error {
	err := s.locked(ctx, func() error {
		c, err := s.read()
		if err != nil {
			return err
		}
		if err := f(&c); err != nil {
			return err
		}
		return s.write(c)
	})
	if err != nil {
		return fmt.Errorf("oauth: token file: %w", err)
	}
	return nil
}

// read returns the file's contents, empty where there is no file.
func (s *FileStore) read() (contents, error) {
	c, err := s.readAny()
	if err != nil {
		return c, err
	}
	return c, s.fits(c)
}

// readAny returns the file's contents, plain or sealed.
func (s *FileStore) readAny() (contents, error) {
	empty := s.empty()
	info, err := os.Stat(s.path)
	if errors.Is(err, fs.ErrNotExist) {
		return empty, nil
	}
	if err != nil {
		return empty, err
	}
	// Windows has no such bits: Go makes them up.
	if loose := info.Mode().Perm() & 0o077; loose != 0 && runtime.GOOS != "windows" {
		return empty, fmt.Errorf("%s can be read by others (mode %04o); run: chmod 600 %s", s.path, info.Mode().Perm(), s.path)
	}
	data, err := os.ReadFile(s.path)
	if err != nil {
		return empty, err
	}
	c, err := parseContents(data)
	if err != nil {
		return empty, fmt.Errorf("%s is damaged: %w; restore it from a copy, or delete it and log in again", s.path, err)
	}
	return c, nil
}

func parseContents(data []byte) (contents, error) {
	var c contents
	if err := json.Unmarshal(data, &c); err != nil {
		return c, jsonError(err) // which quotes nothing
	}
	switch {
	case c.Version > sealedVersion:
		return c, fmt.Errorf("it has version %d, this program knows %d", c.Version, sealedVersion)
	case c.Version == fileVersion && c.Tokens != nil && c.Sealed == nil:
	case c.Version == sealedVersion && c.Sealed != nil && c.Tokens == nil:
	default:
		return c, errors.New("it is not a token file")
	}
	return c, nil
}

// globEscape keeps path from being read as a pattern.
func globEscape(path string) string {
	var escaped []rune
	for _, r := range path {
		switch r {
		case '*', '?', '[':
			escaped = append(escaped, '[', r, ']')
		case '\\':
			if runtime.GOOS != "windows" {
				escaped = append(escaped, '\\')
			}
			escaped = append(escaped, r)
		default:
			escaped = append(escaped, r)
		}
	}
	return string(escaped)
}
