package irc

import (
	"bytes"
	"strings"
	"unsafe"
)

// maxPiece is how much of a chunk becomes one string. Messages are substrings of it, so
// a handler that keeps one message keeps at most this many bytes.
const maxPiece = 4 << 10

// A chunk is what was read at once: one or more whole lines.
type chunk struct {
	rest   []byte // not copied yet
	piece  string // copied
	at     int    // how much of piece was returned. A number costs less than a shorter string: the garbage collector does not look at it
	hasNUL bool
	lent   bool // piece is all of the chunk, and not copied
}

func newChunk(b []byte) chunk { return chunk{rest: b, hasNUL: bytes.IndexByte(b, 0) >= 0} }

// lend returns a chunk whose lines are strings in the memory of b. They change when b does:
// see reader.lines for who may see them.
func lend(b []byte) chunk {
	c := newChunk(b)
	c.lent, c.rest = true, nil
	c.piece = unsafe.String(unsafe.SliceData(b), len(b)) //nolint:gosec // b is not written to while the chunk is used
	return c
}

// line returns the next line without its end, and false if there is none. It leaves out
// empty lines. A line that is not clean may contain what parse does not accept.
func (c *chunk) line() (line string, clean, ok bool) {
	for {
		if c.at == len(c.piece) {
			if len(c.rest) == 0 {
				c.piece, c.at = "", 0
				return "", false, false
			}
			n := pieceLength(c.rest)
			c.piece, c.at, c.rest = string(c.rest[:n]), 0, c.rest[n:]
		}
		line = c.piece[c.at:]
		if end := strings.IndexByte(line, '\n'); end >= 0 {
			line = line[:end]
			c.at++
		}
		c.at += len(line)
		if n := len(line) - 1; n >= 0 && line[n] == '\r' {
			line = line[:n]
		}
		if line != "" {
			return line, !c.hasNUL && strings.IndexByte(line, '\r') < 0, true
		}
	}
}

// pieceLength returns the length of the lines at the start of b that fit into one piece. A
// line that does not fit is a piece of its own.
func pieceLength(b []byte) int {
	if len(b) <= maxPiece {
		return len(b)
	}
	if i := bytes.LastIndexByte(b[:maxPiece], '\n'); i >= 0 {
		return i + 1
	}
	if i := bytes.IndexByte(b, '\n'); i >= 0 {
		return i + 1
	}
	return len(b)
}
