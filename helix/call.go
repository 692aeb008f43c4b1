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

	// What came back. Zero until the innermost handler returned.
	Status    int           // of the last answer; 0 if there was none
	Attempts  int           // requests sent
	RateLimit RateLimitInfo // after the last answer

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
