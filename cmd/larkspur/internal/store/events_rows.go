package store

import (
	"context"
	"database/sql"
	"errors"
	"strings"
)

// rowSizes are the numbers of rows that one statement of a rowWriter inserts. Binding and
// starting a statement costs as much as several rows.
var rowSizes = [...]int{64, 16, 4, 1}

// A rowWriter inserts any number of rows with few prepared statements.
type rowWriter struct {
	stmts [len(rowSizes)]*sql.Stmt // by index of rowSizes
	args  []any
}

// newRowWriter prepares statements that begin with insert and end with a list of rows,
// each of which has the given number of columns.
func newRowWriter(ctx context.Context, conn *sql.Conn, insert string, columns int) (*rowWriter, error) {
	w := &rowWriter{args: make([]any, 0, rowSizes[0]*columns)}
	row := "(?" + strings.Repeat(", ?", columns-1) + ")"
	for i, size := range rowSizes {
		var err error
		if w.stmts[i], err = conn.PrepareContext(ctx, insert+" VALUES "+row+strings.Repeat(", "+row, size-1)); err != nil {
			return nil, errors.Join(err, w.close())
		}
	}
	return w, nil
}

// insert inserts rows, and returns how many were not ignored. The function appends the
// columns of one row.
func (w *rowWriter) insert(ctx context.Context, rows int, columns func(args []any, row int) []any) (inserted int, err error) {
	defer func() { clear(w.args[:cap(w.args)]) }() // they refer to events
	for i, next := 0, 0; next < rows; {
		if rows-next < rowSizes[i] {
			i++
			continue
		}
		args := w.args[:0]
		for range rowSizes[i] {
			args = columns(args, next)
			next++
		}
		result, err := w.stmts[i].ExecContext(ctx, args...)
		if err != nil {
			return inserted, err
		}
		n, err := result.RowsAffected()
		if err != nil {
			return inserted, err
		}
		inserted += int(n)
	}
	return inserted, nil
}

func (w *rowWriter) close() error {
	if w == nil {
		return nil
	}
	var errs []error
	for _, stmt := range w.stmts {
		if stmt != nil {
			errs = append(errs, stmt.Close())
		}
	}
	return errors.Join(errs...)
}
