package skill

import (
	"context"
	"fmt"
	"strconv"
	"time"

	"github.com/larkspur-dev/larkspur/internal/config"
	"github.com/larkspur-dev/larkspur/skill/internal/expr"
)

// timeout: {user: 'user', for: 10m, reason: 'text'}; seconds: 600 in place of for.
// The default user is the author of the message.
var timeout = action{
	name:      "timeout",
	class:     ClassModeration,
	endpoints: []string{"ban-user"},
	load: func(l *loader, n *config.Node, s *expr.Scope) step {
		if n.Kind != config.Map {
			l.problems.Add(n, "want {user: a login or id, for: 10m}")
			return nil
		}
		user, reason, section := l.target(n, s, "reason", "for", "seconds")
		length := l.length(section, s)
		if user == nil || length == nil {
			return nil
		}
		return func(ctx context.Context, c *call) (string, error) {
			b, target, err := c.ban(ctx, user, reason)
			if err != nil {
				return target, err
			}
			if b.Duration, err = length(ctx, c); err != nil {
				return target, err
			}
			return fmt.Sprintf("%s for %s", target, b.Duration), c.host().Ban(ctx, b)
		}
	},
}

// length reads the duration of a timeout: fixed, or a text with expressions.
func (l *loader) length(section *config.Section, s *expr.Scope) func(context.Context, *call) (time.Duration, error) {
	long, seconds := section.Get("for"), section.Get("seconds")
	if (long == nil) == (seconds == nil) {
		l.problems.Add(section.Node(), "want for: 10m or seconds: 600")
		return nil
	}
	n := long
	if n == nil {
		n = seconds
	}
	if src, ok := n.Value.(string); ok {
		if fixed, _ := expr.CompileTemplate(src, s); fixed == nil || !isFixed(fixed) {
			t := l.text(n, s)
			if t == nil {
				return nil
			}
			return func(ctx context.Context, c *call) (time.Duration, error) {
				text, err := t.message(ctx, c.env)
				if err != nil {
					return 0, err
				}
				return parseTimeout(text)
			}
		}
	}
	d, ok := n.Duration(l.problems)
	if !ok {
		return nil
	}
	if d < time.Second || d > maxTimeout {
		l.problems.Add(n, "a timeout must be between 1 second and 2 weeks")
		return nil
	}
	return func(context.Context, *call) (time.Duration, error) { return d, nil }
}

func isFixed(t *expr.Template) bool {
	_, ok := t.Fixed()
	return ok
}

// parseTimeout parses the result of expressions: seconds, or a duration such as 10m.
func parseTimeout(text string) (time.Duration, error) {
	d, err := time.ParseDuration(text)
	if n, numErr := strconv.Atoi(text); numErr == nil && n <= int(maxTimeout/time.Second) {
		d, err = time.Duration(n)*time.Second, nil
	}
	if err != nil || d < time.Second || d > maxTimeout {
		return 0, fmt.Errorf("%q is not a duration between 1 second and 2 weeks", text)
	}
	return d, nil
}
