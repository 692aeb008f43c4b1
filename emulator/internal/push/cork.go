package push

import (
	"bufio"
	"net"
	"net/http"
	"sync"
	"time"

	"github.com/larkspur-dev/larkspur/emulator/internal/link"
)

// A cork is a connection that can hold writes back. The WebSocket library
// writes every message by itself; with a cork, all messages that wait go out
// in one write, which makes bursts of events many times faster.
type cork struct {
	*link.Conn

	mu   sync.Mutex
	held bool   // guarded by mu
	buf  []byte // guarded by mu
}

func (c *cork) Write(b []byte) (int, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.held {
		c.buf = append(c.buf, b...)
		return len(b), nil
	}
	return c.Conn.Write(b)
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
	if c.Dead() {
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
	w.conn = &cork{Conn: link.New(conn)}
	return w.conn, bufio.NewReadWriter(rw.Reader, bufio.NewWriter(w.conn)), nil
}
