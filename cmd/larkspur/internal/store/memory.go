package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"iter"
	"time"

	"github.com/larkspur-dev/larkspur/skill"
)

// maxMemos bounds what skills remember. When there are so many, what has expired is
// forgotten; if nothing has, new keys are refused.
const maxMemos = 5_000_000

// ErrMemoryFull is the error of a new key when skills remember too much.
var ErrMemoryFull = errors.New("store: skills remember too much; see larkspur memory list")

// A Memory keeps what skills remember. It implements [skill.Memory]. A change survives the end
// of the process at any moment; in a power cut the changes of the last moments can be lost,
// which is why a viewer who calls a counter often does not wear the disk.
type Memory struct{ s *Store }

var _ skill.Memory = (*Memory)(nil)

// Memory returns what skills remember.
func (s *Store) Memory() *Memory { return &Memory{s} }

// Get implements [skill.Memory].
func (m *Memory) Get(ctx context.Context, k skill.Key) (skill.Memo, error) {
	db, err := m.s.memory()
	if err != nil {
		return skill.Memo{}, fmt.Errorf("store: %w", err)
	}
	memo, err := scanMemo(db.QueryRowContext(ctx, `SELECT value, expires FROM memory WHERE channel = ? AND scope = ? AND name = ?`, k.Channel, k.Scope, k.Name))
	if err != nil {
		return memo, fmt.Errorf("store: %w", err)
	}
	return memo, nil
}

// scanMemo reads a memo; what has expired is nothing.
func scanMemo(row *sql.Row) (skill.Memo, error) {
	var memo skill.Memo
	var expires int64
	err := row.Scan(&memo.Value, &expires)
	if errors.Is(err, sql.ErrNoRows) {
		return skill.Memo{}, nil
	}
	if err != nil {
		return skill.Memo{}, err
	}
	if expires != 0 {
		if memo.Expires = time.UnixMilli(expires); !time.Now().Before(memo.Expires) {
			return skill.Memo{}, nil
		}
	}
	return memo, nil
}

// Update implements [skill.Memory].
func (m *Memory) Update(ctx context.Context, k skill.Key, f func(skill.Memo) (skill.Memo, error)) error {
	db, err := m.s.memory()
	if err != nil {
		return fmt.Errorf("store: %w", err)
	}
	tx, err := db.BeginTx(ctx, nil)
	if err != nil {
		return fmt.Errorf("store: %w", err)
	}
	defer func() { _ = tx.Rollback() }() // no effect after Commit
	old, err := scanMemo(tx.QueryRowContext(ctx, `SELECT value, expires FROM memory WHERE channel = ? AND scope = ? AND name = ?`, k.Channel, k.Scope, k.Name))
	if err != nil {
		return fmt.Errorf("store: %w", err)
	}
	memo, err := f(old)
	switch {
	case err != nil:
		return err // of the caller, as it is
	case memo.Value == "":
		_, err = tx.ExecContext(ctx, `DELETE FROM memory WHERE channel = ? AND scope = ? AND name = ?`, k.Channel, k.Scope, k.Name)
	default:
		if old.Value == "" {
			if err := makeRoom(ctx, tx); err != nil {
				return err
			}
		}
		expires := int64(0)
		if !memo.Expires.IsZero() {
			expires = memo.Expires.UnixMilli()
		}
		_, err = tx.ExecContext(ctx, `INSERT OR REPLACE INTO memory (channel, scope, name, value, expires) VALUES (?, ?, ?, ?, ?)`, k.Channel, k.Scope, k.Name, memo.Value, expires)
	}
	if err == nil {
		err = tx.Commit()
	}
	if err != nil {
		return fmt.Errorf("store: %w", err)
	}
	return nil
}

// makeRoom makes room for a new key.
func makeRoom(ctx context.Context, tx *sql.Tx) error {
	full, err := memoryFull(ctx, tx)
	if err != nil || !full {
		return err
	}
	if _, err := tx.ExecContext(ctx, `DELETE FROM memory WHERE expires != 0 AND expires <= ?`, time.Now().UnixMilli()); err != nil {
		return fmt.Errorf("store: %w", err)
	}
	if full, err = memoryFull(ctx, tx); err == nil && full {
		err = ErrMemoryFull
	}
	return err
}

// memoryFull reports whether there are as many memos as may be.
func memoryFull(ctx context.Context, tx *sql.Tx) (bool, error) {
	var one int
	err := tx.QueryRowContext(ctx, `SELECT 1 FROM memory LIMIT 1 OFFSET ?`, maxMemos-1).Scan(&one)
	if errors.Is(err, sql.ErrNoRows) {
		return false, nil
	}
	if err != nil {
		return false, fmt.Errorf("store: %w", err)
	}
	return true, nil
}

// All yields what skills remember, in the order of its keys. Channel and scope select, ""
// selects all.
func (m *Memory) All(ctx context.Context, channel, scope string) iter.Seq2[Remembered, error] {
	return func(yield func(Remembered, error) bool) {
		rows, err := m.s.db.QueryContext(ctx, `SELECT channel, scope, name, value, expires FROM memory
			WHERE (?1 = '' OR channel = ?1) AND (?2 = '' OR scope = ?2) AND (expires = 0 OR expires > ?3)
			ORDER BY channel, scope, name`, channel, scope, time.Now().UnixMilli())
		if err != nil {
			yield(Remembered{}, fmt.Errorf("store: %w", err))
			return
		}
		defer func() { _ = rows.Close() }()
		for rows.Next() {
			var r Remembered
			var expires int64
			err := rows.Scan(&r.Key.Channel, &r.Key.Scope, &r.Key.Name, &r.Memo.Value, &expires)
			if err == nil && expires != 0 {
				r.Memo.Expires = time.UnixMilli(expires)
			}
			if !yield(r, err) || err != nil {
				return
			}
		}
		if err := rows.Err(); err != nil {
			yield(Remembered{}, fmt.Errorf("store: %w", err))
		}
	}
}

// Remembered is one thing that skills remember.
type Remembered struct {
	Key  skill.Key
	Memo skill.Memo
}
