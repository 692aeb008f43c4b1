package cli

import (
	"context"
	"io"
	"os"
)

// uninterruptible runs a read that cannot be interrupted, such as one from standard
// input or a pipe without a writer, but returns when the program is told to stop.
// The read is then left behind; the process ends.
func uninterruptible[T any](p Process, read func() (T, error)) (T, error) {
	type result struct {
		value T
		err   error
	}
	done := make(chan result, 1)
	go func() {
		value, err := read()
		done <- result{value, err}
	}()
	select {
	case r := <-done:
		return r.value, r.err
	case <-p.stopped:
		var none T
		return none, context.Canceled
	}
}

// readStdin reads standard input to its end, or up to limit bytes.
func readStdin(p Process, limit int64) ([]byte, error) {
	return uninterruptible(p, func() ([]byte, error) { return io.ReadAll(io.LimitReader(p.Stdin, limit)) })
}

// readFile is [os.ReadFile] for a file that may be a pipe.
func readFile(p Process, name string) ([]byte, error) {
	return uninterruptible(p, func() ([]byte, error) { return os.ReadFile(name) })
}
