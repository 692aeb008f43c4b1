package push

import (
	"context"
	"crypto/rand"
	"errors"
	"net/http"
	"net/url"
	"strconv"
	"sync"
	"sync/atomic"
	"time"

	"github.com/coder/websocket"

	"github.com/larkspur-dev/larkspur/emulator/internal/outbox"
)

// Times and sizes of a session.
const (
	// unusedAfter is how long a session may stay without a subscription.
	unusedAfter = 10 * time.Second
	// reconnectGrace is how long the old connection lives after session_reconnect.
	reconnectGrace = 30 * time.Second
	pingEvery      = 30 * time.Second
	pongTimeout    = 10 * time.Second
	writeTimeout   = 15 * time.Second
	maxWrite       = 64 << 10 // bytes

	minKeepalive = 10 // seconds
	maxKeepalive = 600
)

// A session is one WebSocket connection.
type session struct {
	server    *Server
	id        string
	number    uint64 // of the session, in the order of connecting; guarded by server.mu
	conn      *websocket.Conn
	cork      *cork // under conn
	out       *outbox.Queue
	cancel    context.CancelFunc // cuts the connection; safe anywhere
	at        time.Time          // when it connected
	keepalive int                // seconds
	address   url.URL            // that the client dialled, without query
	silence   *time.Timer        // sends a keepalive
	deadline  *time.Timer        // for the first subscription, later for the move
	pinging   atomic.Bool        // a ping is not answered yet
	muted     atomic.Bool        // sends no messages: a fault
	pingless  atomic.Bool        // sends no pings: a fault
	torn      atomic.Bool        // the next message is the last, and half of it: a fault

	// Guarded by server.mu.
	clientID, userID string                   // whose subscriptions it carries; "" before the first
	subs             map[string]*subscription // enabled ones
	shards           map[*shard]bool          // of conduits, that it carries
	moving           bool                     // got a reconnect message
	ended            bool
	how              closing // once ended
}

// ServeHTTP serves an EventSub WebSocket.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	hijacked := &corking{ResponseWriter: w}
	conn, err := websocket.Accept(hijacked, r, &websocket.AcceptOptions{
		InsecureSkipVerify: true, // browsers of any origin may connect, as at Twitch
		CompressionMode:    websocket.CompressionDisabled,
	})
	if err != nil {
		s.log.DebugContext(r.Context(), "eventsub handshake refused", "error", err)
		return
	}
	// The request's context says nothing of a hijacked connection.
	ctx, cancel := context.WithCancel(context.WithoutCancel(r.Context()))
	defer cancel()
	ss := &session{
		server: s, id: rand.Text(), conn: conn, cork: hijacked.conn, out: outbox.New(), cancel: cancel, at: time.Now().UTC(),
		keepalive: clampKeepalive(r.URL.Query().Get("keepalive_timeout_seconds")),
		address:   url.URL{Scheme: "ws", Host: r.Host, Path: r.URL.Path},
		subs:      map[string]*subscription{}, shards: map[*shard]bool{},
	}
	if r.URL.Scheme == "https" { // as the emulator has found out
		ss.address.Scheme = "wss"
	}
	ss.silence = time.AfterFunc(time.Hour, ss.sayAlive)
	defer ss.silence.Stop()
	if !s.enter(ss, r.URL.Query()) {
		_ = conn.CloseNow()
		return
	}
	defer s.serving.Done()
	s.log.DebugContext(ctx, "eventsub session connected", "session_id", ss.id)
	ss.run(ctx)
	s.log.DebugContext(ctx, "eventsub session ended", "session_id", ss.id, "code", int(ss.how.code), "status", ss.how.status)
}

func clampKeepalive(query string) int {
	seconds, err := strconv.Atoi(query)
	if err != nil {
		return minKeepalive
	}
	return min(max(seconds, minKeepalive), maxKeepalive)
}

// enter counts a session in and queues its welcome. It reports false when the
// server is closed. A session that came by a bad reconnect URL has ended when
// enter returns, and says so to its client in run.
func (s *Server) enter(ss *session, query url.Values) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.closed {
		return false
	}
	s.serving.Add(1)
	s.connected++
	ss.number = s.connected
	s.sessions[ss.id] = ss
	ss.deadline = time.AfterFunc(unusedAfter, ss.checkUsed)
	if s.speechless > 0 { // without a welcome a session takes nothing over
		s.speechless--
		ss.muted.Store(true)
		return true
	}
	token := query.Get(reconnectParam)
	if !query.Has(reconnectParam) {
		ss.send(frame(kindWelcome, ss.payload("connected", "")))
		return true
	}
	old := s.reconnects[token]
	if old == nil || old.ended { // never given out, used before, or too late
		ss.end(closeReconnect)
		return true
	}
	delete(s.reconnects, token)
	ss.keepalive = old.keepalive
	ss.send(frame(kindWelcome, ss.payload("connected", "")))
	ss.takeOver(old)
	return true
}

