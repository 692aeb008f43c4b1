package push

import (
	"bufio"
	"context"
	"net"
	"net/http"
	"sync"
	"sync/atomic"
	"time"
)

// A cork is a connection that can hold writes back. The WebSocket library
// writes every message by itself; with a cork, all messages that wait go out
// in one write, which makes bursts of events many times faster.
type cork struct {
	net.Conn

	mu   sync.Mutex
	held bool   // guarded by mu
	buf  []byte // guarded by mu

	// Of a connection that is half open.
	reading sync.Mutex // held while the client is read from
	dead    atomic.Bool
	once    sync.Once
	gone    chan struct{} // closed by Close
}

func (c *cork) Write(b []byte) (int, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	switch {
	case c.held:
		c.buf = append(c.buf, b...)
		return len(b), nil
	case c.dead.Load():
		return len(b), nil
	}
	return c.Conn.Write(b)
}

func (c *cork) Read(b []byte) (int, error) {
	n, err := c.read(b)
	if !c.dead.Load() {
		return n, err
	}
	<-c.gone
	return 0, net.ErrClosed
}

func (c *cork) read(b []byte) (int, error) {
	c.reading.Lock()
	defer c.reading.Unlock()
	if c.dead.Load() {
		return 0, nil
	}
	return c.Conn.Read(b)
}

// Close closes the connection. A half-open one stays open until its client closes it.
func (c *cork) Close() error {
	c.once.Do(func() { close(c.gone) })
	if c.dead.Load() {
		return nil
	}
	return c.Conn.Close()
}

// halfOpen makes the connection lose what both sides write from now on, while it stays
// open. The caller runs the function that it returns; that one discards what the client
// writes, and returns once the client has closed the connection or ctx is done.
func (c *cork) halfOpen(ctx context.Context) (drain func()) {
	if c.dead.Swap(true) {
		return func() {}
	}
	_ = c.SetReadDeadline(time.Unix(1, 0)) // interrupts Read
	return func() {
		defer c.Conn.Close()
		defer context.AfterFunc(ctx, func() { _ = c.Conn.Close() })()
		c.reading.Lock() // until Read was interrupted
		_ = c.SetReadDeadline(time.Time{})
		c.reading.Unlock()
		buf := make([]byte, 512)
		for {
			if _, err := c.Conn.Read(buf); err != nil {
				return
			}
		}
	}
}

// hold keeps what is written back until release.
func (c *cork) hold() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.held = true
}

// release writes what was held back, in at most writeTimeout.
func (c *cork) release() error {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.held = false
	if c.dead.Load() {
		c.buf = c.buf[:0]
		return nil
	}
	err := c.SetWriteDeadline(time.Now().Add(writeTimeout))
	if err == nil {
		_, err = c.Conn.Write(c.buf)
	}
	c.buf = c.buf[:0]
	if err == nil {
		err = c.SetWriteDeadline(time.Time{})
	}
	return err
}

// tear writes the first half of what was held back.
func (c *cork) tear() {
	c.mu.Lock()
	c.buf = c.buf[:len(c.buf)/2]
	c.mu.Unlock()
	_ = c.release()
}

// corking is a ResponseWriter whose connection comes with a cork.
type corking struct {
	http.ResponseWriter
	conn *cork
}

func (w *corking) Hijack() (net.Conn, *bufio.ReadWriter, error) {
	conn, rw, err := http.NewResponseController(w.ResponseWriter).Hijack()
	if err != nil {
		return nil, nil, err
	}
	w.conn = &cork{Conn: conn, gone: make(chan struct{})}
	return w.conn, bufio.NewReadWriter(rw.Reader, bufio.NewWriter(w.conn)), nil
}
