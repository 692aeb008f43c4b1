package skill

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/larkspur-dev/larkspur/chat"
	"github.com/larkspur-dev/larkspur/internal/config"
	"github.com/larkspur-dev/larkspur/skill/internal/action"
	"github.com/larkspur-dev/larkspur/skill/internal/expr"
)

var errNoUser = errors.New("there is no user: the text is empty")

// field reads the value of a field. It returns nil after reporting a problem.
func (l *loader) field(f *action.Field, n *config.Node, s *expr.Scope) func(context.Context, *call) (any, error) {
	switch f.Kind {
	case action.KindConnector:
		return l.connector(n)
	case action.KindTexts:
		return l.texts(f, n, s)
	case action.KindAny, action.KindValue:
		return l.anyValue(n, s)
	case action.KindChoices:
		return l.loadPicker(n, s, false)
	case action.KindRotation:
		return l.loadPicker(n, s, true)
	case action.KindSkill:
		return l.skillName(n)
	case action.KindDuration:
		if n.Kind == config.Int || n.Kind == config.Float {
			d, ok := n.Duration(l.problems)
			return l.fixed(f, n, d, ok)
		}
	case action.KindInt, action.KindNumber, action.KindBool:
		if n.Kind == config.Int || n.Kind == config.Float || n.Kind == config.Bool {
			v, err := parseField(f, fmt.Sprint(n.Value))
			if err != nil {
				l.problems.Add(n, "%s", err)
				return nil
			}
			return constant(v)
		}
	case action.KindText, action.KindMessage, action.KindUser, action.KindEnum, action.KindURL:
	}
	t := l.text(n, s)
	if t == nil {
		return nil
	}
	if fixed, ok := t.Fixed(); ok && f.Kind != action.KindText && f.Kind != action.KindMessage && f.Kind != action.KindUser && f.Kind != action.KindURL {
		v, err := parseField(f, strings.TrimSpace(fixed))
		if err != nil {
			l.problems.Add(n, "%s", err)
			return nil
		}
		return constant(v)
	}
	return fieldOf(f, t)
}

func constant(v any) func(context.Context, *call) (any, error) {
	return func(context.Context, *call) (any, error) { return v, nil }
}

// fixed checks a duration that stands in the configuration.
func (l *loader) fixed(f *action.Field, n *config.Node, d time.Duration, ok bool) func(context.Context, *call) (any, error) {
	if !ok {
		return nil
	}
	if d < f.Shortest || f.Longest > 0 && d > f.Longest {
		l.problems.Add(n, "%s", rangeOf(f))
		return nil
	}
	return constant(d)
}

// fieldOf returns the value of a field from a text with expressions.
func fieldOf(f *action.Field, t *text) func(context.Context, *call) (any, error) {
	return func(ctx context.Context, c *call) (any, error) {
		fill := t.plain
		switch f.Kind { //nolint:exhaustive // all others are plain
		case action.KindMessage:
			fill = t.message
		case action.KindURL:
			fill = t.address
		}
		line, err := fill(ctx, c.env)
		if errors.Is(err, errEmptyText) && !f.Required {
			return nil, nil //nolint:nilnil // an optional field has no value
		}
		if err != nil {
			if f.Kind == action.KindUser && errors.Is(err, errEmptyText) {
				err = errNoUser
			}
			return nil, err
		}
		return c.fieldValue(f, line)
	}
}

// fieldValue converts a filled text to the type of the field.
func (c *call) fieldValue(f *action.Field, line string) (any, error) {
	if f.Kind != action.KindUser {
		return parseField(f, line)
	}
	u := User{Name: strings.TrimSpace(line)}
	if u.ID, u.Login = c.user(line); u.ID == "" && u.Login == "" {
		return nil, errNoUser
	}
	return u, nil
}

// user returns the id or the login that a text means. A name or login that occurs in the
// event means the id beside it; otherwise a text of digits is an id.
func (c *call) user(text string) (id, login string) {
	text = strings.TrimSpace(text)
	if id, ok := c.people[strings.ToLower(text)]; ok && id != "" {
		return id, ""
	}
	if isDigits(text) {
		return text, ""
	}
	return "", strings.ToLower(strings.TrimPrefix(text, "@"))
}

// parseField converts a text to the type of a field, and checks its limits.
func parseField(f *action.Field, line string) (any, error) {
	switch f.Kind {
	case action.KindDuration:
		return parseDuration(f, line)
	case action.KindInt:
		n, err := strconv.ParseInt(line, 10, 64)
		if err != nil || f.Max > 0 && (n < f.Min || n > f.Max) {
			return nil, fmt.Errorf("%q: %s", shortened(line), rangeOf(f))
		}
		return n, nil
	case action.KindNumber:
		n, err := strconv.ParseFloat(line, 64)
		if err != nil {
			return nil, fmt.Errorf("%q is not a number", shortened(line))
		}
		return n, nil
	case action.KindBool:
		switch strings.ToLower(line) {
		case "true", "yes", "on", "1":
			return true, nil
		case "false", "no", "off", "0":
			return false, nil
		}
		return nil, fmt.Errorf("%q is neither true nor false", shortened(line))
	case action.KindEnum:
		word := strings.ToLower(line)
		if !slices.Contains(f.Values, word) {
			return nil, fmt.Errorf("unknown %s %q%s", f.Name, shortened(line), hint(word, f.Values))
		}
		return word, nil
	case action.KindText:
		if f.Length > 0 {
			line = chat.Shorten(line, f.Length)
		}
	case action.KindMessage, action.KindUser, action.KindTexts, action.KindAny, action.KindConnector, action.KindSkill, action.KindValue, action.KindChoices, action.KindRotation, action.KindURL:
	}
	return line, nil
}

func shortened(s string) string { return chat.Shorten(s, 40) }

// parseDuration parses seconds, or a duration such as 10m.
func parseDuration(f *action.Field, line string) (any, error) {
	d, err := time.ParseDuration(line)
	if n, numErr := strconv.Atoi(line); numErr == nil && n <= int(maxDuration/time.Second) && n >= 0 {
		d, err = time.Duration(n)*time.Second, nil
	}
	if err != nil {
		return nil, fmt.Errorf("%q is not a duration; want seconds, or text such as 10m", shortened(line))
	}
	if d < f.Shortest || f.Longest > 0 && d > f.Longest {
		return nil, errors.New(rangeOf(f))
	}
	return d, nil
}

// maxDuration is the longest duration that a field can have.
const maxDuration = 100 * 365 * 24 * time.Hour

// rangeOf says what values a field can have.
func rangeOf(f *action.Field) string {
	switch {
	case f.Range != "":
		return f.Range
	case f.Kind == action.KindInt && f.Max > 0:
		return fmt.Sprintf("want a whole number from %d to %d", f.Min, f.Max)
	case f.Kind == action.KindInt:
		return "want a whole number"
	case f.Longest > 0:
		return fmt.Sprintf("want a duration from %s to %s", f.Shortest, f.Longest)
	}
	return fmt.Sprintf("want a duration of at least %s", f.Shortest)
}
