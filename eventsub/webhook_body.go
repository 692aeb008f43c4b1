package eventsub

import (
	"errors"
	"fmt"
	"io"
	"net/http"
	"slices"
)

var (
	errBodySize = errors.New("the body is too large")
	errBodyLoad = errors.New("too many bodies are being received at the same time")
)

// firstBody is the memory for a body before any of it has arrived. A stranger can
// announce a large one and send nothing.
const firstBody = 16 << 10

// readBody reads the body of a request. The memory grows with what has arrived. All
// bodies being read have maxBodies bytes at most.
func (r *Receiver) readBody(q *http.Request) ([]byte, error) {
	if q.ContentLength > maxBody {
		return nil, errBodySize
	}
	size := firstBody
	if q.ContentLength >= 0 {
		size = min(size, int(q.ContentLength)+1) // one more to see the end of the body
	}
	reserved := int64(0)
	defer func() { r.bodies.Add(-reserved) }()
	var body []byte
	for {
		if len(body) == cap(body) {
			more := max(size-cap(body), cap(body))
			reserved += int64(more)
			if r.bodies.Add(int64(more)) > maxBodies {
				return nil, errBodyLoad
			}
			body = slices.Grow(body, more)
		}
		n, err := q.Body.Read(body[len(body):cap(body)])
		body = body[:len(body)+n]
		switch {
		case len(body) > maxBody:
			return nil, errBodySize
		case err == io.EOF:
			return body, nil
		case err != nil:
			return nil, fmt.Errorf("body: %w", err)
		}
	}
}
