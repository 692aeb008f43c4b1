package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	"github.com/larkspur-dev/larkspur/oauth"
)

// Tokens are the OAuth tokens in a [Store].
type Tokens struct {
	s      *Store
	sealer oauth.Sealer // nil: the tokens are not encrypted
}

var (
	_ oauth.Store  = (*Tokens)(nil)
	_ oauth.Locker = (*Tokens)(nil)
)

// Tokens returns the tokens of s, without encryption. See [Store.SealedTokens].
func (s *Store) Tokens() *Tokens { return &Tokens{s: s} }

// Load returns the token under key, or [oauth.ErrNoToken].
func (t *Tokens) Load(ctx context.Context, key string) (oauth.Token, error) {
	var data []byte
	err := t.s.db.QueryRowContext(ctx, `SELECT token FROM tokens WHERE key = ?`, key).Scan(&data)
	if errors.Is(err, sql.ErrNoRows) {
		return oauth.Token{}, fmt.Errorf("%w for %s", oauth.ErrNoToken, key)
	}
	if err != nil {
		return oauth.Token{}, fmt.Errorf("store: load token: %w", err)
	}
	token, err := t.decode(key, data)
	if err != nil {
		return oauth.Token{}, fmt.Errorf("store: %s: %w", t.s.path, err)
	}
	return token, nil
}

// Save keeps token under key. When it returns nil, the token survives a power cut.
func (t *Tokens) Save(ctx context.Context, key string, token oauth.Token) error {
	data, err := t.encode(key, token)
	if err != nil {
		return fmt.Errorf("store: save token: %w", err)
	}
	// Plain and encrypted tokens are never mixed.
	result, err := t.s.db.ExecContext(ctx,
		`INSERT INTO tokens (key, token) SELECT ?, ?
		WHERE NOT EXISTS (SELECT 1 FROM tokens WHERE (substr(token, 1, 1) = X'7B') <> ?)
		ON CONFLICT (key) DO UPDATE SET token = excluded.token`, key, data, t.sealer == nil)
	if err != nil {
		return fmt.Errorf("store: save token: %w", err)
	}
	if n, err := result.RowsAffected(); err != nil {
		return fmt.Errorf("store: save token: %w", err)
	} else if n == 0 {
		return fmt.Errorf("store: %s: save token: %w", t.s.path, errMixed)
	}
	return nil
}

// Delete removes the token under key. A missing token is not an error.
func (t *Tokens) Delete(ctx context.Context, key string) error {
	if _, err := t.s.db.ExecContext(ctx, `DELETE FROM tokens WHERE key = ?`, key); err != nil {
		return fmt.Errorf("store: delete token: %w", err)
	}
	return nil
}

// List returns all keys, sorted.
func (t *Tokens) List(ctx context.Context) (keys []string, err error) {
	rows, err := t.s.db.QueryContext(ctx, `SELECT key FROM tokens ORDER BY key`)
	if err != nil {
		return nil, fmt.Errorf("store: list tokens: %w", err)
	}
	defer rows.Close()
	for rows.Next() {
		var key string
		if err := rows.Scan(&key); err != nil {
			return nil, fmt.Errorf("store: list tokens: %w", err)
		}
		keys = append(keys, key)
	}
	if err := rows.Err(); err != nil {
		return nil, fmt.Errorf("store: list tokens: %w", err)
	}
	return keys, nil
}

// Lock waits until no other caller, in any process of this machine, holds key. The
// operating system frees the lock of a process that died.
func (t *Tokens) Lock(ctx context.Context, key string) (unlock func(), err error) {
	return t.s.lock(ctx, "token "+key)
}
