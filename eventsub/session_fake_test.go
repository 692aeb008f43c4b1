package eventsub

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"net"
	"net/http"
	"slices"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/coder/websocket"

	"github.com/larkspur-dev/larkspur/helix"
)

// A fake replaces Twitch for a Session: the test accepts each connection and decides
// what the fake sends on it. It uses net.Pipe, so it works in a synctest bubble.
type fake struct {
	t     *testing.T
	dials chan net.Conn
	conns chan *fakeConn

	mu      sync.Mutex
	subs    map[string]Subscription   // guarded by mu
	serial  int                       // guarded by mu
	calls   []string                  // guarded by mu; calls of the API
	refuse  func(t target) error      // guarded by mu; returns the error for a create
	hang    func(t target) bool       // guarded by mu; reports whether a create blocks
	keep    error                     // guarded by mu; the error of every delete
	down    bool                      // guarded by mu; dials fail
	token   error                     // guarded by mu; why there is no token
	tokenOf func(userID string) error // guarded by mu; like token, for a user
	lists   error                     // guarded by mu; the error of every list
}

// A fakeConn is the server's side of one WebSocket.
type fakeConn struct {
	t     *testing.T
	ws    *websocket.Conn
	query string
	gone  chan struct{} // closed when the client has left
}

func newFake(t *testing.T) *fake {
	t.Helper()
	f := &fake{t: t, dials: make(chan net.Conn), conns: make(chan *fakeConn, 10), subs: map[string]Subscription{}}
	server := &http.Server{Handler: http.HandlerFunc(f.serve), ReadHeaderTimeout: time.Minute}
	var serving sync.WaitGroup
	l := &pipeListener{dials: f.dials, closed: make(chan struct{})}
	serving.Go(func() { _ = server.Serve(l) })
	t.Cleanup(func() {
		_ = server.Close()
		serving.Wait()
	})
	return f
}

func (f *fake) serve(w http.ResponseWriter, r *http.Request) {
	ws, err := websocket.Accept(w, r, nil)
	if err != nil {
		f.t.Errorf("accept: %v", err)
		return
	}
	c := &fakeConn{t: f.t, ws: ws, query: r.URL.RawQuery, gone: make(chan struct{})}
	defer close(c.gone)
	f.conns <- c
	if kind, data, err := ws.Read(context.WithoutCancel(r.Context())); err == nil {
		f.t.Errorf("the client wrote %v %q", kind, data)
	}
	_ = ws.CloseNow()
}

// client dials the fake.
func (f *fake) client() *http.Client {
	return &http.Client{Transport: &http.Transport{
		DisableKeepAlives: true,
		DialContext: func(ctx context.Context, _, _ string) (net.Conn, error) {
			f.mu.Lock()
			down := f.down
			f.mu.Unlock()
			if down {
				return nil, &net.OpError{Op: "dial", Net: "tcp", Err: errors.New("connection refused")}
			}
			here, there := net.Pipe()
			select {
			case f.dials <- there:
				return here, nil
			case <-ctx.Done():
				return nil, ctx.Err()
			}
		},
	}}
}

// accept waits for the next connection.
func (f *fake) accept() *fakeConn {
	f.t.Helper()
	select {
	case c := <-f.conns:
		return c
	case <-time.After(time.Hour):
		f.t.Fatal("no connection within an hour")
		return nil
	}
}

func (f *fake) set(change func(f *fake)) {
	f.mu.Lock()
	defer f.mu.Unlock()
	change(f)
}

// takeCalls returns the calls of the API since the last call of takeCalls.
func (f *fake) takeCalls() []string {
	f.mu.Lock()
	defer f.mu.Unlock()
	calls := f.calls
	f.calls = nil
	return calls
}

func (f *fake) add(kind Type, fields map[string]string, session, status string) string {
	f.serial++
	s := Subscription{ID: fmt.Sprint("sub", f.serial), Status: status, Type: kind.Name, Version: kind.Version, Condition: fields}
	s.Transport.Method, s.Transport.SessionID = "websocket", session
	f.subs[s.ID] = s
	return s.ID
}

var createEndpoint = &helix.Endpoint{Name: "Create EventSub Subscription"}

func refusal(status int, message string) error {
	return &helix.Error{Endpoint: createEndpoint, Status: status, Message: message}
}

