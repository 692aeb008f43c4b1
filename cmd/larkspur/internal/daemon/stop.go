package daemon

import (
	"context"
	"errors"
)

// announceStop waits until running ends. If the caller's context ctx has ended too, it
// reports why the bot stops.
func announceStop(ctx, running context.Context, say *announcer) {
	<-running.Done()
	if ctx.Err() != nil {
		say.note(ctx, "stopping: "+stopReason(ctx))
	}
}

// stopReason returns the reason why a context ended: the received signal, for example.
func stopReason(ctx context.Context) string {
	switch cause := context.Cause(ctx); {
	case errors.Is(cause, context.DeadlineExceeded):
		return "the time is up"
	case cause == context.Canceled: //nolint:errorlint // a signal is one too, by errors.Is
		return "asked to by the program"
	default:
		return cause.Error()
	}
}
