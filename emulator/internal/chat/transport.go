package chat

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"strings"
	"time"

	"github.com/coder/websocket"

	"github.com/larkspur-dev/larkspur/emulator/internal/link"
)

const (
	// maxLine is the longest line taken from a client, with its tags. Longer
	// ones are skipped.
	maxLine = 16 << 10
	// maxFrame is how much goes into one WebSocket frame when several lines
	// wait: below the read limit that client libraries set by default.
	maxFrame = 8 << 10
	// writeTimeout is how long a client may leave a write standing.
	writeTimeout = 15 * time.Second
)

// A transport carries lines of one client.
type transport interface {
	// read returns the next line without its line end.
	read(ctx context.Context) (string, error)
	// write sends lines, which end in CR LF.
	write(ctx context.Context, lines [][]byte) error
	// close ends the connection after what was written.
	close()
	// abort ends it at once; a read or write that waits returns.
	abort()
}

// tcp carries lines over a stream.
type tcp struct {
	conn net.Conn
	in   *bufio.Reader
	out  *bufio.Writer
}

func newTCP(conn net.Conn) *tcp {
	return &tcp{conn: conn, in: bufio.NewReaderSize(conn, maxLine), out: bufio.NewWriterSize(conn, 32<<10)}
}

func (t *tcp) read(context.Context) (string, error) {
	for {
		b, err := t.in.ReadSlice('\n')
		if err == nil {
			return trimLineEnd(string(b)), nil
		}
		if !errors.Is(err, bufio.ErrBufferFull) {
			return "", fmt.Errorf("read: %w", err)
		}
		for errors.Is(err, bufio.ErrBufferFull) { // skip the rest of the long line
			_, err = t.in.ReadSlice('\n')
		}
		if err != nil {
			return "", fmt.Errorf("read: %w", err)
		}
	}
}

func (t *tcp) write(_ context.Context, lines [][]byte) error {
	if err := t.conn.SetWriteDeadline(time.Now().Add(writeTimeout)); err != nil {
		return fmt.Errorf("write: %w", err)
	}
	for _, b := range lines {
		if _, err := t.out.Write(b); err != nil {
			return fmt.Errorf("write: %w", err)
		}
	}
	if err := t.out.Flush(); err != nil {
		return fmt.Errorf("write: %w", err)
	}
	return nil
}

func (t *tcp) close() { _ = t.conn.Close() }
func (t *tcp) abort() { _ = t.conn.Close() }

// ws carries lines over a WebSocket, several in a frame where they come fast.
type ws struct {
	conn  *websocket.Conn
	lines []string // of the last frame, not yet returned
	frame []byte
}

func newWS(conn *websocket.Conn) *ws {
	conn.SetReadLimit(4 * maxLine)
	return &ws{conn: conn}
}

func (t *ws) read(ctx context.Context) (string, error) {
	for {
		for len(t.lines) > 0 {
			s := trimLineEnd(t.lines[0])
			t.lines = t.lines[1:]
			if s != "" && len(s) <= maxLine {
				return s, nil
			}
		}
		_, b, err := t.conn.Read(ctx)
		if err != nil {
			return "", fmt.Errorf("read: %w", err)
		}
		t.lines = strings.Split(string(b), "\n")
	}
}

func (t *ws) write(ctx context.Context, lines [][]byte) error {
	ctx, cancel := context.WithTimeout(ctx, writeTimeout)
	defer cancel()
	t.frame = t.frame[:0]
	for i, b := range lines {
		t.frame = append(t.frame, b...)
		if i+1 < len(lines) && len(t.frame)+len(lines[i+1]) <= maxFrame {
			continue
		}
		if err := t.conn.Write(ctx, websocket.MessageText, t.frame); err != nil {
			return fmt.Errorf("write: %w", err)
		}
		t.frame = t.frame[:0]
	}
	return nil
}

func (t *ws) close() { _ = t.conn.Close(websocket.StatusNormalClosure, "") }
func (t *ws) abort() { _ = t.conn.CloseNow() }

// linking is a ResponseWriter whose connection comes with faults.
type linking struct {
	http.ResponseWriter
	link *link.Conn
}

func (w *linking) Hijack() (net.Conn, *bufio.ReadWriter, error) {
	conn, rw, err := http.NewResponseController(w.ResponseWriter).Hijack()
	if err != nil {
		return nil, nil, err
	}
	w.link = link.New(conn)
	return w.link, bufio.NewReadWriter(rw.Reader, bufio.NewWriter(w.link)), nil
}

func trimLineEnd(s string) string { return strings.TrimRight(s, "\r\n") }