// run carries a session until it ended and nothing of it runs any more.
func (ss *session) run(ctx context.Context) {
	var running sync.WaitGroup
	defer running.Wait()
	defer ss.cancel()
	running.Go(func() { ss.ping(ctx) })
	running.Go(func() { ss.read(ctx) })
	ss.write(ctx)
}

// read waits for what must not come, and for the end.
func (ss *session) read(ctx context.Context) {
	_, _, err := ss.conn.Reader(ctx) // any data frame, also one that is too large or not complete
	if err == nil {
		ss.server.counts.inbound.Add(1)
	}
	ss.server.mu.Lock()
	defer ss.server.mu.Unlock()
	switch {
	case err == nil:
		ss.end(closeInbound)
	case ss.pinging.Load() && websocket.CloseStatus(err) == -1: // not even the ping got through
		ss.end(closePingPong)
	default:
		ss.end(closeLeft)
	}
}

func (ss *session) write(ctx context.Context) {
	var frames [][]byte
	for {
		var ok bool
		if frames, ok = ss.out.Take(ctx, frames); !ok {
			break
		}
		if left, err := ss.writeAll(ctx, frames); err != nil {
			_ = ss.conn.CloseNow()
			ss.server.retryElsewhere(ss, append(left, ss.out.Rest()...))
			return
		}
		ss.silence.Reset(ss.silent())
	}
	if ctx.Err() != nil {
		_ = ss.conn.CloseNow()
		ss.server.retryElsewhere(ss, ss.out.Rest())
		return
	}
	ss.server.mu.RLock()
	how := ss.how
	ss.server.mu.RUnlock()
	if ss.cork.Dead() { // the client would get the close frame as little as all else
		_ = ss.conn.CloseNow()
		return
	}
	_ = ss.conn.Close(how.code, how.reason)
}

// writeAll writes frames in pieces of a moderate size. If it fails, it returns those that
// have perhaps not arrived.
func (ss *session) writeAll(ctx context.Context, frames [][]byte) (left [][]byte, err error) {
	if ss.muted.Load() || ss.cork.Dead() {
		ss.server.counts.lost.Add(notifications(frames))
		return nil, nil
	}
	ctx = context.WithoutCancel(ctx) // writes into the cork do not wait; release has a deadline
	for len(frames) > 0 {
		ss.cork.hold()
		n, size := 0, 0
		for ; n < len(frames) && size < maxWrite; n++ {
			size += len(frames[n])
			if err := ss.conn.Write(ctx, websocket.MessageText, frames[n]); err != nil {
				return frames, err
			}
			if ss.torn.Load() {
				ss.tear()
				return frames, errTorn
			}
		}
		if err := ss.cork.release(); err != nil {
			return frames, err
		}
		frames = frames[n:]
	}
	return nil, nil
}

// ping asks the client now and then whether it is there.
func (ss *session) ping(ctx context.Context) {
	ticker := time.NewTicker(pingEvery)
	defer ticker.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-ticker.C:
		}
		if ss.pingless.Load() {
			continue
		}
		// Not by a deadline of Ping: that would cut the connection, and the
		// client would not learn why.
		late := time.AfterFunc(pongTimeout, func() {
			ss.server.mu.Lock()
			defer ss.server.mu.Unlock()
			ss.end(closePingPong)
		})
		ss.pinging.Store(true)
		err := ss.conn.Ping(ctx)
		late.Stop()
		if err != nil {
			return
		}
		ss.pinging.Store(false)
	}
}

// silent is how long a session is silent before it sends a keepalive: a little
// less than promised, because clients may take the promise literally.
func (ss *session) silent() time.Duration {
	promised := time.Duration(ss.keepalive) * time.Second
	return promised - promised/10
}

func (ss *session) sayAlive() {
	_ = ss.out.Add(frame(kindKeepalive, []byte("{}"))) // a full queue is no silence
}

// checkUsed runs when a new session had its time to subscribe.
func (ss *session) checkUsed() {
	ss.server.mu.Lock()
	defer ss.server.mu.Unlock()
	if len(ss.subs)+len(ss.shards) == 0 && !ss.moving {
		ss.end(closeUnused)
	}
}

// send queues a frame. A session whose client does not read ends. The caller
// holds server.mu.
func (ss *session) send(b []byte) {
	if err := ss.out.Add(b); errors.Is(err, outbox.ErrOverflow) {
		ss.end(closeTimeout)
	}
}

// end ends a session and its subscriptions; the first call counts. What is
// queued still goes out. The caller holds server.mu.
func (ss *session) end(how closing) {
	if ss.ended {
		return
	}
	ss.ended, ss.how = true, how
	ss.deadline.Stop()
	delete(ss.server.sessions, ss.id)
	for _, sub := range ss.subs {
		ss.server.disable(sub, how.status)
	}
	for sh := range ss.shards {
		ss.server.loseShard(sh, how.status)
	}
	ss.out.Close()
}
