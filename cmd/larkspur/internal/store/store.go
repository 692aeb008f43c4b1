// Package store keeps what the daemon must not forget, in one SQLite file.
//
// Start with
//
//	s, err := store.Open(ctx, "larkspur.db")
//	defer s.Close()
//	manager := oauth.NewManager(id, secret, s.Tokens(), oauth.Options{})
//
// What a method has written without an error survives a power cut. Several
// processes may use one file. All methods are safe for concurrent use.
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
)

// A Store is an open database file.
type Store struct {
	db   *sql.DB
	path string // for errors
	real string // the same, whichever way somebody names the file; for locks
}

// ErrTooOpen says that other users of the machine could read the file.
var ErrTooOpen = errors.New("others may read it")

// Open opens the database at path and brings its tables up to date. If there is
// none, it makes one that only this user can read. It fails with [ErrTooOpen] where
// an existing file can be read by others.
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
	db, err := sql.Open("sqlite", address(absolute))
	if err != nil {
		return nil, fmt.Errorf("store: %w", err)
	}
	s := &Store{db: db, path: path, real: absolute}
	if err := s.migrate(ctx); err != nil {
		return nil, errors.Join(fmt.Errorf("store: %s: %w", filepath.Base(path), err), db.Close())
	}
	return s, nil
}

// Close closes the file. The store must not be used afterwards.
func (s *Store) Close() error {
	if err := s.db.Close(); err != nil {
		return fmt.Errorf("store: %w", err)
	}
	return nil
}

// prepare makes the file, so that SQLite does not make it readable for all.
// SQLite gives the files it makes beside it the same mode.
func prepare(path string) error {
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return err
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

// address is the path with the settings that every connection needs.
func address(path string) string {
	settings := url.Values{
		"_pragma": {
			"busy_timeout(5000)",  // other processes write too; first, because the next one may wait
			"journal_mode(WAL)",   // readers do not wait for writers
			"synchronous(FULL)",   // a commit is on the disk
			"foreign_keys(1)",     //
			"trusted_schema(OFF)", // a doctored file runs nothing
		},
		"_txlock": {"immediate"}, // a transaction that will write says so at once, and is not refused later
	}
	path = filepath.ToSlash(path)
	if path[0] != '/' { // C:/…
		path = "/" + path
	}
	return (&url.URL{Scheme: "file", Path: path, RawQuery: settings.Encode()}).String()
}
