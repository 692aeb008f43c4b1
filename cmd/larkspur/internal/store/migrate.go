package store

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"time"

	"modernc.org/sqlite" // also the driver "sqlite"
	sqlite3 "modernc.org/sqlite/lib"

	"github.com/larkspur-dev/larkspur/internal/retry"
)

// migrations upgrade the tables by one version each. A released migration is never
// edited; new ones are appended.
var migrations = []string{
	`CREATE TABLE tokens (
		key   TEXT PRIMARY KEY, -- a user's ID, or "app"
		token BLOB NOT NULL
	) STRICT;`,
	`CREATE TABLE imports (
		digest TEXT PRIMARY KEY, -- SHA-256 of the imported file, in hex
		file   TEXT NOT NULL,
		at     TEXT NOT NULL     -- RFC 3339
	) STRICT;`,
	`CREATE TABLE webhook_secrets (
		id         TEXT PRIMARY KEY, -- the last element of a callback's path
		secret     BLOB NOT NULL,
		created_at INTEGER NOT NULL  -- milliseconds since 1970
	) STRICT;`,
	`CREATE TABLE event_keys (
		number INTEGER PRIMARY KEY,  -- increases
		hash   BLOB NOT NULL UNIQUE, -- of the kind and the key
		at     INTEGER NOT NULL,     -- seconds since 1970
		value  TEXT NOT NULL
	) STRICT;
	CREATE TABLE inbox (
		number INTEGER PRIMARY KEY, -- of the message id in event_keys
		meta   BLOB NOT NULL,       -- JSON
		event  BLOB NOT NULL        -- as Twitch sent it
	) STRICT;
	CREATE TABLE watermarks (
		key   TEXT PRIMARY KEY,
		at    TEXT NOT NULL, -- RFC 3339
		state BLOB           -- NULL: none
	) STRICT;`,
	`CREATE TABLE memory (
		channel TEXT NOT NULL,    -- id; '' where there is one only
		scope   TEXT NOT NULL,    -- 'skill/NAME', 'channel' or 'user/ID'
		name    TEXT NOT NULL,
		value   TEXT NOT NULL,    -- JSON
		expires INTEGER NOT NULL, -- milliseconds since 1970; 0: never
		PRIMARY KEY (channel, scope, name)
	) STRICT, WITHOUT ROWID;`,
}

// errNewer reports a file made by a later version of Larkspur.
var errNewer = errors.New("the file was made by a newer version of Larkspur, which must be used to open it")

// busyFor limits how long opening a file waits for other processes.
const busyFor = 10 * time.Second

// migrate brings the tables up to date. Several processes may open a new file at
// once: while one of them switches it to WAL mode, SQLite returns SQLITE_BUSY to the
// others without honouring busy_timeout, so migrate retries.
func (s *Store) migrate(ctx context.Context) error {
	backoff := retry.Backoff{Min: 10 * time.Millisecond, Max: 200 * time.Millisecond, Floor: time.Millisecond}
	for until := time.Now().Add(busyFor); ; {
		err := s.update(ctx)
		if !isBusy(err) || time.Now().After(until) {
			return err
		}
		if err := retry.Sleep(ctx, backoff.Next()); err != nil {
			return err
		}
	}
}

func isBusy(err error) bool {
	e, ok := errors.AsType[*sqlite.Error](err)
	return ok && e.Code()&0xff == sqlite3.SQLITE_BUSY // the upper bits hold the extended code
}

// update runs the migrations that the file has not seen yet.
func (s *Store) update(ctx context.Context) error {
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
