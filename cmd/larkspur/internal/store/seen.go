package store

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"errors"
	"fmt"
)

// hashOf returns what is stored of a key, which can be long: 16 bytes of its SHA-256.
func hashOf(kind, key string) []byte {
	text := append(append(append(make([]byte, 0, 128), kind...), ' '), key...) // mostly not on the heap
	sum := sha256.Sum256(text)
	return sum[:16]
}

// Seen implements [eventsub.SeenStore].
func (e *Events) Seen(ctx context.Context, keys ...string) (map[string]string, error) {
	found := map[string]string{}
	for _, key := range keys {
		var value string
		switch err := e.seen.QueryRowContext(ctx, hashOf("seen", key)).Scan(&value); {
		case errors.Is(err, sql.ErrNoRows):
		case err != nil:
			return nil, fmt.Errorf("store: look up handled events: %w", err)
		default:
			found[key] = value
		}
	}
	return found, nil
}

// Add implements [eventsub.SeenStore].
func (e *Events) Add(ctx context.Context, keys map[string]string) error {
	if len(keys) == 0 {
		return nil
	}
	r := &request{add: make([]seenKey, 0, len(keys))}
	for key, value := range keys {
		r.add = append(r.add, seenKey{hash: hashOf("seen", key), value: value})
	}
	return e.write(ctx, "remember handled events", r)
}
