package helix

import (
	"bytes"
	"context"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"
)

func TestWhatIsSent(t *testing.T) {
	tw, a := replying(StaticToken("7", "s3cr3t"), Options{BaseURL: "http://twitch.test/helix/"},
		reply{status: 200, body: things("1")})
	if _, err := one[thing](t.Context(), tw, sendThing, sendThingParams{SenderID: "7", Text: "hi"}); err != nil {
		t.Fatal(err)
	}
	r := a.requests[0]
	for what, tc := range map[string]struct{ got, want string }{
		"url":           {r.Method + " " + r.URL.String(), "POST http://twitch.test/helix/things"},
		"authorization": {r.Header.Get("Authorization"), "Bearer s3cr3t"},
		"client id":     {r.Header.Get("Client-Id"), "client"},
		"content type":  {r.Header.Get("Content-Type"), "application/json"},
		"user agent":    {r.Header.Get("User-Agent"), userAgent},
		"body":          {a.bodies[0], `{"sender_id":"7","text":"hi"}`},
	} {
		if tc.got != tc.want {
			t.Errorf("%s: got %q, want %q", what, tc.got, tc.want)
		}
	}
	if _, err := page[thing](t.Context(), tw, getThings, getThingsParams{IDs: []string{"1", "2"}}); err != nil {
		t.Fatal(err)
	}
	r = a.requests[1]
	if got, want := r.URL.String(), "http://twitch.test/helix/things?id=1&id=2"; got != want {
		t.Errorf("url: got %q, want %q", got, want)
	}
	if got := r.Header.Get("Content-Type"); got != "" || a.bodies[1] != "" {
		t.Errorf("a GET: got content type %q and body %q, want none", got, a.bodies[1])
	}
}

// The matrix in the comment of perform.
func TestRepeats(t *testing.T) {
	reset := errors.New("connection reset")
	for name, tc := range map[string]struct {
		endpoint *Endpoint
		replies  []reply
		requests int
		want     error // nil: success
	}{
		"GET, 500 then good":         {getThings, []reply{{status: 500}, {status: 200, body: things()}}, 2, nil},
		"GET, lost then good":        {getThings, []reply{{err: reset}, {status: 200, body: things()}}, 2, nil},
		"GET, always 503":            {getThings, []reply{{status: 503}}, 3, &Error{Status: 503}},
		"GET, always lost":           {getThings, []reply{{err: reset}}, 3, reset},
		"GET, 404":                   {getThings, []reply{{status: 404}}, 1, ErrNotFound},
		"GET, 400":                   {getThings, []reply{{status: 400}}, 1, &Error{Status: 400}},
		"PUT, 502 then good":         {putThing, []reply{{status: 502}, {status: 204}}, 2, nil},
		"PUT, lost then good":        {putThing, []reply{{err: reset}, {status: 204}}, 2, nil},
		"POST, 500":                  {sendThing, []reply{{status: 500}}, 1, ErrUnknownOutcome},
		"POST, lost":                 {sendThing, []reply{{err: reset}}, 1, ErrUnknownOutcome},
		"POST, lost, cause is kept":  {sendThing, []reply{{err: reset}}, 1, reset},
		"POST, no connection":        {sendThing, []reply{{err: reset, dialed: true}, {status: 200, body: things("1")}}, 2, nil},
		"POST, never a connection":   {sendThing, []reply{{err: reset, dialed: true}}, 3, reset},
		"POST, 429 then good":        {sendThing, []reply{{status: 429}, {status: 200, body: things("1")}}, 2, nil},
		"POST, always 429":           {sendThing, []reply{{status: 429}}, 3, ErrRateLimited},
		"POST, 409":                  {sendThing, []reply{{status: 409}}, 1, ErrConflict},
		"POST, 403":                  {sendThing, []reply{{status: 403}}, 1, ErrForbidden},
		"POST, good but not JSON":    {sendThing, []reply{{status: 200, body: "<html>"}}, 1, ErrUnknownOutcome},
		"POST, good but nothing":     {sendThing, []reply{{status: 200}}, 1, ErrUnknownOutcome},
		"POST, 401 without a source": {sendThing, []reply{{status: 401}}, 1, ErrUnauthorized},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				tw, a := replying(StaticToken("7", "token"), Options{}, tc.replies...)
				call := &Call{Endpoint: tc.endpoint}
				switch tc.endpoint {
				case sendThing:
					call.Params, call.Out = sendThingParams{"7", "hi"}, &envelope[[]thing]{}
				case putThing:
					call.Params = putThingParams{"7"}
				case getThings:
					call.Out = &envelope[[]thing]{}
				}
				err := tw.Do(t.Context(), call)
				if want, ok := errors.AsType[*Error](tc.want); ok {
					if got, ok := errors.AsType[*Error](err); !ok || got.Status != want.Status {
						t.Errorf("got %v, want status %d", err, want.Status)
					}
				} else if !errors.Is(err, tc.want) {
					t.Errorf("got %v, want %v", err, tc.want)
				}
				if len(a.requests) != tc.requests || call.Attempts != tc.requests {
					t.Errorf("got %d requests and %d attempts, want %d", len(a.requests), call.Attempts, tc.requests)
				}
				if errors.Is(err, ErrUnknownOutcome) && repeatable(tc.endpoint) {
					t.Errorf("got %v for a call that can be repeated", err)
				}
			})
		})
	}
}

