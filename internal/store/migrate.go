package store

import (
	"context"
	"errors"
	"fmt"
	"strconv"
)

// migrations make each version of the tables from the one before. What was
// released is never edited, only added to.
var migrations = []string{
	`CREATE TABLE tokens (
		key   TEXT PRIMARY KEY, -- a user's ID, or "app"
		token BLOB NOT NULL
	) STRICT;
	CREATE TABLE leases (
		name   TEXT PRIMARY KEY,
		holder TEXT NOT NULL,
		until  INTEGER NOT NULL -- milliseconds since 1970
	) STRICT;`,
}

// errNewer says that a later Larkspur made the file.
var errNewer = errors.New("the file was made by a newer version of Larkspur, which must be used to open it")

// migrate is safe when several processes open a new file at once.
func (s *Store) migrate(ctx context.Context) error {
	tx, err := s.db.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	defer func() { _ = tx.Rollback() }() // no effect after Commit
	var version int
	if err := tx.QueryRowContext(ctx, `PRAGMA user_version`).Scan(&version); err != nil {
		return err
	}
	if version > len(migrations) {
		return errNewer
	}
	if version == len(migrations) {
		return nil
	}
	for i, statements := range migrations[version:] {
		if _, err := tx.ExecContext(ctx, statements); err != nil {
			return fmt.Errorf("to version %d: %w", version+i+1, err)
		}
	}
	if _, err := tx.ExecContext(ctx, `PRAGMA user_version = `+strconv.Itoa(len(migrations))); err != nil {
		return err
	}
	return tx.Commit()
}
