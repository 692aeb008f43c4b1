package helix

import (
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"net/http/httptrace"
	"strings"
	"sync"
	"testing"
	"time"

	"go.uber.org/goleak"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// Endpoints of an imaginary group, so that these tests do not depend on Twitch's.
var (
	getThings = &Endpoint{
		ID: "get-things", Name: "Get Things", Group: "Things", Method: "GET", Path: "/things",
		Query:  []Param{{Name: "id", Type: String, Repeated: true, MaxItems: 3}, {Name: "after", Type: String}},
		Tokens: UserToken | AppToken, Success: 200, Idempotent: true, Paginated: true,
	}
	sendThing = &Endpoint{
		ID: "send-thing", Name: "Send Thing", Group: "Things", Method: "POST", Path: "/things",
		Body: []Param{
			{Name: "sender_id", Type: String, Required: true},
			{Name: "text", Type: String, Required: true, MaxLength: 5},
		},
		Tokens: UserToken | AppToken, Scopes: Scopes{{"things:write", "things:manage"}},
		TokenUser: []string{"sender_id"}, Success: 200,
	}
	putThing = &Endpoint{
		ID: "put-thing", Name: "Put Thing", Group: "Things", Method: "PUT", Path: "/things",
		Query:  []Param{{Name: "owner_id", Type: String, Required: true}},
		Tokens: UserToken, TokenUser: []string{"owner_id"}, Roles: []Role{Broadcaster, Moderator},
		Success: 204, Idempotent: true,
	}
)

type thing struct {
	ID string `json:"id"`
}

type getThingsParams struct {
	IDs   []string `url:"id" json:"-"`
	After string   `url:"after,omitzero" json:"-"`
}

type sendThingParams struct {
	SenderID string `json:"sender_id"`
	Text     string `json:"text"`
}

type putThingParams struct {
	OwnerID string `url:"owner_id" json:"-"`
}

// newClient returns a client of a server that runs h, with a static app token
// unless the options of the test say otherwise.
func newClient(t *testing.T, tokens TokenSource, h http.HandlerFunc) *Client {
	t.Helper()
	srv := httptest.NewServer(h)
	t.Cleanup(srv.Close)
	return New("client", tokens, Options{HTTPClient: srv.Client(), BaseURL: srv.URL})
}

// answers replies with one answer after the other, and with the last one for ever.
// It counts the requests.
type answers struct {
	mu       sync.Mutex
	requests []*http.Request
	bodies   []string
	replies  []reply
}

type reply struct {
	status int
	body   string
	header map[string]string
	err    error
	dialed bool // err came before a connection was there, as net/http traces it
}

func (a *answers) RoundTrip(r *http.Request) (*http.Response, error) {
	a.mu.Lock()
	defer a.mu.Unlock()
	body := ""
	if r.Body != nil {
		b, _ := io.ReadAll(r.Body)
		body = string(b)
	}
	next := a.replies[min(len(a.requests), len(a.replies)-1)]
	a.requests, a.bodies = append(a.requests, r), append(a.bodies, body)
	if err := r.Context().Err(); err != nil {
		return nil, err
	}
	if next.dialed {
		if trace := httptrace.ContextClientTrace(r.Context()); trace != nil {
			trace.GetConn("")
		}
	}
	if next.err != nil {
		return nil, next.err
	}
	h := http.Header{}
	for k, v := range next.header {
		h.Set(k, v)
	}
	return &http.Response{
		StatusCode: next.status, Header: h, Request: r,
		Body: io.NopCloser(strings.NewReader(next.body)),
	}, nil
}

// replying returns a client that gets the given answers without a network, which
// makes it fit for synctest, and what it was asked.
func replying(tokens TokenSource, o Options, replies ...reply) (*Client, *answers) {
	a := &answers{replies: replies}
	o.HTTPClient = &http.Client{Transport: a}
	return New("client", tokens, o), a
}

func things(ids ...string) string {
	var out struct {
		Data []thing `json:"data"`
	}
	out.Data = []thing{}
	for _, id := range ids {
		out.Data = append(out.Data, thing{id})
	}
	b, _ := json.Marshal(out)
	return string(b)
}

func httpClient(t http.RoundTripper) *http.Client { return &http.Client{Transport: t} }

// slowly answers after a second and counts how many requests there are at a time.
type slowly struct {
	mu        sync.Mutex
	now, most int
}

func (s *slowly) RoundTrip(r *http.Request) (*http.Response, error) {
	s.mu.Lock()
	s.now++
	s.most = max(s.most, s.now)
	s.mu.Unlock()
	time.Sleep(time.Second)
	s.mu.Lock()
	s.now--
	s.mu.Unlock()
	return &http.Response{StatusCode: 200, Header: http.Header{}, Request: r, Body: io.NopCloser(strings.NewReader(things()))}, nil
}
