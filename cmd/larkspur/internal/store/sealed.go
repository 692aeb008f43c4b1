package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	"github.com/larkspur-dev/larkspur/oauth"
)

// What can be wrong with encrypted tokens.
var (
	errSealed = errors.New("it is encrypted; give the key that it was encrypted with")
	errPlain  = errors.New("it is not encrypted, unlike the other tokens: the file was changed by another program")
	errMixed  = errors.New("encrypted and plain tokens cannot be mixed in one file; use the same key in every program")
)

// SealedTokens returns the tokens of s, encrypted by sealer. The keys, which are user
// IDs, are not encrypted. Plain tokens, and plain webhook secrets, are encrypted at once.
// A token that sealer cannot open is an error.
func (s *Store) SealedTokens(ctx context.Context, sealer oauth.Sealer) (*Tokens, error) {
	t := &Tokens{s: s, sealer: sealer}
	if err := t.rewrite(ctx, false); err != nil {
		return nil, fmt.Errorf("store: %s: %w", s.path, err)
	}
	return t, nil
}

// Reseal encrypts every token and webhook secret again with the sealer's current key. Older keys are not
// needed for this file afterwards.
func (t *Tokens) Reseal(ctx context.Context) error {
	if t.sealer == nil {
		return fmt.Errorf("store: encrypt again: %w", errNoSealer)
	}
	if err := t.rewrite(ctx, true); err != nil {
		return fmt.Errorf("store: %s: encrypt again: %w", t.s.path, err)
	}
	return nil
}

var errNoSealer = errors.New("no key to encrypt with")

// rewrite decrypts all tokens, which reveals a wrong key at once, and encrypts the
// plain ones, or all of them.
func (t *Tokens) rewrite(ctx context.Context, all bool) error {
	tx, err := t.s.db.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	defer func() { _ = tx.Rollback() }() // no effect after Commit
	rows, err := allRows(ctx, tx, `SELECT key, token FROM tokens`)
	if err != nil {
		return err
	}
	plain := 0
	for _, data := range rows {
		if isPlain(data) {
			plain++
		}
	}
	for key, data := range rows {
		if isPlain(data) && plain < len(rows) {
			return fmt.Errorf("token of %q: %w; delete it and log in again", key, errPlain)
		}
		token, err := oauth.DecodeToken(data)
		if !isPlain(data) {
			token, err = t.decode(key, data)
		}
		if err != nil {
			return err
		}
		if !all && plain == 0 {
			continue
		}
		sealed, err := t.encode(key, token)
		if err != nil {
			return err
		}
		if _, err := tx.ExecContext(ctx, `UPDATE tokens SET token = ? WHERE key = ?`, sealed, key); err != nil {
			return err
		}
	}
	secrets, err := rewriteSecrets(ctx, tx, t.sealer, all)
	if err != nil {
		return err
	}
	if err := tx.Commit(); err != nil {
		return err
	}
	if all || plain > 0 || secrets {
		return t.s.scour(ctx)
	}
	return nil
}

// allRows returns the rows of a query for a key and a value.
func allRows(ctx context.Context, tx *sql.Tx, query string) (map[string][]byte, error) {
	rows, err := tx.QueryContext(ctx, query)
	if err != nil {
		return nil, err
	}
	defer func() { _ = rows.Close() }()
	all := map[string][]byte{}
	for rows.Next() {
		var key string
		var data []byte
		if err := rows.Scan(&key, &data); err != nil {
			return nil, err
		}
		all[key] = data
	}
	return all, rows.Err()
}

// scour erases overwritten tokens from the file and its log, where SQLite leaves them
// until it reuses the space.
func (s *Store) scour(ctx context.Context) error {
	for _, statement := range []string{`VACUUM`, `PRAGMA wal_checkpoint(TRUNCATE)`} {
		if _, err := s.db.ExecContext(ctx, statement); err != nil {
			return fmt.Errorf("the tokens are encrypted, but parts of older ones may remain in the file: %w", err)
		}
	}
	return nil
}

// isPlain reports whether data was encoded by [oauth.EncodeToken] and not sealed.
func isPlain(data []byte) bool { return len(data) > 0 && data[0] == '{' }

func (t *Tokens) encode(key string, token oauth.Token) ([]byte, error) {
	data, err := oauth.EncodeToken(token)
	if err != nil || t.sealer == nil {
		return data, err
	}
	data, err = t.sealer.Seal(data, oauth.SealedIdentity(key))
	if err != nil {
		return nil, fmt.Errorf("token of %q: %w", key, err)
	}
	return data, nil
}

func (t *Tokens) decode(key string, data []byte) (oauth.Token, error) {
	switch {
	case t.sealer == nil && isPlain(data):
		return oauth.DecodeToken(data)
	case t.sealer == nil:
		return oauth.Token{}, fmt.Errorf("token of %q: %w", key, errSealed)
	case isPlain(data):
		return oauth.Token{}, fmt.Errorf("token of %q: %w; delete it and log in again", key, errPlain)
	}
	plain, err := t.sealer.Open(data, oauth.SealedIdentity(key))
	if err != nil {
		return oauth.Token{}, fmt.Errorf("token of %q cannot be opened: %w; give the right key, restore the file from a copy, or delete it and log in again", key, err)
	}
	return oauth.DecodeToken(plain)
}
