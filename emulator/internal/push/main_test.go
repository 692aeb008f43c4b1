package push_test

import (
	"context"
	"encoding/json"
	"errors"
	"net"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"testing"
	"testing/synctest"

	"github.com/coder/websocket"
	"go.uber.org/goleak"

	"github.com/larkspur-dev/larkspur/emulator/internal/auth"
	"github.com/larkspur-dev/larkspur/emulator/internal/push"
	"github.com/larkspur-dev/larkspur/emulator/internal/world"
	"github.com/larkspur-dev/larkspur/eventsub"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// A stage is a server over a small world, reachable over pipes: ada (1)
// broadcasts, mod (2) moderates her channel, grace (3) and bob (4) watch.
type stage struct {
	t      *testing.T
	world  *world.World
	server *push.Server
	client *http.Client
	wg     sync.WaitGroup
}

// newStage must be called inside a bubble.
func newStage(t *testing.T) *stage {
	t.Helper()
	w := world.New(world.Options{Seed: 1})
	for i, login := range []string{"ada", "mod", "grace", "bob"} {
		u := world.User{ID: string(rune('1' + i)), Login: login, DisplayName: strings.ToUpper(login[:1]) + login[1:], Color: "#FF0000", BroadcasterType: "affiliate"}
		if _, err := w.AddUser(u); err != nil {
			t.Fatal(err)
		}
	}
	must(t, w.AddRole("1", world.Moderator, "2"))
	s := &stage{t: t, world: w, server: push.New(push.Config{World: w})}
	l := &pipes{conns: make(chan net.Conn), done: make(chan struct{})}
	transport := &http.Transport{DialContext: l.dial}
	s.client = &http.Client{Transport: transport}
	mux := http.NewServeMux()
	mux.Handle("/ws", s.server)
	web := &http.Server{Handler: mux}
	s.wg.Go(func() { _ = web.Serve(l) })
	t.Cleanup(func() {
		s.server.Close()
		transport.CloseIdleConnections()
		_ = web.Close()
		s.wg.Wait()
	})
	return s
}

// pipes is a listener whose connections are pipes.
type pipes struct {
	conns chan net.Conn
	done  chan struct{}
	once  sync.Once
}

func (p *pipes) dial(ctx context.Context, _, _ string) (net.Conn, error) {
	client, server := net.Pipe()
	select {
	case p.conns <- server:
		return client, nil
	case <-p.done:
		return nil, net.ErrClosed
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

func (p *pipes) Accept() (net.Conn, error) {
	select {
	case c := <-p.conns:
		return c, nil
	case <-p.done:
		return nil, net.ErrClosed
	}
}

func (p *pipes) Close() error { p.once.Do(func() { close(p.done) }); return nil }

func (p *pipes) Addr() net.Addr { return &net.UnixAddr{Name: "pipe", Net: "pipe"} }

// A message is what arrives on a session.
type message struct {
	Metadata struct {
		ID        string `json:"message_id"`
		Kind      string `json:"message_type"`
		Timestamp string `json:"message_timestamp"`
		Type      string `json:"subscription_type"`
		Version   string `json:"subscription_version"`
	} `json:"metadata"`
	Payload struct {
		Session struct {
			ID           string  `json:"id"`
			Status       string  `json:"status"`
			Keepalive    *int    `json:"keepalive_timeout_seconds"`
			ReconnectURL *string `json:"reconnect_url"`
		} `json:"session"`
		Subscription push.Subscription `json:"subscription"`
		Event        json.RawMessage   `json:"event"`
	} `json:"payload"`
}

// A peer is a client of the EventSub WebSocket.
type peer struct {
	t    *testing.T
	conn *websocket.Conn
	id   string // of the session
	mu   sync.Mutex
	got  []message            // guarded by mu
	code websocket.StatusCode // guarded by mu; how the server closed, -1 without a word
	over bool                 // guarded by mu
}

// dial connects and does not wait for the welcome.
func (s *stage) dial(url string) *peer {
	s.t.Helper()
	conn, _, err := websocket.Dial(s.t.Context(), url, &websocket.DialOptions{HTTPClient: s.client}) //nolint:bodyclose // the library closes it
	if err != nil {
		s.t.Fatal(err)
	}
	conn.SetReadLimit(1 << 20)
	p := &peer{t: s.t, conn: conn}
	s.t.Cleanup(func() { _ = conn.CloseNow() })
	s.wg.Go(p.read)
	return p
}

// connect dials and takes the welcome.
func (s *stage) connect(query string) *peer {
	s.t.Helper()
	p := s.dial("ws://emulator.test/ws" + query)
	p.welcome()
	return p
}

func (p *peer) welcome() message {
	p.t.Helper()
	got := p.take()
	if len(got) != 1 || got[0].Metadata.Kind != "session_welcome" {
		p.t.Fatalf("got %v, want a welcome", kinds(got))
	}
	p.id = got[0].Payload.Session.ID
	return got[0]
}

func (p *peer) read() {
	for {
		_, b, err := p.conn.Read(context.Background())
		p.mu.Lock()
		if err != nil {
			p.over, p.code = true, websocket.CloseStatus(err)
			p.mu.Unlock()
			return
		}
		var m message
		if err := json.Unmarshal(b, &m); err != nil {
			p.t.Errorf("got %q: %v", b, err)
		}
		p.got = append(p.got, m)
		p.mu.Unlock()
	}
}

// take waits until nothing moves any more and returns the messages since the last take.
func (p *peer) take() []message {
	synctest.Wait()
	p.mu.Lock()
	defer p.mu.Unlock()
	got := p.got
	p.got = nil
	return got
}

// want compares kinds and types since the last take.
func (p *peer) want(want ...string) []message {
	p.t.Helper()
	got := p.take()
	if strings.Join(kinds(got), ", ") != strings.Join(want, ", ") {
		p.t.Errorf("got %v, want %v", kinds(got), want)
	}
	return got
}

func (p *peer) wantClosed(code websocket.StatusCode) {
	p.t.Helper()
	synctest.Wait()
	p.mu.Lock()
	defer p.mu.Unlock()
	if !p.over || p.code != code {
		p.t.Errorf("got over %v with code %d, want %d", p.over, p.code, code)
	}
}

func (p *peer) wantOpen() {
	p.t.Helper()
	synctest.Wait()
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.over {
		p.t.Errorf("got closed with code %d, want open", p.code)
	}
}

func kinds(all []message) []string {
	var names []string
	for _, m := range all {
		name := m.Metadata.Kind
		if m.Metadata.Type != "" {
			name += " " + m.Metadata.Type
		}
		names = append(names, name)
	}
	return names
}

// grant is a token of a user with all scopes that a type needs, or with the given ones.
func grant(userID string, scopes ...string) auth.Grant {
	return auth.Grant{ClientID: "client", UserID: userID, Scopes: scopes}
}

func request(p *peer, name, version string, condition ...string) push.Request {
	r := push.Request{Type: name, Version: version, Condition: map[string]string{}}
	for i := 0; i < len(condition); i += 2 {
		r.Condition[condition[i]] = condition[i+1]
	}
	r.Transport.Method, r.Transport.SessionID = "websocket", p.id
	return r
}

// subscribe makes a subscription that must succeed, with whatever scopes it needs.
func (s *stage) subscribe(p *peer, userID, name, version string, condition ...string) push.Subscription {
	s.t.Helper()
	info, _ := eventsub.Lookup(eventsub.Type{Name: name, Version: version})
	sub, err := s.server.Create(grant(userID, info.Scopes.Minimal()...), request(p, name, version, condition...))
	if err != nil {
		s.t.Fatalf("%s: %v", name, err)
	}
	return sub
}

// refused checks status and message of a refusal.
func refused(t *testing.T, err error, status int, text string) {
	t.Helper()
	e, ok := errors.AsType[*world.Error](err)
	if !ok || e.Status != status || !strings.Contains(e.Message, text) {
		t.Errorf("got %v, want %d %q", err, status, text)
	}
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func worldTitle(i int) world.ChannelChange { return world.ChannelChange{Title: new(strconv.Itoa(i))} }
