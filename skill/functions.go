package skill

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"strconv"
	"time"

	"github.com/larkspur-dev/larkspur/skill/internal/expr"
)

// functions are what expressions and scripts can call, beside Starlark's own:
//
//	random(1, 6)                   a whole number from 1 to 6
//	pick(list)                     an element of a list or text; None if it is empty
//	plural(3, "death", "deaths")   "3 deaths"
//	ago("2026-01-02T03:04:05Z")    "3 days": how long ago a time was, or how far it is
//
// In an expression there is also uptime(): how long the stream has been live, "" if it is
// not.
var functions = map[string]any{
	"random": expr.Func(random),
	"pick":   expr.Func(pick),
	"plural": expr.Func(plural),
	"ago":    expr.Func(ago),
}

func random(_ context.Context, args *expr.Args) (any, error) {
	var from, to int64
	if err := args.Unpack("from", &from, "to", &to); err != nil {
		return nil, err
	}
	if to < from || to-from < 0 || to-from == 1<<63-1 {
		return nil, fmt.Errorf("random: %d to %d is not a range", from, to)
	}
	return from + rand.Int64N(to-from+1), nil //nolint:gosec // a dice, not a secret
}

func pick(_ context.Context, args *expr.Args) (any, error) {
	var list expr.Value
	if err := args.Unpack("list", &list); err != nil {
		return nil, err
	}
	n, ok := list.Len()
	if !ok {
		return nil, errors.New("pick: want a list")
	}
	if n == 0 {
		return nil, nil //nolint:nilnil // None
	}
	return list.Index(rand.IntN(n)), nil //nolint:gosec // as above
}

func plural(_ context.Context, args *expr.Args) (any, error) {
	var n int64
	var one, many string
	if err := args.Unpack("n", &n, "one", &one, "many?", &many); err != nil {
		return nil, err
	}
	if many == "" {
		many = one + "s"
	}
	if n == 1 {
		return "1 " + one, nil
	}
	return strconv.FormatInt(n, 10) + " " + many, nil
}

func ago(_ context.Context, args *expr.Args) (any, error) {
	var at expr.Value
	if err := args.Unpack("time", &at); err != nil {
		return nil, err
	}
	t, ok := at.AsTime()
	if !ok {
		return nil, fmt.Errorf("ago: %#v is not a time; want one such as event.followed_at", at)
	}
	return inWords(time.Since(t)), nil
}

// inWords returns a duration in words, with its two largest units.
func inWords(d time.Duration) string {
	if d < 0 {
		d = -d
	}
	const day = 24 * time.Hour
	units := []struct {
		length time.Duration
		name   string
	}{{365 * day, "year"}, {30 * day, "month"}, {day, "day"}, {time.Hour, "hour"}, {time.Minute, "minute"}, {time.Second, "second"}}
	text, parts := "", 0
	for _, u := range units {
		n := d / u.length
		if n == 0 && (parts == 0 || d == 0) || parts == 2 {
			continue
		}
		d -= n * u.length
		parts++
		if n == 0 {
			continue
		}
		if text != "" {
			text += " "
		}
		text += strconv.FormatInt(int64(n), 10) + " " + u.name
		if n > 1 {
			text += "s"
		}
	}
	if text == "" {
		return "0 seconds"
	}
	return text
}

// uptime is uptime() of expressions.
func (c *call) uptime(ctx context.Context, args *expr.Args) (any, error) {
	if err := args.Unpack(); err != nil {
		return nil, err
	}
	info, err := c.engine.channel.get(ctx)
	if err != nil || !info.Live {
		return "", err
	}
	began, err := time.Parse(time.RFC3339, info.StartedAt)
	if err != nil {
		return "", fmt.Errorf("uptime: %w", err)
	}
	return inWords(time.Since(began)), nil
}
