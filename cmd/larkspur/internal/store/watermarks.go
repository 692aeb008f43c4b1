package store

import (
	"context"
	"fmt"
	"maps"
	"time"

	"github.com/larkspur-dev/larkspur/eventsub"
)

// Watermarks implements [eventsub.WatermarkStore].
func (e *Events) Watermarks(ctx context.Context) (map[string]eventsub.Watermark, error) {
	rows, err := e.s.db.QueryContext(ctx, `SELECT key, at, state FROM watermarks`)
	if err != nil {
		return nil, fmt.Errorf("store: load watermarks: %w", err)
	}
	defer func() { _ = rows.Close() }()
	marks := map[string]eventsub.Watermark{}
	for rows.Next() {
		var key, at string
		var mark eventsub.Watermark
		if err := rows.Scan(&key, &at, &mark.State); err != nil {
			return nil, fmt.Errorf("store: load watermarks: %w", err)
		}
		if mark.At, err = time.Parse(time.RFC3339Nano, at); err != nil {
			return nil, fmt.Errorf("store: load watermarks: %s was changed by another program: %w", key, err)
		}
		marks[key] = mark
	}
	if err := rows.Err(); err != nil {
		return nil, fmt.Errorf("store: load watermarks: %w", err)
	}
	return marks, nil
}

// SetWatermarks implements [eventsub.WatermarkStore].
func (e *Events) SetWatermarks(ctx context.Context, marks map[string]eventsub.Watermark) error {
	if len(marks) == 0 {
		return nil
	}
	return e.write(ctx, "save watermarks", &request{marks: maps.Clone(marks)})
}
