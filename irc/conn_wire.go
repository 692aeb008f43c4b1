package irc

import (
	"bytes"
	"context"
	"errors"
	"io"
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
	// read returns one or more whole lines. They are valid until the second next call,
	// so that one chunk can be processed while the next is read.
	read(ctx context.Context) ([]byte, error)
	write(ctx context.Context, lines []byte) error
	close()
}

type tcpWire struct {
	conn net.Conn
	bufs [2][]byte
	turn int
	rest []byte // start of a line, in the other buffer
}

func newTCPWire(conn net.Conn) *tcpWire {
	return &tcpWire{conn: conn, bufs: [2][]byte{make([]byte, 32<<10), make([]byte, 32<<10)}}
}

func (w *tcpWire) read(context.Context) ([]byte, error) {
	buf := w.bufs[w.turn]
	if need := 2 * len(w.rest); need > len(buf) {
		buf = make([]byte, need)
		w.bufs[w.turn] = buf
	}
	n := copy(buf, w.rest)
	for {
		m, err := w.conn.Read(buf[n:])
		end := bytes.LastIndexByte(buf[n:n+m], '\n')
		n += m
		if end >= 0 {
			end += n - m + 1
			w.rest = buf[end:n]
			w.turn = 1 - w.turn
			return buf[:end], nil
		}
		if err != nil {
			return nil, err
		}
		if n == len(buf) {
			if n > maxChunk {
				return nil, errors.New("a line without end")
			}
			buf = append(buf, make([]byte, len(buf))...)
			w.bufs[w.turn] = buf
		}
	}
}

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
	bufs [2]bytes.Buffer
	turn int
}

func (w *wsWire) read(ctx context.Context) ([]byte, error) {
	_, r, err := w.conn.Reader(ctx)
	if err != nil {
		return nil, err
	}
	buf := &w.bufs[w.turn]
	w.turn = 1 - w.turn
	buf.Reset()
	if _, err := io.Copy(buf, r); err != nil {
		return nil, err
	}
	return buf.Bytes(), nil
}

func (w *wsWire) write(ctx context.Context, lines []byte) error {
	ctx, cancel := context.WithTimeout(ctx, writeTimeout)
	defer cancel()
	return w.conn.Write(ctx, websocket.MessageText, bytes.TrimSuffix(lines, []byte("\r\n")))
}

func (w *wsWire) close() { _ = w.conn.CloseNow() }