func (f *fake) checkToken(_ context.Context, userID string) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.tokenOf != nil {
		return f.tokenOf(userID)
	}
	return f.token
}

func (f *fake) create(ctx context.Context, userID string, t target, session string) (Subscription, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.calls = append(f.calls, fmt.Sprintf("%s creates %s on %s", userID, t.key, session))
	if f.hang != nil && f.hang(t) {
		f.mu.Unlock()
		<-ctx.Done()
		f.mu.Lock()
		return Subscription{}, ctx.Err()
	}
	if f.refuse != nil {
		if err := f.refuse(t); err != nil {
			return Subscription{}, err
		}
	}
	for _, s := range f.subs {
		if keyOf(Type{Name: s.Type, Version: s.Version}, s.Condition) == t.key {
			return Subscription{}, refusal(409, "subscription already exists")
		}
	}
	return f.subs[f.add(t.kind, t.fields, session, statusEnabled)], nil
}

func (f *fake) list(_ context.Context, userID string) ([]Subscription, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.calls = append(f.calls, userID+" lists")
	if f.lists != nil {
		return nil, f.lists
	}
	return slices.SortedFunc(maps.Values(f.subs), func(a, b Subscription) int {
		return len(a.ID)*100 - len(b.ID)*100 + slices.Compare([]byte(a.ID), []byte(b.ID))
	}), nil
}

func (f *fake) remove(_ context.Context, userID, id string) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.calls = append(f.calls, userID+" deletes "+id)
	if f.keep != nil {
		return f.keep
	}
	if _, ok := f.subs[id]; !ok {
		return refusal(404, "subscription not found")
	}
	delete(f.subs, id)
	return nil
}

// send writes one message to the client.
func (c *fakeConn) send(kind string, payload map[string]any) {
	c.t.Helper()
	frame, err := json.Marshal(map[string]any{
		"metadata": map[string]any{
			"message_id": fmt.Sprint(kind, " ", time.Now().UnixNano()), "message_type": kind,
			"message_timestamp": time.Now().UTC().Format(time.RFC3339Nano),
		},
		"payload": payload,
	})
	if err != nil {
		c.t.Fatal(err)
	}
	c.write(frame)
}

func (c *fakeConn) write(frame []byte) {
	c.t.Helper()
	if err := c.ws.Write(c.t.Context(), websocket.MessageText, frame); err != nil {
		c.t.Errorf("send: %v", err)
	}
}

func (c *fakeConn) welcome(session string) {
	c.t.Helper()
	c.send(KindWelcome, map[string]any{"session": map[string]any{"id": session, "keepalive_timeout_seconds": 30, "reconnect_url": nil}})
	synctest.Wait()
}

func (c *fakeConn) note(broadcaster, text string) {
	c.t.Helper()
	c.send(KindNotification, map[string]any{
		"subscription": map[string]any{"type": noteType.Name, "version": noteType.Version, "condition": map[string]any{"broadcaster_user_id": broadcaster}},
		"event":        map[string]any{"text": text},
	})
	synctest.Wait()
}

func (c *fakeConn) reconnect(address string) {
	c.t.Helper()
	c.send(KindReconnect, map[string]any{"session": map[string]any{"id": "x", "keepalive_timeout_seconds": nil, "reconnect_url": address}})
	synctest.Wait()
}

func (c *fakeConn) close(code int) {
	c.t.Helper()
	_ = c.ws.Close(websocket.StatusCode(code), "")
	synctest.Wait()
}

// left reports whether the client has closed the connection.
func (c *fakeConn) left() bool {
	synctest.Wait()
	select {
	case <-c.gone:
		return true
	default:
		return false
	}
}

// A pipeListener accepts the connections of the fake's client.
type pipeListener struct {
	dials  <-chan net.Conn
	closed chan struct{}
	once   sync.Once
}

func (l *pipeListener) Accept() (net.Conn, error) {
	select {
	case c := <-l.dials:
		return c, nil
	case <-l.closed:
		return nil, net.ErrClosed
	}
}

func (l *pipeListener) Close() error {
	l.once.Do(func() { close(l.closed) })
	return nil
}

func (l *pipeListener) Addr() net.Addr { return &net.TCPAddr{} }
