package socket

import (
	"io"
	"net/http"
	"sync"
)

// An upgradeKeeper is a transport that keeps the network connection of a response that
// switched protocols. The alternative is to call Read with a context that can end; then
// package websocket watches that context anew for every part of a message, which takes
// longer than decoding it.
type upgradeKeeper struct {
	next http.RoundTripper // nil: http.DefaultTransport
	body io.Closer
}

// RoundTrip implements [http.RoundTripper].
func (k *upgradeKeeper) RoundTrip(r *http.Request) (*http.Response, error) {
	next := k.next
	if next == nil {
		next = http.DefaultTransport
	}
	response, err := next.RoundTrip(r)
	if err != nil {
		return response, err
	}
	if network, ok := response.Body.(io.ReadWriteCloser); ok {
		response.Body = &burstReader{ReadWriteCloser: network}
	}
	k.body = response.Body
	return response, nil
}

// A burstReader reads more than it was asked for while a connection has much to read, so
// that it takes fewer system calls. An idle connection has no buffer.
type burstReader struct {
	io.ReadWriteCloser

	burst bool             // the last read filled all the memory it was given
	whole *[burstSize]byte // nil while there is nothing in it
	rest  []byte           // of whole, not yet returned
}

const burstSize = 32 << 10

var bursts = sync.Pool{New: func() any { return new([burstSize]byte) }}

// Read implements [io.Reader].
func (b *burstReader) Read(p []byte) (n int, err error) {
	if len(b.rest) == 0 {
		if !b.burst || len(p) >= burstSize {
			n, err = b.ReadWriteCloser.Read(p)
			b.burst = n == len(p)
			return n, err
		}
		b.whole = bursts.Get().(*[burstSize]byte)
		n, err = b.ReadWriteCloser.Read(b.whole[:])
		b.burst, b.rest = n == burstSize, b.whole[:n]
	}
	n = copy(p, b.rest)
	if b.rest = b.rest[n:]; len(b.rest) > 0 {
		return n, nil // an error comes again
	}
	bursts.Put(b.whole)
	b.whole, b.rest = nil, nil
	return n, err
}
