package socket

import (
	"bytes"
	"context"
	"errors"
	"net"
	"net/url"
	"time"

	"github.com/coder/websocket"

	"github.com/larkspur-dev/larkspur/eventsub/internal/connection"
	"github.com/larkspur-dev/larkspur/eventsub/internal/wire"
)

const (
	readLimit    = 1 << 20                // bytes in a frame; Twitch's largest are a few kilobytes
	closeTimeout = 500 * time.Millisecond // for the server to answer a close frame
)

// read dials a WebSocket and turns its frames into events, until the connection or ctx
// ends. It writes only pongs and the closing handshake: Twitch ends connections that
// send anything else.
func (s *Socket) read(ctx context.Context, link int, address string) {
	conn, cut, err := s.dialApart(ctx, address)
	if err != nil {
		s.send(ctx, Event{input: connection.Closed{Link: link, Code: connection.CodeNone, Reason: err}})
		return
	}

	// When ctx ends, the closing handshake is attempted for a short time. Reading
	// continues meanwhile, because the server's close frame has to be read.
	closed := make(chan struct{})
	stop := context.AfterFunc(ctx, func() {
		defer close(closed)
		giveUp := time.AfterFunc(closeTimeout, cut)
		defer giveUp.Stop()
		_ = conn.Close(websocket.StatusNormalClosure, "") // the connection is given up either way
	})
	defer func() {
		if stop() {
			_ = conn.CloseNow() // already broken
			return
		}
		<-closed
	}()

	readCtx := context.WithoutCancel(ctx)
	var decoder wire.Decoder
	ok := s.send(ctx, Event{input: connection.Opened{Link: link}})
	handle := func(frame []byte) {
		if ok { // otherwise only the closing handshake is awaited
			ok = s.send(ctx, s.understand(ctx, &decoder, link, frame))
		}
	}
	for {
		if err := receive(readCtx, conn, handle); err != nil {
			if ok {
				s.send(ctx, Event{input: s.closed(link, err)})
			}
			return
		}
	}
}

// send hands an event to the owner, unless ctx ends first.
func (s *Socket) send(ctx context.Context, e Event) bool {
	e.Socket = s
	select {
	case s.events <- e:
		return true
	case <-ctx.Done():
		return false
	}
}

// understand decodes a frame, of which it copies what it keeps. It logs one that cannot
// be decoded.
func (s *Socket) understand(ctx context.Context, d *wire.Decoder, link int, frame []byte) Event {
	m := messages.Get().(*wire.Message)
	err := d.Frame(frame, m)
	if err == nil {
		if in := inputOf(m, link); in != nil {
			m.Own()
			return Event{input: in, message: m}
		}
	}
	s.o.Logger.WarnContext(ctx, "message not understood", "message_type", m.Kind, "bytes", len(frame), "error", err)
	*m = wire.Message{Kind: m.Kind, Event: bytes.Clone(frame)}
	return Event{message: m}
}

// closed returns the input for a link that ended with err.
func (s *Socket) closed(link int, err error) connection.Closed {
	if frame, ok := errors.AsType[websocket.CloseError](err); ok {
		code := int(frame.Code)
		return connection.Closed{Link: link, Code: code, Reason: s.o.CloseError(code, frame.Reason)}
	}
	return connection.Closed{Link: link, Code: connection.CodeNone, Reason: rootCause(err)}
}

// rootCause unwraps a network error. This removes the dialled address from its text,
// because a reconnect address contains a token.
func rootCause(err error) error {
	if network, ok := errors.AsType[*net.OpError](err); ok {
		return network
	}
	if quoting, ok := errors.AsType[*url.Error](err); ok {
		return quoting.Err
	}
	return err
}
