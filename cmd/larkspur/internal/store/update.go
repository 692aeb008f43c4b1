package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	"github.com/larkspur-dev/larkspur/oauth"
)

var _ oauth.Updater = (*Tokens)(nil)

// Update calls change with each stored token of keys and stores those that it changed,
// in one transaction: all or none of them, on the disk when Update returns nil.
func (t *Tokens) Update(ctx context.Context, keys []string, change func(key string, token oauth.Token) (oauth.Token, bool)) error {
	if err := t.update(ctx, keys, change); err != nil {
		return fmt.Errorf("store: %s: update tokens: %w", t.s.path, err)
	}
	return nil
}

func (t *Tokens) update(ctx context.Context, keys []string, change func(string, oauth.Token) (oauth.Token, bool)) error {
	tx, err := t.s.db.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	defer func() { _ = tx.Rollback() }() // no effect after Commit
	for _, key := range keys {
		var data []byte
		err := tx.QueryRowContext(ctx, `SELECT token FROM tokens WHERE key = ?`, key).Scan(&data)
		if errors.Is(err, sql.ErrNoRows) {
			continue
		}
		if err != nil {
			return err
		}
		token, err := t.decode(key, data)
		if err != nil {
			return err
		}
		token, changed := change(key, token)
		if !changed {
			continue
		}
		if data, err = t.encode(key, token); err != nil {
			return err
		}
		if _, err := tx.ExecContext(ctx, `UPDATE tokens SET token = ? WHERE key = ?`, data, key); err != nil {
			return err
		}
	}
	return tx.Commit()
}
