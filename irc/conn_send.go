package irc

import (
	"context"
	"errors"
	"fmt"

	"github.com/larkspur-dev/larkspur/chat"
)

type outLine struct {
	line    string
	written chan<- error // may be nil
}

func (l *link) writes(ctx context.Context) error {
	for {
		select {
		case o := <-l.out:
			err := l.w.write(ctx, []byte(o.line+"\r\n"))
			if o.written != nil {
				o.written <- err
			}
			if err != nil {
				return err
			}
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}

// errNotHanded means that the writer never got a line.
var errNotHanded = errors.New("irc: connection lost before sending")

// send writes a line and waits until it is written.
func (l *link) send(ctx context.Context, line string) error {
	written := make(chan error, 1)
	select {
	case l.out <- outLine{line: line, written: written}:
	case <-l.done:
		return errNotHanded
	case <-ctx.Done():
		return errNotHanded
	}
	if err := <-written; err != nil { // a write has a deadline
		return fmt.Errorf("%w: %w", chat.ErrUnknownOutcome, err)
	}
	return nil
}
