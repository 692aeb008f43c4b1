package store

import (
	"context"
	"slices"
	"time"
)

// apply writes requests in a transaction.
func (w *eventWriter) apply(ctx context.Context, batch []*request) error {
	last := int64(0) // of all processes
	if err := w.lastKey.QueryRowContext(ctx).Scan(&last); err != nil {
		return err
	}
	w.last = max(w.last, last)
	now := time.Now()
	if err := w.put(ctx, batch, now); err != nil {
		return err
	}
	var done []int64
	var add []seenKey
	for _, r := range batch {
		done = append(done, r.done...)
		add = append(add, r.add...)
	}
	if err := w.remove(ctx, done); err != nil {
		return err
	}
	if err := w.add(ctx, add, now); err != nil {
		return err
	}
	for _, r := range batch {
		if err := w.mark(ctx, r); err != nil {
			return err
		}
	}
	return nil
}

// put stores the notifications whose message id is new, and sets the numbers of the
// requests.
func (w *eventWriter) put(ctx context.Context, batch []*request, now time.Time) error {
	var all []putting
	for _, r := range batch {
		all = append(all, r.put...)
	}
	if len(all) == 0 {
		return nil
	}
	first, at := w.last+1, now.Unix()
	inserted, err := w.insertKeys.insert(ctx, len(all), func(args []any, i int) []any {
		return append(args, first+int64(i), all[i].hash, at, "")
	})
	if err != nil {
		return err
	}
	w.last += int64(len(all))
	w.added += inserted
	numbers := make([]int64, len(all))
	if inserted == len(all) {
		for i := range numbers {
			numbers[i] = first + int64(i)
		}
	} else {
		if err := w.find(ctx, first, numbers); err != nil {
			return err
		}
		w.last = max(first-1, slices.Max(numbers)) // what follows the last new one stays free
	}
	fresh := make([]int, 0, inserted) // indexes of all
	for i, number := range numbers {
		if number != 0 {
			fresh = append(fresh, i)
		}
	}
	if _, err := w.insertInbox.insert(ctx, len(fresh), func(args []any, i int) []any {
		p := all[fresh[i]]
		return append(args, numbers[fresh[i]], p.meta, p.event)
	}); err != nil {
		return err
	}
	for _, r := range batch {
		copy(r.numbers, numbers)
		numbers = numbers[len(r.put):]
	}
	return nil
}

// find sets those numbers, beginning with first, that have a key.
func (w *eventWriter) find(ctx context.Context, first int64, numbers []int64) error {
	rows, err := w.present.QueryContext(ctx, first, first+int64(len(numbers))-1)
	if err != nil {
		return err
	}
	defer func() { _ = rows.Close() }()
	for rows.Next() {
		var number int64
		if err := rows.Scan(&number); err != nil {
			return err
		}
		numbers[number-first] = number
	}
	return rows.Err()
}

// add stores keys of a SeenStore.
func (w *eventWriter) add(ctx context.Context, keys []seenKey, now time.Time) error {
	first, at := w.last+1, now.Unix()
	_, err := w.replaceKeys.insert(ctx, len(keys), func(args []any, i int) []any {
		return append(args, first+int64(i), keys[i].hash, at, keys[i].value)
	})
	w.last += int64(len(keys))
	w.added += len(keys)
	return err
}

// mark saves or removes the watermarks of a request.
func (w *eventWriter) mark(ctx context.Context, r *request) (err error) {
	for key, mark := range r.marks {
		if mark.At.IsZero() {
			_, err = w.deleteMark.ExecContext(ctx, key)
		} else {
			_, err = w.insertMark.ExecContext(ctx, key, mark.At.Format(time.RFC3339Nano), mark.State)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// remove removes notifications from the inbox, neighbours by one statement.
func (w *eventWriter) remove(ctx context.Context, numbers []int64) error {
	numbers = slices.Sorted(slices.Values(numbers))
	for len(numbers) > 0 {
		n := 1
		for n < len(numbers) && w.adjacent(numbers[n-1], numbers[n]) {
			n++
		}
		if _, err := w.deleteInbox.ExecContext(ctx, numbers[0], numbers[n-1]); err != nil {
			return err
		}
		numbers = numbers[n:]
	}
	return nil
}

// adjacent reports whether no notification in the inbox has a number between two that
// are near each other.
func (w *eventWriter) adjacent(low, high int64) bool {
	const near = 64
	if high-low > near {
		return false
	}
	for between := low + 1; between < high; between++ {
		if _, ok := w.sizes[between]; ok {
			return false
		}
	}
	return true
}
