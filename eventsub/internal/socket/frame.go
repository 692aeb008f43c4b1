package socket

import (
	"context"
	"errors"
	"io"
	"sync"

	"github.com/coder/websocket"
)

// buffers holds memory to receive frames in. A connection uses it only while a frame
// arrives: most connections are idle most of the time.
var buffers = sync.Pool{New: func() any { return new([bufferSize]byte) }}

// bufferSize is enough for nearly all frames. Larger ones take more memory for a moment.
const bufferSize = 8 << 10

// receive receives the next message of a connection and calls use with it. The memory is
// used again when use has returned.
func receive(ctx context.Context, conn *websocket.Conn, use func(frame []byte)) error {
	_, r, err := conn.Reader(ctx)
	if err != nil {
		return err
	}
	buffer := buffers.Get().(*[bufferSize]byte)
	defer buffers.Put(buffer)
	frame := buffer[:0]
	for {
		if len(frame) == cap(frame) {
			frame = append(frame, 0)[:len(frame)] // conn has a limit
		}
		n, err := r.Read(frame[len(frame):cap(frame)])
		frame = frame[:len(frame)+n]
		if errors.Is(err, io.EOF) {
			use(frame)
			return nil
		}
		if err != nil {
			return err
		}
	}
}
