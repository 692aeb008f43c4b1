package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"github.com/larkspur-dev/larkspur/eventsub"
)

const (
	// mostRequests bounds the requests that wait for the writer, and those of one commit.
	mostRequests = 1024
	// mostPuts bounds the notifications of one commit.
	mostPuts = 4096
	// pruneEvery is the number of new keys after which old ones are removed, twice as
	// many at most, in steps of pruneStep.
	pruneEvery = 1000
	pruneStep  = 500
	// holdFor is how long the removal of notifications waits for new ones, to share
	// their commit.
	holdFor = time.Millisecond
)

// A request is what one call wants to write.
type request struct {
	put     []putting
	numbers []int64 // result of put
	done    []int64
	add     []seenKey
	marks   map[string]eventsub.Watermark

	result chan error // has room for it
}

// A seenKey is a key of a SeenStore with its value.
type seenKey struct {
	hash  []byte
	value string
}

// lasting reports whether r has to survive a power cut.
func (r *request) lasting() bool { return len(r.put)+len(r.marks) > 0 }

// patient reports whether r only removes from the inbox.
func (r *request) patient() bool { return !r.lasting() && len(r.add) == 0 }

// size returns the size of the notifications in put.
func (r *request) size() (bytes int64) {
	for _, p := range r.put {
		bytes += p.size()
	}
	return bytes
}

// An eventWriter is the goroutine that writes for all callers, with a connection of its
// own.
type eventWriter struct {
	e    *Events
	conn *sql.Conn
	full bool // the connection waits for the disk at each commit

	sizes map[int64]int64 // of the notifications in the inbox, by number
	bytes int64           // their sum
	last  int64           // number of the last key
	added int             // keys since the last pruning

	// held are requests that only remove from the inbox, and wait for others; see holdFor.
	held []*request
	due  *time.Timer // runs while requests are held

	begin, commitNow, rollback, lastKey, present, deleteInbox, insertMark, deleteMark, prune *sql.Stmt

	insertKeys, replaceKeys, insertInbox *rowWriter
}

func newEventWriter(ctx context.Context, e *Events) (w *eventWriter, err error) {
	conn, err := e.s.db.Conn(ctx)
	if err != nil {
		return nil, err
	}
	w = &eventWriter{e: e, conn: conn, full: true, sizes: map[int64]int64{}}
	defer func() {
		if err != nil {
			err = errors.Join(err, w.close())
		}
	}()
	// Most pages are written again soon. So the log may have 32 MB before they are copied.
	if _, err = conn.ExecContext(ctx, `PRAGMA wal_autocheckpoint = 8192`); err != nil {
		return w, err
	}
	for stmt, text := range map[**sql.Stmt]string{
		&w.begin:       `BEGIN IMMEDIATE`,
		&w.commitNow:   `COMMIT`,
		&w.rollback:    `ROLLBACK`,
		&w.lastKey:     `SELECT coalesce(max(number), 0) FROM event_keys`,
		&w.present:     `SELECT number FROM event_keys WHERE number BETWEEN ? AND ?`,
		&w.deleteInbox: `DELETE FROM inbox WHERE number BETWEEN ? AND ?`,
		&w.insertMark:  `INSERT OR REPLACE INTO watermarks (key, at, state) VALUES (?, ?, ?)`,
		&w.deleteMark:  `DELETE FROM watermarks WHERE key = ?`,
		&w.prune: `DELETE FROM event_keys WHERE number IN (SELECT number FROM event_keys
			WHERE number <= ?1 AND (at < ?2 OR number <= ?3) ORDER BY number LIMIT ?4)`,
	} {
		if *stmt, err = conn.PrepareContext(ctx, text); err != nil {
			return w, err
		}
	}
	if w.insertKeys, err = newRowWriter(ctx, conn, `INSERT OR IGNORE INTO event_keys (number, hash, at, value)`, 4); err != nil {
		return w, err
	}
	if w.replaceKeys, err = newRowWriter(ctx, conn, `INSERT OR REPLACE INTO event_keys (number, hash, at, value)`, 4); err != nil {
		return w, err
	}
	// OR ROLLBACK saves SQLite the preparation to undo a part of the statement.
	if w.insertInbox, err = newRowWriter(ctx, conn, `INSERT OR ROLLBACK INTO inbox (number, meta, event)`, 3); err != nil {
		return w, err
	}
	return w, w.load(ctx)
}

// load reads what an earlier run has left.
func (w *eventWriter) load(ctx context.Context) error {
	if err := w.lastKey.QueryRowContext(ctx).Scan(&w.last); err != nil {
		return err
	}
	rows, err := w.conn.QueryContext(ctx, `SELECT number, length(meta) + length(event) FROM inbox`)
	if err != nil {
		return err
	}
	defer func() { _ = rows.Close() }()
	for rows.Next() {
		var number, size int64
		if err := rows.Scan(&number, &size); err != nil {
			return err
		}
		w.sizes[number] = size
		w.bytes += size
	}
	return rows.Err()
}

