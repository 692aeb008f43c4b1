package api

import (
	"math"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/larkspur-dev/larkspur/emulator/internal/world"
)

// fullBucket is how many points a client has at Twitch, and without limits always has.
const fullBucket = 800

// limits are the buckets of tokens and the windows of endpoints.
type limits struct {
	points int // per minute; 0: no limits

	mu      *sync.Mutex
	buckets map[string]*bucket
	windows map[string][]time.Time // when calls were, by endpoint and who is counted
}

// A bucket fills up evenly and is full after a minute.
type bucket struct {
	left float64
	at   time.Time
}

func newLimits(points int) limits {
	return limits{points: points, mu: new(sync.Mutex), buckets: map[string]*bucket{}, windows: map[string][]time.Time{}}
}

func tooMany() error {
	return &world.Error{Status: http.StatusTooManyRequests, Message: "Too Many Requests"}
}

// take costs one point and tells the client how many are left.
func (l *limits) take(c *call) error {
	now := time.Now()
	if l.points == 0 {
		c.tellLimit(fullBucket, fullBucket, now)
		return nil
	}
	perSecond := float64(l.points) / 60
	key := c.grant.ClientID + " " + c.grant.UserID
	l.mu.Lock()
	defer l.mu.Unlock()
	b := l.buckets[key]
	if b == nil {
		b = &bucket{left: float64(l.points), at: now}
		l.buckets[key] = b
	}
	b.left = min(float64(l.points), b.left+now.Sub(b.at).Seconds()*perSecond)
	b.at = now
	enough := b.left >= 1
	if enough {
		b.left--
	}
	full := time.Duration((float64(l.points) - b.left) / perSecond * float64(time.Second))
	c.tellLimit(l.points, int(b.left), now.Add(full))
	if !enough {
		return tooMany()
	}
	return nil
}

// tellLimit writes the headers that all of Helix's answers have. Clients wait for them:
// twurple sends one request at a time until it has seen them.
func (c *call) tellLimit(points, left int, full time.Time) {
	c.header.Set("Ratelimit-Limit", strconv.Itoa(points))
	c.header.Set("Ratelimit-Remaining", strconv.Itoa(left))
	c.header.Set("Ratelimit-Reset", strconv.FormatInt(int64(math.Ceil(float64(full.UnixMilli())/1000)), 10))
}

// takeEndpoint counts a call against the limits that an endpoint has of its own.
func (l *limits) takeEndpoint(c *call) error {
	if l.points == 0 {
		return nil
	}
	now := time.Now()
	l.mu.Lock()
	defer l.mu.Unlock()
	var keys []string
	for i, limit := range c.endpoint.Limits {
		if limit.Max == 0 || limit.WindowSeconds == 0 {
			continue
		}
		counted := c.counted(limit.Per)
		if counted == "" {
			continue
		}
		key := c.endpoint.ID + " " + strconv.Itoa(i) + " " + counted
		window := time.Duration(limit.WindowSeconds) * time.Second
		recent := l.windows[key]
		for len(recent) > 0 && now.Sub(recent[0]) >= window {
			recent = recent[1:]
		}
		l.windows[key] = recent
		if len(recent) >= limit.Max*c.allowance() {
			return tooMany()
		}
		keys = append(keys, key)
	}
	for _, key := range keys {
		l.windows[key] = append(l.windows[key], now)
	}
	return nil
}

// allowance is the factor by which a channel's limit of an endpoint is larger than usual.
func (c *call) allowance() int {
	if c.endpoint.ID != "check-automod-status" {
		return 1
	}
	switch b, _ := c.world.UserByID(c.broadcaster()); b.BroadcasterType {
	case "affiliate":
		return 2
	case "partner":
		return 6
	default:
		return 1
	}
}

// counted returns the key that a limit counts by; "" if the call does not have it, or if
// the world does the counting.
func (c *call) counted(per string) string {
	switch per {
	case "broadcaster":
		if id := c.broadcaster(); id != "" {
			return id
		}
		return c.get("from_broadcaster_id")
	case "sender":
		return c.grant.UserID
	case "channel":
		return c.broadcaster()
	case "segment":
		return c.grant.ClientID + " " + strings.Join(c.query["segment"], " ")
	case "extension client id + broadcaster id":
		return c.grant.ClientID + " " + c.broadcaster()
	case "":
		return c.grant.ClientID
	}
	return ""
}