func TestAnswersThatAreNotAsDocumented(t *testing.T) {
	for name, body := range map[string]string{
		"HTML":             "<html><body>502 Bad Gateway</body></html>",
		"empty":            "",
		"truncated":        `{"data": [{"id": "1"}`,
		"no data":          `{"message": "hello"}`,
		"array":            `[]`,
		"string":           `"data"`,
		"null":             `null`,
		"data is a number": `{"data": 1}`,
	} {
		t.Run(name, func(t *testing.T) {
			tw, a := replying(StaticToken("", "token"), Options{}, reply{status: 200, body: body})
			got, err := list[thing](t.Context(), tw, getThings, nil)
			if err == nil || got != nil {
				t.Errorf("list: got %v, %v, want an error", got, err)
			}
			if _, err := one[thing](t.Context(), tw, getThings, nil); err == nil {
				t.Error("one: got no error")
			}
			if _, err := page[thing](t.Context(), tw, getThings, nil); err == nil {
				t.Error("page: got no error")
			}
			if len(a.requests) != 3 {
				t.Errorf("got %d requests, want one per call", len(a.requests))
			}
		})
	}
}

func TestRefusalsThatAreNotJSON(t *testing.T) {
	for body, want := range map[string]string{
		"<html>": "helix: Get Things: 400 Bad Request: the answer is not JSON",
		"":       "helix: Get Things: 400 Bad Request",
		`{"error":"Bad Request","status":400,"message":"wrong\nid"}`: "helix: Get Things: 400 Bad Request: wrong id",
		`{"error":"odd"}`:         "helix: Get Things: 400 Bad Request: odd",
		`{"error":"Bad Request"}`: "helix: Get Things: 400 Bad Request",
	} {
		tw, _ := replying(StaticToken("", "token"), Options{}, reply{status: 400, body: body})
		err := none(t.Context(), tw, getThings, nil)
		if err == nil || err.Error() != want {
			t.Errorf("%s: got %v, want %v", body, err, want)
		}
	}
}

func TestBodyLimit(t *testing.T) {
	tw := newClient(t, StaticToken("", "token"), func(w http.ResponseWriter, _ *http.Request) {
		_, _ = io.WriteString(w, `{"data":["`+strings.Repeat("x", 1<<20)+`"]}`)
	})
	tw.core.bodyLimit = 1 << 20
	if _, err := list[string](t.Context(), tw, getThings, nil); !errors.Is(err, errTooLarge) {
		t.Errorf("got %v, want %v", err, errTooLarge)
	}
	tw.core.bodyLimit = 2 << 20
	if _, err := list[string](t.Context(), tw, getThings, nil); err != nil {
		t.Error(err)
	}
}

// A server that hangs up in the middle of its answer.
func TestTruncatedOnTheWire(t *testing.T) {
	tw := newClient(t, StaticToken("7", "token"), func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Length", "1000")
		_, _ = io.WriteString(w, `{"data":[`)
	})
	tw.core.maxAttempts = 1
	_, err := one[thing](t.Context(), tw, sendThing, sendThingParams{"7", "hi"})
	if !errors.Is(err, ErrUnknownOutcome) || !errors.Is(err, io.ErrUnexpectedEOF) {
		t.Errorf("POST: got %v, want %v", err, ErrUnknownOutcome)
	}
	if err := none(t.Context(), tw, sendThing, sendThingParams{"7", "hi"}); err != nil {
		t.Errorf("POST of which only the status matters: got %v", err)
	}
	if _, err = list[thing](t.Context(), tw, getThings, nil); !errors.Is(err, io.ErrUnexpectedEOF) || errors.Is(err, ErrUnknownOutcome) {
		t.Errorf("GET: got %v, want %v", err, io.ErrUnexpectedEOF)
	}
}

func TestNobodyListens(t *testing.T) {
	tw := newClient(t, StaticToken("7", "token"), nil)
	tw.core.baseURL, tw.core.maxAttempts = "http://127.0.0.1:1/secret", 1
	_, err := one[thing](t.Context(), tw, sendThing, sendThingParams{"7", "hi"})
	if err == nil || errors.Is(err, ErrUnknownOutcome) {
		t.Errorf("got %v, want a known outcome", err)
	}
	if strings.Contains(err.Error(), "secret") {
		t.Errorf("got %q, want it without the address", err)
	}
}