func (w *eventWriter) close() error {
	errs := []error{w.insertKeys.close(), w.replaceKeys.close(), w.insertInbox.close()}
	for _, stmt := range []*sql.Stmt{w.begin, w.commitNow, w.rollback, w.lastKey, w.present, w.deleteInbox, w.insertMark, w.deleteMark, w.prune, w.e.seen} {
		if stmt != nil {
			errs = append(errs, stmt.Close())
		}
	}
	return errors.Join(append(errs, w.conn.Close())...)
}

// run commits requests until the store is closed.
func (w *eventWriter) run() {
	defer close(w.e.stopped)
	defer func() { _ = w.close() }() // the file is about to be closed
	w.due = time.NewTimer(time.Hour)
	defer w.due.Stop()
	for {
		select {
		case r := <-w.e.requests:
			if batch := w.collect(r); !w.hold(batch) {
				w.commit(batch)
			}
		case <-w.due.C:
			w.commit(nil)
		case <-w.e.quit:
			w.commit(nil)
			return
		}
		w.pruneSome()
	}
}

// collect returns a request with those that are waiting behind it.
func (w *eventWriter) collect(first *request) []*request {
	batch, puts := []*request{first}, len(first.put)
	for len(batch) < mostRequests && puts < mostPuts {
		select {
		case r := <-w.e.requests:
			batch = append(batch, r)
			puts += len(r.put)
		default:
			return batch
		}
	}
	return batch
}

// hold keeps requests that only remove from the inbox for the next commit, if that may
// come soon. It returns false if they have to be written now.
func (w *eventWriter) hold(batch []*request) bool {
	for _, r := range batch {
		if !r.patient() {
			return false
		}
	}
	if len(w.held)+len(batch) > mostRequests {
		return false
	}
	if len(w.held) == 0 {
		w.due.Reset(holdFor)
	}
	w.held = append(w.held, batch...)
	return true
}

// commit writes requests, and those that are held, in one transaction and tells their
// callers.
func (w *eventWriter) commit(batch []*request) {
	if len(w.held) > 0 {
		w.due.Stop()
		batch = append(w.held, batch...)
		w.held = nil
	}
	lasting := false
	fitting := batch[:0:len(batch)]
	puts, size := len(w.sizes), w.bytes
	for _, r := range batch {
		if len(r.put) > 0 {
			more := r.size()
			if puts+len(r.put) > w.e.o.MostWaiting || size+more > w.e.o.MostBytes {
				r.result <- fmt.Errorf("%w: %d events (%d MB) wait for their handlers", eventsub.ErrInboxFull, puts, size>>20)
				continue
			}
			puts, size = puts+len(r.put), size+more
		}
		fitting = append(fitting, r)
		lasting = lasting || r.lasting()
	}
	if len(fitting) == 0 {
		return
	}
	last := w.last
	err := w.transact(lasting, func(ctx context.Context) error { return w.apply(ctx, fitting) })
	if err != nil {
		w.last = last
	}
	for _, r := range fitting {
		if err == nil {
			w.count(r)
		}
		r.result <- err
	}
}

// transact runs write in a transaction. The context is not the caller's: one that ends
// must not undo what others have written.
func (w *eventWriter) transact(lasting bool, write func(ctx context.Context) error) (err error) {
	ctx := context.Background()
	if lasting != w.full {
		mode := "NORMAL"
		if lasting {
			mode = "FULL"
		}
		if _, err := w.conn.ExecContext(ctx, `PRAGMA synchronous = `+mode); err != nil {
			return err
		}
		w.full = lasting
	}
	if _, err := w.begin.ExecContext(ctx); err != nil {
		return err
	}
	if err = write(ctx); err == nil {
		_, err = w.commitNow.ExecContext(ctx)
	}
	if err != nil {
		_, _ = w.rollback.ExecContext(ctx) // fails if the error has ended the transaction
	}
	return err
}

// count keeps account of a request that was committed.
func (w *eventWriter) count(r *request) {
	for i, p := range r.put {
		if number := r.numbers[i]; number != 0 {
			w.sizes[number] = p.size()
			w.bytes += p.size()
		}
	}
	for _, number := range r.done {
		w.bytes -= w.sizes[number]
		delete(w.sizes, number)
	}
}

// pruneSome removes old keys if many were added, between two commits. An error is not
// reported: it tries again after the next keys.
func (w *eventWriter) pruneSome() {
	added := w.added
	if added < pruneEvery {
		return
	}
	w.added = 0
	keep, old := w.e.o.KeepKeys, time.Now().Add(-w.e.o.KeepFor).Unix()
	for left := 2 * added; left > 0; left -= pruneStep {
		removed := int64(0)
		err := w.transact(false, func(ctx context.Context) error {
			result, err := w.prune.ExecContext(ctx, w.last-keep, old, w.last-4*keep, pruneStep)
			if err == nil {
				removed, err = result.RowsAffected()
			}
			return err
		})
		if err != nil || removed < pruneStep {
			return
		}
		if len(w.e.requests) > 0 { // callers are waiting
			w.commit(w.collect(<-w.e.requests))
		}
	}
}
