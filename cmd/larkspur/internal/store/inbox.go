package store

import (
	"context"
	"fmt"

	"github.com/larkspur-dev/larkspur/eventsub"
)

// Put implements [eventsub.Inbox]. Calls that come at the same time share a commit.
func (e *Events) Put(ctx context.Context, ns ...eventsub.Notification) (numbers []int64, err error) {
	if len(ns) == 0 {
		return nil, nil
	}
	r := &request{numbers: make([]int64, len(ns)), put: make([]putting, len(ns))}
	for i, n := range ns {
		if r.put[i], err = newPutting(n); err != nil {
			return nil, fmt.Errorf("store: put event %s into the inbox: %w", n.Meta.MessageID, err)
		}
	}
	if err := e.write(ctx, "put events into the inbox", r); err != nil {
		return nil, err
	}
	return r.numbers, nil
}

// Done implements [eventsub.Inbox]. The ids of the notifications are kept.
func (e *Events) Done(ctx context.Context, numbers ...int64) error {
	if len(numbers) == 0 {
		return nil
	}
	return e.write(ctx, "remove events from the inbox", &request{done: numbers})
}

// Waiting implements [eventsub.Inbox].
func (e *Events) Waiting(ctx context.Context, after int64, limit int) ([]eventsub.InboxEntry, error) {
	rows, err := e.s.db.QueryContext(ctx, `SELECT number, meta, event FROM inbox WHERE number > ? ORDER BY number LIMIT ?`, after, limit)
	if err != nil {
		return nil, fmt.Errorf("store: read the inbox: %w", err)
	}
	defer func() { _ = rows.Close() }()
	var list []eventsub.InboxEntry
	for rows.Next() {
		var entry eventsub.InboxEntry
		var meta, event []byte
		if err := rows.Scan(&entry.Number, &meta, &event); err != nil {
			return nil, fmt.Errorf("store: read the inbox: %w", err)
		}
		if entry.Notification, err = notification(meta, event); err != nil {
			return nil, fmt.Errorf("store: read the inbox: event %d was changed by another program: %w", entry.Number, err)
		}
		list = append(list, entry)
	}
	if err := rows.Err(); err != nil {
		return nil, fmt.Errorf("store: read the inbox: %w", err)
	}
	return list, nil
}