func TestCancelWhileWaitingForTheAnswer(t *testing.T) {
	arrived, leave := make(chan struct{}), make(chan struct{})
	tw := newClient(t, StaticToken("7", "token"), func(http.ResponseWriter, *http.Request) {
		close(arrived)
		<-leave
	})
	ctx, cancel := context.WithCancel(t.Context())
	go func() { <-arrived; cancel() }()
	_, err := one[thing](ctx, tw, sendThing, sendThingParams{"7", "hi"})
	close(leave)
	if !errors.Is(err, ErrUnknownOutcome) || !errors.Is(err, context.Canceled) {
		t.Errorf("got %v, want %v and %v", err, ErrUnknownOutcome, context.Canceled)
	}
	_, err = one[thing](ctx, tw, sendThing, sendThingParams{"7", "hi"})
	if errors.Is(err, ErrUnknownOutcome) || !errors.Is(err, context.Canceled) {
		t.Errorf("ended before: got %v, want %v", err, context.Canceled)
	}
}

func TestCancelWhileBackingOff(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		tw, a := replying(StaticToken("", "token"), Options{MaxAttempts: 1000}, reply{status: 500})
		ctx, cancel := context.WithCancel(t.Context())
		time.AfterFunc(time.Minute, cancel)
		err := none(ctx, tw, getThings, nil)
		if e, ok := errors.AsType[*Error](err); !ok || e.Status != 500 {
			t.Errorf("got %v, want the last refusal", err)
		}
		if n := len(a.requests); n < 10 || n > 200 {
			t.Errorf("got %d requests in a minute, want backed off", n)
		}
	})
}

func TestNoMoreThanMaxInFlight(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var mu sync.Mutex
		now, most := 0, 0
		slow := roundTripper(func(*http.Request) (*http.Response, error) {
			mu.Lock()
			now++
			most = max(most, now)
			mu.Unlock()
			time.Sleep(time.Second)
			mu.Lock()
			now--
			mu.Unlock()
			return &http.Response{StatusCode: 200, Body: io.NopCloser(strings.NewReader(things()))}, nil
		})
		tw := New("client", StaticToken("", "token"), Options{HTTPClient: &http.Client{Transport: slow}})
		var wg sync.WaitGroup
		for range 200 {
			wg.Go(func() {
				if _, err := list[thing](t.Context(), tw, getThings, nil); err != nil {
					t.Error(err)
				}
			})
		}
		wg.Wait()
		if most != 50 {
			t.Errorf("got %d requests at once, want 50", most)
		}
	})
}

type roundTripper func(*http.Request) (*http.Response, error)

func (f roundTripper) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }

func TestMiddleware(t *testing.T) {
	var order []string
	note := func(name string) Middleware {
		return func(next Handler) Handler {
			return func(ctx context.Context, c *Call) error {
				order = append(order, name+" before")
				err := next(ctx, c)
				order = append(order, name+" after")
				if c.Status != 200 || c.Attempts != 1 || c.RateLimit.Remaining != 799 || c.UserID != "7" || c.Token != UserToken {
					t.Errorf("%s: got %+v", name, c)
				}
				return err
			}
		}
	}
	tw, _ := replying(StaticToken("7", "token"), Options{Middleware: []Middleware{note("outer"), note("inner")}},
		reply{status: 200, body: things(), header: map[string]string{"Ratelimit-Limit": "800", "Ratelimit-Remaining": "799", "Ratelimit-Reset": "1"}})
	if err := none(t.Context(), tw, getThings, nil); err != nil {
		t.Fatal(err)
	}
	want := "outer before inner before inner after outer after"
	if got := strings.Join(order, " "); got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}

// A middleware may answer in Twitch's place.
func TestMiddlewareThatAnswers(t *testing.T) {
	why := errors.New("closed today")
	tw, a := replying(StaticToken("7", "token"), Options{Middleware: []Middleware{
		func(Handler) Handler { return func(context.Context, *Call) error { return why } },
	}}, reply{status: 200})
	if err := none(t.Context(), tw, getThings, nil); !errors.Is(err, why) || len(a.requests) != 0 {
		t.Errorf("got %v and %d requests, want %v and none", err, len(a.requests), why)
	}
}

// Nothing that is secret gets into a log or an error, however it is printed.
func TestNoTokenInLogsAndErrors(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var log bytes.Buffer
		logger := slog.New(slog.NewTextHandler(&log, &slog.HandlerOptions{Level: slog.LevelDebug}))
		source := StaticToken("7", "c4n4ry")
		logger.Info("source", "tokens", source)
		for _, r := range []reply{
			{status: 200, body: things()},
			{status: 401, body: "<html>"},
			{status: 500},
			{status: 429},
			{err: errors.New("reset")},
			{status: 200, body: "{"},
		} {
			tw, _ := replying(source, Options{Logger: logger}, r)
			for _, e := range []*Endpoint{getThings, sendThing} {
				err := tw.Do(t.Context(), &Call{Endpoint: e, Params: sendThingParams{"7", "hi"}, Out: new([]byte)})
				logger.Info("result", "error", err)
			}
		}
		for _, want := range []string{"endpoint=get-things", "status=429", "error.status=500"} {
			if !strings.Contains(log.String(), want) {
				t.Errorf("got no %s in the log", want)
			}
		}
		if strings.Contains(log.String(), "c4n4ry") {
			t.Errorf("the token is in the log:\n%s", &log)
		}
	})
}
