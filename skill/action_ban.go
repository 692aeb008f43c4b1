package skill

import (
	"context"
	"errors"
	"strings"
	"time"

	"github.com/larkspur-dev/larkspur/internal/config"
	"github.com/larkspur-dev/larkspur/skill/internal/expr"
)

// ban: 'user', or {user: 'user', reason: 'text'}. The default user is the author of the
// message.
var ban = action{
	name:      "ban",
	class:     ClassModeration,
	endpoints: []string{"ban-user"},
	load: func(l *loader, n *config.Node, s *expr.Scope) step {
		user, reason, _ := l.target(n, s, "reason")
		if user == nil {
			return nil
		}
		return func(ctx context.Context, c *call) (string, error) {
			b, target, err := c.ban(ctx, user, reason)
			if err != nil {
				return target, err
			}
			return target, c.host().Ban(ctx, b)
		}
	},
}

var errNoUser = errors.New("no user to ban: the user is empty")

// target reads the user and reason of a ban or timeout. keys are the other keys of the
// mapping. user is nil after a problem.
func (l *loader) target(n *config.Node, s *expr.Scope, keys ...string) (user, reason *text, section *config.Section) {
	if n.Kind != config.Map && n.Kind != config.Null {
		return l.text(n, s), nil, nil
	}
	section = n.Section(l.problems, append([]string{"user"}, keys...)...)
	before := len(*l.problems)
	if r := section.Get("reason"); r != nil {
		reason = l.text(r, s)
	}
	switch u := section.Get("user"); {
	case u != nil:
		user = l.text(u, s)
	case l.chat:
		user = mustText(l.author, s)
	default:
		l.problems.Add(n, `"user" is missing`)
	}
	if len(*l.problems) > before {
		return nil, nil, section
	}
	return user, reason, section
}

// ban evaluates the user and the reason. target is the user for the report.
func (c *call) ban(ctx context.Context, user, reason *text) (b Ban, target string, err error) {
	text, err := user.plain(ctx, c.env)
	if err != nil {
		return b, "", err
	}
	if reason != nil {
		if b.Reason, err = reason.plain(ctx, c.env); err != nil && !errors.Is(err, errEmptyText) {
			return b, text, err
		}
	}
	b.UserID, b.Login = c.user(text)
	if b.UserID == "" && b.Login == "" {
		return b, text, errNoUser
	}
	return b, text, nil
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

// maxTimeout is the longest timeout that Twitch allows.
const maxTimeout = 14 * 24 * time.Hour
