package irc

import (
	"bytes"
	"context"
	"strings"
	"time"
)

// maxPiece is how much of a chunk becomes one string. Messages are substrings of it, so
// a handler that keeps one message keeps at most this many bytes.
const maxPiece = 4 << 10

// chunk hands the lines of a chunk to the session and to the handlers.
func (l *link) chunk(ctx context.Context, chunk []byte) {
	now := time.Now()
	l.s.hear(now)
	for len(chunk) > 0 {
		n := len(chunk)
		if n > maxPiece {
			if i := bytes.LastIndexByte(chunk[:maxPiece], '\n'); i >= 0 {
				n = i + 1
			} else if i := bytes.IndexByte(chunk, '\n'); i >= 0 { // a longer line
				n = i + 1
			}
		}
		l.piece(ctx, string(chunk[:n]), now)
		chunk = chunk[n:]
	}
}

func (l *link) piece(ctx context.Context, lines string, now time.Time) {
	for lines != "" {
		var line string
		line, lines, _ = strings.Cut(lines, "\n")
		line = trimLineEnd(line)
		if line == "" {
			continue
		}
		m, err := Parse(line)
		if err != nil {
			l.c.unparsed.Add(1)
			l.c.o.Logger.WarnContext(ctx, "chat line not understood", "error", err)
			continue
		}
		l.s.line(&m, now)
		l.c.take(ctx, &m)
		l.hand(ctx, &m)
	}
	l.feed.flush(ctx)
}
