package emulator

import (
	"io"
	"net/http"
	"time"
)

// bodyTimeout is how long a client may take to send a request's body.
const bodyTimeout = 10 * time.Second

// timeBody bounds the time in which a request's body must arrive, from the first attempt to
// read it. What is not read until the handler returns has as long again. A ReadTimeout of
// the HTTP server would also end requests whose answer is delayed on purpose.
func timeBody(w http.ResponseWriter, r *http.Request) (done func()) {
	if r.Body == http.NoBody {
		return func() {}
	}
	body := &timedBody{ReadCloser: r.Body, conn: http.NewResponseController(w)}
	r.Body = body
	return func() {
		if !body.ended {
			body.limit(bodyTimeout)
		}
	}
}

type timedBody struct {
	io.ReadCloser
	conn    *http.ResponseController
	started bool
	ended   bool
}

func (b *timedBody) Read(p []byte) (int, error) {
	if !b.started {
		b.started = true
		b.limit(bodyTimeout)
	}
	n, err := b.ReadCloser.Read(p)
	if err == io.EOF {
		b.ended = true
		b.limit(0)
	}
	return n, err
}

// limit sets when reading ends; 0 is never. A connection without deadlines has no limit.
func (b *timedBody) limit(d time.Duration) {
	var at time.Time
	if d > 0 {
		at = time.Now().Add(d)
	}
	_ = b.conn.SetReadDeadline(at)
}
