package helix

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"maps"
	"net/http"
	"net/http/httptrace"
	"net/url"
	"sync"
	"sync/atomic"
	"time"

	"github.com/larkspur-dev/larkspur/internal/limit"
)

// userAgent names this library in Twitch's logs.
const userAgent = "larkspur (+https://github.com/larkspur-dev/larkspur)"

// Do performs a call. Every method of this package ends here, and so can a call
// of an endpoint that this package does not know yet.
//
// Do chooses the token, checks the parameters, runs the middleware, waits for a
// point of Twitch's rate limit, sends the request, renews a refused token once
// and repeats what may be repeated. The error is an [Error] if Twitch refused,
// a [ScopeError], [ParamError] or [TokenError] if nothing was sent, is
// [ErrUnknownOutcome] if the call may have been carried out, and wraps the network's error
// otherwise.
func (c *Client) Do(ctx context.Context, call *Call) error {
	p, err := c.core.plans.read(call.Params)
	if err != nil {
		return fmt.Errorf("helix: %s: %w", call.Endpoint.Name, err)
	}
	call.Status, call.Attempts, call.RateLimit, call.Waits = 0, 0, RateLimitInfo{}, nil
	if err := c.choose(call, p); err != nil {
		return err
	}
	// Without a user's token it may become an app token, for which less is required.
	kind := call.Token
	if call.fallback {
		kind |= AppToken
	}
	if err := p.check(&c.core.plans, call.Endpoint, kind); err != nil {
		return err
	}
	call.params = p
	return c.core.handler(ctx, call)
}

// core is what all copies of a client share.
type core struct {
	clientID    string
	tokens      TokenSource
	renewer     Renewer        // nil if tokens is none
	validator   TokenValidator // nil if tokens is none
	scopes      ScopeSource    // nil if tokens is none
	jwt         JWTSource
	http        *http.Client
	baseURL     string
	logger      *slog.Logger
	maxAttempts int
	maxInFlight int
	bodyLimit   int64
	handler     Handler

	header   http.Header // sent with every request
	plans    plans
	inFlight *limit.Slots // one per request under way
	buckets  buckets
	own      ownLimits
	people   people
	buffers  sync.Pool // *bytes.Buffer, for answers
}

func newCore(clientID string, tokens TokenSource, o Options) *core {
	c := &core{
		clientID: clientID, tokens: tokens, jwt: o.JWT,
		http: o.HTTPClient, baseURL: o.BaseURL, logger: o.Logger,
		maxAttempts: o.MaxAttempts, bodyLimit: o.BodyLimit,
		header:   http.Header{"User-Agent": {userAgent}, "Client-Id": {clientID}},
		inFlight: limit.NewSlots(o.MaxInFlight), maxInFlight: o.MaxInFlight,
	}
	c.people.keep = o.RememberUsers
	c.renewer, _ = tokens.(Renewer)
	c.validator, _ = tokens.(TokenValidator)
	c.scopes, _ = tokens.(ScopeSource)
	c.handler = chain(c.perform, o.Middleware)
	return c
}

// A request is what stays the same when a call is repeated.
type request struct {
	call *Call
	url  string
	body []byte
}

func (c *core) request(call *Call) (*request, error) {
	// Room for the address and a usual query, so that it need not grow.
	u := make([]byte, 0, 256)
	u = append(append(append(u, c.baseURL...), call.Endpoint.Path...), '?')
	u, err := call.params.appendQuery(u)
	if err != nil {
		return nil, fmt.Errorf("helix: %s: query: %w", call.Endpoint.Name, err)
	}
	body, err := call.params.encodeBody(call.Endpoint)
	if err != nil {
		return nil, fmt.Errorf("helix: %s: body: %w", call.Endpoint.Name, err)
	}
	return &request{call: call, url: string(bytes.TrimSuffix(u, []byte("?"))), body: body}, nil
}

// An answer is what came back over the wire.
type answer struct {
	status int
	header http.Header
	body   *bytes.Buffer // goes back to core.buffers
}

