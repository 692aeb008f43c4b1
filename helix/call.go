package helix

import (
	"context"
	"slices"
	"time"
)

// A Call is one call of an [Endpoint]: what goes in and what came back. It is
// what [Middleware] sees.
type Call struct {
	Endpoint *Endpoint
	Params   any // a params struct, or nil
	Out      any // a pointer to decode the answer into; *[]byte takes it as it is; nil drops it

	// Token and UserID say whose token is sent: [UserToken] and an id, or
	// [AppToken], [JWT] or 0 and "". [Client.Do] sets them before the middleware runs.
	Token  TokenKind
	UserID string

	// Priority says who goes first where calls wait. 0 lets the context and the
	// endpoint decide, see [WithPriority]. Middleware may change it.
	Priority Priority

	// What came back. Zero until the innermost handler returned.
	Status    int           // of the last answer; 0 if there was none
	Attempts  int           // requests sent
	RateLimit RateLimitInfo // after the last answer
	Waits     []Wait        // how long the call was held back, and by what

	params   params // Params, as read
	token    string // the token itself
	fallback bool   // Token may become AppToken when the user has no token
}

// RateLimitInfo is what Twitch's headers say of the bucket a call was counted in.
type RateLimitInfo struct {
	Limit     int       // points of a full bucket; 0: Twitch did not say
	Remaining int       // points left
	Reset     time.Time // when the bucket is full again
}

// A Wait is a time that a call was held back before a request.
type Wait struct {
	For      WaitReason
	Duration time.Duration
}

// WaitReason says what a call was held back by.
type WaitReason string

// The reasons to wait.
const (
	WaitBucket   WaitReason = "bucket"    // for a point of the bucket that Twitch's headers show
	WaitEndpoint WaitReason = "endpoint"  // for a limit of the endpoint's own
	WaitInFlight WaitReason = "in_flight" // for one of [Options].MaxInFlight
	WaitRetry    WaitReason = "retry"     // before trying again
)

// waited notes how long the call was held back since start.
func (c *Call) waited(reason WaitReason, start time.Time) {
	if d := time.Since(start); d > waitNoticed {
		c.Waits = append(c.Waits, Wait{reason, d})
	}
}

// waitNoticed is more than it takes to find out that there is nothing to wait for.
const waitNoticed = 50 * time.Microsecond

// A Handler performs a call and fills in its results.
type Handler func(ctx context.Context, c *Call) error

// A Middleware wraps what happens on every call: metrics, tracing, tests. It is
// entered once per call, however often the request is repeated.
type Middleware func(next Handler) Handler

// chain wraps h into all of ms, the first outermost.
func chain(h Handler, ms []Middleware) Handler {
	for _, m := range slices.Backward(ms) {
		h = m(h)
	}
	return h
}
