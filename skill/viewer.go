package skill

import (
	"context"
	"errors"
	"fmt"
	"reflect"
	"sync"
	"time"

	"github.com/larkspur-dev/larkspur/helix"
	"github.com/larkspur-dev/larkspur/skill/internal/expr"
)

// ViewerInfo is the value of viewer in expressions: what Twitch knows of the user who caused
// the event.
type ViewerInfo struct {
	Follows    bool   `json:"follows"`
	FollowedAt string `json:"followed_at"` // RFC 3339; "" for a user who does not follow
	CreatedAt  string `json:"created_at"`  // of the account; RFC 3339
}

// Viewers is a part that a [Host] may have: it looks viewers up. Without it, follower: and
// account-age: refuse everybody but the broadcaster, and viewer is an error.
type Viewers interface {
	Viewer(ctx context.Context, userID string) (ViewerInfo, error)
}

var errNoViewers = errors.New("the host cannot look viewers up")

var viewerShape = expr.ShapeOf("viewer", reflect.TypeFor[ViewerInfo]())

// Viewer implements [Viewers].
func (h *twitchHost) Viewer(ctx context.Context, userID string) (ViewerInfo, error) {
	var info ViewerInfo
	if h.on.Client == nil {
		return info, errNoViewers
	}
	user, err := h.on.Client.Users.ByID(ctx, userID)
	if err != nil {
		return info, err
	}
	info.CreatedAt = user.CreatedAt.Format(time.RFC3339)
	follows, err := h.on.Client.As(h.on.Bot.ID).Channels.GetFollowers(ctx, helix.GetChannelFollowersParams{BroadcasterID: h.on.Broadcaster.ID, UserID: userID})
	if err != nil {
		return info, err
	}
	for _, f := range follows.Items {
		info.Follows, info.FollowedAt = true, f.FollowedAt.Format(time.RFC3339)
	}
	return info, nil
}

// How long a look-up of a viewer is used, and a failed one, and how many are kept.
const (
	viewerAge      = time.Minute
	viewerErrorAge = 5 * time.Second
	maxViewers     = 10_000
)

// A viewerCache keeps what the host said of viewers, so that one who writes often costs one
// look-up a minute.
type viewerCache struct {
	mu   sync.Mutex
	seen map[string]viewerLookup // guarded by mu; by user id
}

type viewerLookup struct {
	info  ViewerInfo
	err   error
	until time.Time
}

// viewer looks a viewer up.
func (e *Engine) viewer(ctx context.Context, userID string) (ViewerInfo, error) {
	if userID == "" {
		return ViewerInfo{}, errNoUser
	}
	now := time.Now()
	e.viewers.mu.Lock()
	known, ok := e.viewers.seen[userID]
	e.viewers.mu.Unlock()
	if ok && now.Before(known.until) {
		return known.info, known.err
	}
	host, can := e.o.Host.(Viewers)
	if !can {
		return ViewerInfo{}, errNoViewers
	}
	l := viewerLookup{until: now.Add(viewerAge)}
	l.info, l.err = host.Viewer(helix.WithPriority(ctx, helix.PriorityChat), userID)
	if l.err != nil {
		if ctx.Err() != nil {
			return l.info, l.err
		}
		l.until = now.Add(viewerErrorAge)
	}
	e.viewers.keep(userID, l, now)
	return l.info, l.err
}

// keep stores a look-up. When there are too many, those that are over are dropped, or all.
func (c *viewerCache) keep(userID string, l viewerLookup, now time.Time) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if len(c.seen) >= maxViewers {
		for id, old := range c.seen {
			if !now.Before(old.until) {
				delete(c.seen, id)
			}
		}
	}
	if c.seen == nil || len(c.seen) >= maxViewers {
		c.seen = map[string]viewerLookup{}
	}
	c.seen[userID] = l
}

// fetchViewer returns viewer for expressions.
func (c *call) fetchViewer(ctx context.Context) (*expr.Record, error) {
	info, err := c.engine.viewer(ctx, c.chatter.id)
	if err != nil {
		return nil, fmt.Errorf("viewer: %w", err)
	}
	return expr.NewRecord(map[string]any{"follows": info.Follows, "followed_at": info.FollowedAt, "created_at": info.CreatedAt}, viewerShape), nil
}

// ages says how long a viewer must have followed, and how old the account must be.
type ages struct {
	follower, account time.Duration
	follows           bool // follower: was given, if only as 0
}

// admits reports whether a viewer is old enough. The broadcaster always is.
func (a *ages) admits(ctx context.Context, c *call) (bool, error) {
	if a == nil || c.isBroadcaster() {
		return true, nil
	}
	info, err := c.engine.viewer(ctx, c.chatter.id)
	if err != nil {
		return false, err
	}
	return (!a.follows || info.Follows && old(info.FollowedAt, a.follower)) && (a.account == 0 || old(info.CreatedAt, a.account)), nil
}

// old reports whether a time is at least so long ago.
func old(at string, age time.Duration) bool {
	t, err := time.Parse(time.RFC3339, at)
	return err == nil && time.Since(t) >= age
}
