package irc

import "bytes"

// maxPiece is how much of a chunk becomes one string. Messages are substrings of it, so
// a handler that keeps one message keeps at most this many bytes.
const maxPiece = 4 << 10

// A chunk is what was read at once: one or more whole lines.
type chunk struct {
	rest  []byte // not copied yet
	piece string // copied; its lines were not returned yet
}

// line returns the next line without its end, and false if there is none. It leaves out
// empty lines.
func (c *chunk) line() (string, bool) {
	for {
		if c.piece == "" {
			if len(c.rest) == 0 {
				return "", false
			}
			n := pieceLength(c.rest)
			c.piece, c.rest = string(c.rest[:n]), c.rest[n:]
		}
		var line string
		line, c.piece, _ = cutByte(c.piece, '\n')
		if line = trimLineEnd(line); line != "" {
			return line, true
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
