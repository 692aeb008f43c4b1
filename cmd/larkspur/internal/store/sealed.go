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
	errPlain  = errors.New("it is not encrypted, but others are: somebody has put it there")
	errMixed  = errors.New("the tokens in the file are encrypted and ours are not, or the other way round; use the same key everywhere")
)

// SealedTokens returns the tokens of s, encrypted by sealer; whose they are is not.
// Tokens that were plain so far are encrypted at once. Tokens that sealer cannot open
// are an error.
func (s *Store) SealedTokens(ctx context.Context, sealer oauth.Sealer) (*Tokens, error) {
	t := &Tokens{s: s, sealer: sealer}
	if err := t.rewrite(ctx, false); err != nil {
		return nil, fmt.Errorf("store: %s: %w", s.path, err)
	}
	return t, nil
}

// Reseal encrypts every token anew, with the key that the sealer uses now: afterwards
// older keys are not needed for this file anymore.
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

// rewrite reads all tokens, so that a wrong key shows at once, and encrypts them:
// the plain ones, or all.
func (t *Tokens) rewrite(ctx context.Context, all bool) error {
	tx, err := t.s.db.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	defer func() { _ = tx.Rollback() }() // no effect after Commit
	rows, err := everything(ctx, tx)
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
	if err := tx.Commit(); err != nil {
		return err
	}
	if all || plain > 0 {
		return t.s.scour(ctx)
	}
	return nil
}

func everything(ctx context.Context, tx *sql.Tx) (map[string][]byte, error) {
	rows, err := tx.QueryContext(ctx, `SELECT key, token FROM tokens`)
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

// scour removes what was overwritten from the file and its log, where SQLite leaves
// it until it needs the room.
func (s *Store) scour(ctx context.Context) error {
	for _, statement := range []string{`VACUUM`, `PRAGMA wal_checkpoint(TRUNCATE)`} {
		if _, err := s.db.ExecContext(ctx, statement); err != nil {
			return fmt.Errorf("the tokens are encrypted, but remains of old ones may be in the file: %w", err)
		}
	}
	return nil
}

// isPlain tells a token that [oauth.EncodeToken] made from one that was sealed.
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