// exchange sends a request once and reads the answer. If it fails, sent says
// whether Twitch may have received the request.
func (c *core) exchange(ctx context.Context, r *request, token string) (a *answer, sent bool, err error) {
	var trace wireTrace
	if !repeatable(r.call.Endpoint) {
		ctx = trace.watch(ctx)
	}
	var body io.Reader
	if r.body != nil {
		body = bytes.NewReader(r.body)
	}
	req, err := http.NewRequestWithContext(ctx, r.call.Endpoint.Method, r.url, body)
	if err != nil {
		return nil, false, withoutURL(err)
	}
	req.Header = maps.Clone(c.header)
	if token != "" {
		req.Header["Authorization"] = []string{"Bearer " + token}
	}
	if r.body != nil {
		req.Header.Set("Content-Type", "application/json")
	}
	res, err := c.http.Do(req)
	if err != nil {
		return nil, trace.sent(), withoutURL(err)
	}
	defer res.Body.Close()
	a = &answer{status: res.StatusCode, header: res.Header}
	a.body, err = c.read(res.Body)
	if err != nil && a.ok() && r.call.Out == nil {
		err = nil // the status was all there is to know
	}
	if err != nil {
		return nil, true, fmt.Errorf("reading the answer: %w", err)
	}
	return a, true, nil
}

func (a *answer) ok() bool { return a.status >= 200 && a.status < 300 }

var errTooLarge = errors.New("the answer is too large")

// read reads a body into a buffer of the pool.
func (c *core) read(body io.Reader) (*bytes.Buffer, error) {
	b, _ := c.buffers.Get().(*bytes.Buffer)
	if b == nil {
		b = new(bytes.Buffer)
	}
	b.Reset()
	n, err := b.ReadFrom(io.LimitReader(body, c.bodyLimit+1))
	if err == nil && n > c.bodyLimit {
		err = errTooLarge
	}
	return b, err
}

// release gives the buffer of an answer back, unless it has grown unusually.
func (c *core) release(a *answer) {
	if a.body != nil && a.body.Cap() <= 1<<20 {
		c.buffers.Put(a.body)
	}
	a.body = nil
}

// decode reads a good answer into the call's Out.
func (c *core) decode(call *Call, a *answer) error {
	if call.Out == nil {
		return nil
	}
	body := a.body.Bytes()
	if raw, ok := call.Out.(*[]byte); ok {
		*raw = bytes.Clone(body)
		return nil
	}
	if err := json.Unmarshal(body, call.Out); err != nil {
		return fmt.Errorf("the answer is not as documented: %w", err)
	}
	if out, ok := call.Out.(interface{ complete(body []byte) error }); ok {
		return out.complete(body)
	}
	return nil
}

// A wireTrace finds out whether a request left the process.
type wireTrace struct{ started, wrote atomic.Bool }

func (t *wireTrace) watch(ctx context.Context) context.Context {
	return httptrace.WithClientTrace(ctx, &httptrace.ClientTrace{
		GetConn:      func(string) { t.started.Store(true) },
		WroteHeaders: func() { t.wrote.Store(true) },
	})
}

// sent is true unless it is certain that nothing was sent. A transport that does
// not trace leaves it open.
func (t *wireTrace) sent() bool { return t.wrote.Load() || !t.started.Load() }

// withoutURL strips the address, which may hold what a log should not have, from
// an error of net/http.
func withoutURL(err error) error {
	if e, ok := errors.AsType[*url.Error](err); ok {
		return e.Err
	}
	return err
}

// log writes a line per request, without anything that Twitch or the caller said.
func (c *core) log(ctx context.Context, call *Call, since time.Time) {
	if !c.logger.Enabled(ctx, slog.LevelDebug) {
		return
	}
	c.logger.DebugContext(ctx, "helix request",
		"endpoint", call.Endpoint.ID, "status", call.Status, "attempt", call.Attempts,
		"user_id", call.UserID, "duration", time.Since(since))
}
