package irc

import (
	"bytes"
	"context"
	"errors"
	"net"
	"time"

	"github.com/coder/websocket"
)

// maxChunk limits the length of a line, and of a WebSocket message with several lines.
// Twitch's longest lines have about 9 KB.
const maxChunk = 256 << 10

// writeTimeout is the deadline of each write.
const writeTimeout = 10 * time.Second

// A wire reads and writes lines over one transport.
type wire interface {
	// read returns one or more whole lines. They are valid until the next call.
	read(ctx context.Context) ([]byte, error)
	// renew makes what was read last stay valid. It is not called during read.
	renew()
	write(ctx context.Context, lines []byte) error
	close()
}

// readBuffer takes a burst of a busy chat in one system call.
const readBuffer = 64 << 10

type tcpWire struct {
	conn net.Conn
	buf  []byte
	rest []byte // start of a line, in buf
}

func newTCPWire(conn net.Conn) *tcpWire {
	return &tcpWire{conn: conn, buf: make([]byte, readBuffer)}
}

func (w *tcpWire) read(context.Context) ([]byte, error) {
	n := copy(w.buf, w.rest)
	for {
		if n == len(w.buf) {
			if n > maxChunk {
				return nil, errors.New("a line without end")
			}
			w.buf = append(w.buf, make([]byte, len(w.buf))...)
		}
		m, err := w.conn.Read(w.buf[n:])
		end := bytes.LastIndexByte(w.buf[n:n+m], '\n')
		n += m
		if end >= 0 {
			end += n - m + 1
			w.rest = w.buf[end:n]
			return w.buf[:end], nil
		}
		if err != nil {
			return nil, err
		}
	}
}

func (w *tcpWire) renew() { w.buf = make([]byte, max(readBuffer, 2*len(w.rest))) }

func (w *tcpWire) write(_ context.Context, lines []byte) error {
	if err := w.conn.SetWriteDeadline(time.Now().Add(writeTimeout)); err != nil {
		return err
	}
	_, err := w.conn.Write(lines)
	return err
}

func (w *tcpWire) close() { _ = w.conn.Close() }

type wsWire struct {
	conn *websocket.Conn
	buf  bytes.Buffer
}

func (w *wsWire) read(ctx context.Context) ([]byte, error) {
	_, r, err := w.conn.Reader(ctx)
	if err != nil {
		return nil, err
	}
	w.buf.Reset()
	if _, err := w.buf.ReadFrom(r); err != nil {
		return nil, err
	}
	return w.buf.Bytes(), nil
}

func (w *wsWire) renew() { w.buf = bytes.Buffer{} }

func (w *wsWire) write(ctx context.Context, lines []byte) error {
	ctx, cancel := context.WithTimeout(ctx, writeTimeout)
	defer cancel()
	return w.conn.Write(ctx, websocket.MessageText, bytes.TrimSuffix(lines, []byte("\r\n")))
}

func (w *wsWire) close() { _ = w.conn.CloseNow() }
