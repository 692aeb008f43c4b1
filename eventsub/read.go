package eventsub

import (
	"context"
	"errors"
	"net"
	"net/http"
	"net/url"
	"time"

	"github.com/coder/websocket"
)

const (
	readLimit = 1 << 20                // bytes in a frame; Twitch's largest are a few kilobytes
	closeWait = 500 * time.Millisecond // for the other side to agree to the end of a connection
)

// read dials a connection and turns its frames into inputs, until it ends or ctx
// does. There is no write beside the closing handshake: Twitch ends connections
// that send anything.
func (k *socket) read(ctx context.Context, d outDial) {
	conn, err := k.dial(ctx, d.url, func() {
		// On its own, so that the answer to the ping does not wait for the loop.
		k.running.Go(func() { k.send(ctx, inSign{link: d.link}) })
	})
	if err != nil {
		k.send(ctx, inClosed{link: d.link, err: err})
		return
	}
	k.s.stats.connections.Add(1)

	// When ctx ends, the closing handshake is tried for a moment, while reading
	// goes on because the answer has to be read.
	readCtx, stopReading := context.WithCancel(context.WithoutCancel(ctx))
	closed := make(chan struct{})
	stop := context.AfterFunc(ctx, func() {
		defer close(closed)
		giveUp := time.AfterFunc(closeWait, stopReading)
		defer giveUp.Stop()
		_ = conn.Close(websocket.StatusNormalClosure, "") // the connection is given up either way
	})
	defer func() {
		stopReading()
		if stop() {
			_ = conn.CloseNow() // already broken, or a duty done
			return
		}
		<-closed
	}()

	ok := k.send(ctx, inDialed{link: d.link})
	for {
		_, frame, err := conn.Read(readCtx)
		if err != nil {
			if ok {
				k.send(ctx, inClosed{link: d.link, err: closeReason(err)})
			}
			return
		}
		if !ok {
			continue // given up: only the closing handshake is awaited
		}
		ok = k.send(ctx, k.understand(ctx, d.link, frame))
	}
}

func (k *socket) dial(ctx context.Context, address string, pinged func()) (*websocket.Conn, error) {
	ctx, cancel := context.WithTimeout(ctx, welcomeWait)
	defer cancel()
	client := *k.s.o.HTTPClient
	// A redirect would lead past the check of addresses.
	client.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	conn, _, err := websocket.Dial(ctx, address, &websocket.DialOptions{ //nolint:bodyclose // Dial's contract: nothing to close
		HTTPClient:     &client,
		OnPingReceived: func(context.Context, []byte) bool { pinged(); return true },
	})
	if err != nil {
		return nil, dialReason(err)
	}
	conn.SetReadLimit(readLimit)
	return conn, nil
}

// understand turns a frame into an input. What is not understood is reported and
// still counts as a sign of life.
func (k *socket) understand(ctx context.Context, link int, frame []byte) input {
	msg, err := decodeMessage(frame)
	if err == nil {
		switch msg.kind {
		case kindWelcome, kindKeepalive, kindReconnect, kindNotification, kindRevocation:
			return inFrame{link: link, msg: msg}
		}
	}
	k.s.stats.unknown.Add(1)
	k.logger.WarnContext(ctx, "message not understood", "message_type", msg.kind, "bytes", len(frame), "error", err)
	return inUnknown{link: link, kind: msg.kind, frame: frame}
}

// closeReason makes our own error of the library's.
func closeReason(err error) error {
	if closed, ok := errors.AsType[websocket.CloseError](err); ok {
		return &CloseError{Code: int(closed.Code), Reason: closed.Reason}
	}
	return rootCause(err)
}

func dialReason(err error) error {
	if errors.Is(err, context.DeadlineExceeded) {
		return ErrNoWelcome
	}
	return rootCause(err)
}

// rootCause leaves out the chain of "failed to" around a network error, which
// says it all, and with it the address: that of a reconnect has a token in it.
func rootCause(err error) error {
	if network, ok := errors.AsType[*net.OpError](err); ok {
		return network
	}
	if quoting, ok := errors.AsType[*url.Error](err); ok {
		return quoting.Err
	}
	return err
}
