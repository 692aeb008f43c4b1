package daemon

import (
	"context"
	"errors"
)

// announceStop waits for the end of running, and says why the bot stops if the end was
// ordered: if ctx, which is the caller's, has ended too.
func announceStop(ctx, running context.Context, say *announcer) {
	<-running.Done()
	if ctx.Err() != nil {
		say.note(ctx, "stopping: "+stopReason(ctx))
	}
}

// stopReason says why a context ended: which signal was received, for example.
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
