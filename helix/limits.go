package helix

import (
	"cmp"
	"slices"
	"time"
)

// Limits is what a client knows of Twitch's limits at some time, for a dashboard.
type Limits struct {
	InFlight    int // requests under way
	MaxInFlight int
	Waiting     int              // calls that wait for one of MaxInFlight
	Buckets     []BucketLimit    // by user id, the application's first
	Endpoints   []EndpointLimits // the limits of endpoints' own that hold something back, by endpoint
}

// BucketLimit is the bucket in which Twitch counts all calls with the tokens of
// one user, or those with app tokens.
type BucketLimit struct {
	UserID  string // "": the app token
	Size    int
	Points  float64   // how many are left; 0 while nothing may be sent
	Reopens time.Time // after a 429: nothing is sent before; else zero
	Waiting int       // calls that wait for a point
}

// EndpointLimits is how far the limits of one endpoint are used up for one of
// those whom they count.
type EndpointLimits struct {
	Endpoint *Endpoint
	Counted  []string      // whom or what: ids of a broadcaster, a target …
	Limits   []LimitUse    // of each limit that holds for every account
	Wait     time.Duration // until the next call may be sent
	Waiting  int           // calls that wait for that
}

// LimitUse is how far one limit is used up.
type LimitUse struct {
	Limit *RateLimit
	Used  int
}

// Limits returns what the client and its copies know of Twitch's limits now.
func (c *Client) Limits() Limits {
	now := time.Now()
	l := Limits{
		MaxInFlight: c.core.maxInFlight,
		Buckets:     c.core.buckets.state(now),
		Endpoints:   c.core.own.state(now),
	}
	l.InFlight, l.Waiting = c.core.inFlight.Used()
	return l
}

func (b *buckets) state(now time.Time) []BucketLimit {
	b.mu.Lock()
	defer b.mu.Unlock()
	out := make([]BucketLimit, 0, len(b.byUser))
	for user, one := range b.byUser {
		s := one.State(now)
		out = append(out, BucketLimit{user, s.Size, s.Points, s.Refused, s.Waiting})
	}
	slices.SortFunc(out, func(x, y BucketLimit) int { return cmp.Compare(x.UserID, y.UserID) })
	return out
}

func (o *ownLimits) state(now time.Time) []EndpointLimits {
	o.mu.Lock()
	defer o.mu.Unlock()
	var out []EndpointLimits
	for _, g := range o.gates {
		if g.again != nil && now.Before(g.until) {
			g = g.again
		}
		s := g.State(now)
		if s.Idle {
			continue
		}
		one := EndpointLimits{Endpoint: g.endpoint, Counted: slices.Clone(g.counted), Wait: s.Wait, Waiting: s.Waiting}
		for _, w := range g.windows {
			one.Limits = append(one.Limits, LimitUse{w.limit, w.Used(now)})
		}
		out = append(out, one)
	}
	slices.SortFunc(out, func(x, y EndpointLimits) int {
		return cmp.Or(cmp.Compare(x.Endpoint.ID, y.Endpoint.ID), slices.Compare(x.Counted, y.Counted))
	})
	return out
}
