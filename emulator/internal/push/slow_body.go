package push

import (
	"context"
	"io"
	"time"
)

// slowBody is a request's body that pauses in the middle.
type slowBody struct {
	ctx   context.Context //nolint:containedctx // of the request
	body  []byte
	pause time.Duration
	read  int
}

func (b *slowBody) Read(p []byte) (int, error) {
	half := len(b.body) / 2
	if b.read == half && b.pause > 0 {
		select {
		case <-time.After(b.pause):
		case <-b.ctx.Done():
			return 0, b.ctx.Err()
		}
		b.pause = 0
	}
	end := len(b.body)
	if b.read < half {
		end = half
	}
	n := copy(p, b.body[b.read:end])
	if b.read += n; n == 0 && len(p) > 0 {
		return 0, io.EOF
	}
	return n, nil
}

func (b *slowBody) Close() error { return nil }
