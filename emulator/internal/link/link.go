// Package link is a connection that can fail in the ways that networks do.
//
//	conn := link.New(accepted)
//	conn.Tear()                   // the next write is cut in the middle
//	go conn.HalfOpen()(ctx)       // or: it stays open and delivers nothing
//
// The methods may be called from any goroutine, while others read and write.
package link

import (
	"context"
	"errors"
	"net"
	"sync"
	"sync/atomic"
	"time"
)

// ErrTorn is returned by the write that [Conn.Tear] cut.
var ErrTorn = errors.New("cut in the middle of a message")

// A Conn is a network connection with faults.
type Conn struct {
	net.Conn

	torn    atomic.Bool
	reading sync.Mutex // held while the client is read from
	dead    atomic.Bool
	once    sync.Once
	gone    chan struct{} // closed by Close
}

// New returns a connection without faults.
func New(conn net.Conn) *Conn { return &Conn{Conn: conn, gone: make(chan struct{})} }

// Dead reports whether the connection is half open.
func (c *Conn) Dead() bool { return c.dead.Load() }

// Write writes, unless the connection is half open: then it discards.
func (c *Conn) Write(b []byte) (int, error) {
	if c.dead.Load() {
		return len(b), nil
	}
	if c.torn.Load() {
		return c.tear(b)
	}
	return c.Conn.Write(b)
}

// tear writes about half of b, and never up to the end of a line.
func (c *Conn) tear(b []byte) (int, error) {
	half := b[:len(b)/2]
	for len(half) > 0 && half[len(half)-1] == '\n' {
		half = half[:len(half)-1]
	}
	n, err := c.Conn.Write(half)
	_ = c.Close()
	if err == nil {
		err = ErrTorn
	}
	return n, err
}

// Read reads. On a half-open connection it waits until Close.
func (c *Conn) Read(b []byte) (int, error) {
	n, err := c.read(b)
	if !c.dead.Load() {
		return n, err
	}
	<-c.gone
	return 0, net.ErrClosed
}

func (c *Conn) read(b []byte) (int, error) {
	c.reading.Lock()
	defer c.reading.Unlock()
	if c.dead.Load() {
		return 0, nil
	}
	return c.Conn.Read(b)
}

// Close closes the connection. A half-open one stays open until its client closes it.
func (c *Conn) Close() error {
	c.once.Do(func() { close(c.gone) })
	if c.dead.Load() {
		return nil
	}
	return c.Conn.Close()
}

// Tear cuts the connection in the middle of the next write.
func (c *Conn) Tear() { c.torn.Store(true) }

// HalfOpen makes the connection lose what both sides write from now on, while it stays
// open. The caller runs the function that it returns; that one discards what the client
// writes, and returns once the client has closed the connection or ctx is done.
func (c *Conn) HalfOpen() (drain func(ctx context.Context)) {
	if c.dead.Swap(true) {
		return func(context.Context) {}
	}
	_ = c.SetReadDeadline(time.Unix(1, 0)) // interrupts Read
	return func(ctx context.Context) {
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
