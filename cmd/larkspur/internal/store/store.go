// Package store keeps the program's state in one SQLite file: tokens, the
// secrets of webhooks, events, and what skills remember.
//
// Start with
//
//	s, err := store.Open(ctx, "larkspur.db")
//	defer s.Close()
//	manager := oauth.NewManager(id, secret, s.Tokens(), oauth.Options{})
//
// What a method wrote without an error survives a power cut; [Events] and [Memory] say where
// it does not. Several processes may use
// one file at the same time. All methods are safe for concurrent use.
package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
	"runtime"
	"sync"
)

// A Store is an open database file.
type Store struct {
	db   *sql.DB
	path string // for errors
	real string // path without symbolic links, the same for every process; names the lock files

	eventsMu sync.Mutex
	events   *Events // guarded by eventsMu; nil until Events is called

	memory func() (*sql.DB, error) // opens the connections of Memory, once
}

var (
	// ErrTooOpen reports a file that other users of the machine may read.
	ErrTooOpen = errors.New("others may read it")
	// ErrNotRegular reports a path that names a directory, a pipe or a device.
	ErrNotRegular = errors.New("not a regular file")
)

// Open opens the database at path and brings its tables up to date. It creates a
// missing file, readable by this user only. It fails with [ErrTooOpen] if other users
// can read an existing file, and with [ErrNotRegular] if path is not a regular file.
func Open(ctx context.Context, path string) (*Store, error) {
	if err := prepare(path); err != nil {
		return nil, fmt.Errorf("store: %w", err)
	}
	absolute, err := filepath.Abs(path)
	if err == nil {
		absolute, err = filepath.EvalSymlinks(absolute)
	}
	if err != nil {
		return nil, fmt.Errorf("store: %w", err)
	}
	db, err := sql.Open("sqlite", address(absolute, "FULL"))
	if err != nil {
		return nil, fmt.Errorf("store: %w", err)
	}
	s := &Store{db: db, path: path, real: absolute}
	s.memory = sync.OnceValues(func() (*sql.DB, error) { return sql.Open("sqlite", address(absolute, "NORMAL")) })
	if err := s.migrate(ctx); err != nil {
		return nil, errors.Join(fmt.Errorf("store: %s: %w", filepath.Base(path), err), db.Close())
	}
	return s, nil
}

// Close closes the file. The store must not be used afterwards. A second call does
// nothing.
func (s *Store) Close() error {
	s.eventsMu.Lock()
	events := s.events
	s.eventsMu.Unlock()
	if events != nil {
		events.close()
	}
	if memory, err := s.memory(); err == nil {
		_ = memory.Close() // nothing waits in it
	}
	if err := s.db.Close(); err != nil {
		return fmt.Errorf("store: %w", err)
	}
	return nil
}

// prepare creates the file with mode 0600: SQLite would create it readable by others.
// SQLite gives the files that it creates beside it (-wal, -shm) the same mode.
func prepare(path string) error {
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return err
	}
	if info, err := os.Stat(path); err == nil && !info.Mode().IsRegular() { // opening a pipe could block
		return &fs.PathError{Op: "open", Path: path, Err: ErrNotRegular}
	}
	f, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return err
	}
	info, err := f.Stat()
	if err := errors.Join(err, f.Close()); err != nil {
		return err
	}
	if runtime.GOOS != "windows" && info.Mode().Perm()&0o077 != 0 {
		return fmt.Errorf("%w; run: chmod 600 %s", &fs.PathError{Op: "open", Path: path, Err: ErrTooOpen}, path)
	}
	return nil
}

// address returns the data source name: the path and the settings of each connection. With
// FULL, a commit is on the disk; with NORMAL, the last ones can be lost in a power cut.
func address(path, synchronous string) string {
	settings := url.Values{
		"_pragma": {
			"busy_timeout(5000)", // other processes write too; must come first, since setting journal_mode may wait
			"journal_mode(WAL)",  // readers do not wait for writers
			"synchronous(" + synchronous + ")",
			"foreign_keys(1)",     //
			"trusted_schema(OFF)", // a manipulated file cannot run functions
		},
		"_txlock": {"immediate"}, // take the write lock at BEGIN: upgrading later can fail with SQLITE_BUSY
	}
	path = filepath.ToSlash(path)
	if path[0] != '/' { // C:/…
		path = "/" + path
	}
	return (&url.URL{Scheme: "file", Path: path, RawQuery: settings.Encode()}).String()
}
