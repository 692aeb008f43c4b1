package store

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/hex"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"github.com/larkspur-dev/larkspur/internal/lock"
	"github.com/larkspur-dev/larkspur/oauth"
)

// importedSuffix is appended to the name of a token file that was imported.
const importedSuffix = ".imported"

// An Import is the result of [Tokens.Import].
type Import struct {
	Users   int    // users whose tokens are in the file
	Renamed string // the file's name now
}

// Import copies every token of a token file into t, then renames the file by appending
// ".imported". from is the opened file; path is its name.
//
// The copy is one transaction that also records the file's digest. Killed at any point,
// the program finds all tokens in the file or in the database, and the next call only
// renames a file whose copy is complete. A token that is stored in both is replaced
// only by one that expires later, so that a file which an older version of the program
// has written since does not bring back a used-up refresh token.
//
// No process renews or stores tokens of the file meanwhile: Import holds all its locks.
func (t *Tokens) Import(ctx context.Context, path string, from *oauth.FileStore) (Import, error) {
	unlock, err := lockFile(ctx, path, from)
	if err != nil {
		return Import{}, fmt.Errorf("store: import %s: %w", path, err)
	}
	defer unlock()
	return t.importLocked(ctx, path, from)
}

func (t *Tokens) importLocked(ctx context.Context, path string, from *oauth.FileStore) (done Import, err error) {
	data, err := os.ReadFile(path)
	if err != nil {
		return done, fmt.Errorf("store: import: %w", err)
	}
	keys, err := from.List(ctx)
	if err != nil {
		return done, fmt.Errorf("store: import: %w", err)
	}
	tokens := make(map[string]oauth.Token, len(keys))
	for _, key := range keys {
		if tokens[key], err = from.Load(ctx, key); err != nil {
			return done, fmt.Errorf("store: import: %w", err)
		}
		if tokens[key].UserID == key {
			done.Users++
		}
	}
	digest := sha256.Sum256(data)
	if err := t.merge(ctx, path, hex.EncodeToString(digest[:]), tokens); err != nil {
		return done, fmt.Errorf("store: %s: import %s: %w", t.s.path, path, err)
	}
	if done.Renamed, err = rename(path); err != nil {
		return done, fmt.Errorf("store: the tokens of %s are imported, but it cannot be renamed: %w", path, err)
	}
	return done, nil
}

// lockFile takes the locks of all tokens in a file, which waits for renewals to end,
// and the one of its writers.
func lockFile(ctx context.Context, path string, from *oauth.FileStore) (unlock func(), err error) {
	var held []func()
	unlock = func() {
		for _, u := range held {
			u()
		}
	}
	keys, err := from.List(ctx)
	if err != nil {
		return nil, err
	}
	for _, key := range keys {
		u, err := from.Lock(ctx, key)
		if err != nil {
			unlock()
			return nil, err
		}
		held = append(held, u)
	}
	real, err := filepath.EvalSymlinks(path)
	if err != nil {
		unlock()
		return nil, err
	}
	u, err := lock.File(ctx, real+".lock") // the lock that oauth.FileStore holds while it writes
	if err != nil {
		unlock()
		return nil, err
	}
	held = append(held, u)
	return unlock, nil
}

// merge stores tokens, unless the file of that digest was imported before.
func (t *Tokens) merge(ctx context.Context, path, digest string, tokens map[string]oauth.Token) error {
	tx, err := t.s.db.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	defer func() { _ = tx.Rollback() }() // no effect after Commit
	added, err := tx.ExecContext(ctx, `INSERT INTO imports (digest, file, at) VALUES (?, ?, ?) ON CONFLICT DO NOTHING`,
		digest, path, time.Now().UTC().Format(time.RFC3339))
	if err != nil {
		return err
	}
	if n, err := added.RowsAffected(); err != nil || n == 0 {
		return err
	}
	for key, token := range tokens {
		var data []byte
		switch err := tx.QueryRowContext(ctx, `SELECT token FROM tokens WHERE key = ?`, key).Scan(&data); {
		case errors.Is(err, sql.ErrNoRows):
		case err != nil:
			return err
		default:
			stored, err := t.decode(key, data)
			if err != nil {
				return err
			}
			if !token.ExpiresAt.After(stored.ExpiresAt) {
				continue
			}
		}
		if data, err = t.encode(key, token); err != nil {
			return err
		}
		if _, err := tx.ExecContext(ctx, `INSERT INTO tokens (key, token) VALUES (?, ?)
			ON CONFLICT (key) DO UPDATE SET token = excluded.token`, key, data); err != nil {
			return err
		}
	}
	return tx.Commit()
}

// rename gives an imported file a name that no file has yet, and returns it.
func rename(path string) (to string, err error) {
	to = path + importedSuffix
	for n := 2; ; n++ {
		if _, err := os.Lstat(to); errors.Is(err, os.ErrNotExist) {
			break
		}
		to = fmt.Sprintf("%s%s.%d", path, importedSuffix, n)
	}
	return to, os.Rename(path, to)
}
