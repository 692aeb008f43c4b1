package store

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"github.com/larkspur-dev/larkspur/eventsub"
)

// A storedMeta is everything of a notification but its event. Programs of other versions
// read it too.
type storedMeta struct {
	ID           string                `json:"id"`
	Type         string                `json:"type"`
	Version      string                `json:"version"`
	At           time.Time             `json:"at,omitzero"`
	Retry        int                   `json:"retry,omitempty"`
	Late         bool                  `json:"late,omitempty"`
	Recovered    bool                  `json:"recovered,omitempty"`
	Source       string                `json:"source,omitempty"`
	Subscription eventsub.Subscription `json:"subscription"`
}

// A putting is a notification on its way into the inbox.
type putting struct {
	hash        []byte
	meta, event []byte
}

func (p putting) size() int64 { return int64(len(p.meta) + len(p.event)) }

func newPutting(n eventsub.Notification) (putting, error) {
	meta, err := json.Marshal(storedMeta{
		ID: n.Meta.MessageID, Type: n.Type.Name, Version: n.Type.Version, At: n.Meta.Timestamp, Retry: n.Meta.Retry,
		Late: n.Meta.Late, Recovered: n.Meta.Recovered, Source: n.Meta.Source, Subscription: n.Meta.Subscription,
	})
	if err != nil {
		return putting{}, err
	}
	event := []byte(n.Event)
	if event == nil {
		event = []byte{}
	}
	return putting{hash: hashOf("inbox", n.Meta.MessageID), meta: meta, event: event}, nil
}

// notification returns the notification of a row.
func notification(meta, event []byte) (eventsub.Notification, error) {
	var m storedMeta
	if err := json.Unmarshal(meta, &m); err != nil {
		return eventsub.Notification{}, err
	}
	return eventsub.Notification{
		Type:  eventsub.Type{Name: m.Type, Version: m.Version},
		Event: event,
		Meta: eventsub.Meta{
			MessageID: m.ID, Timestamp: m.At, Retry: m.Retry, Late: m.Late, Recovered: m.Recovered, Source: m.Source,
			Subscription: m.Subscription,
		},
	}, nil
}

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
