package eventsub

import (
	"context"
	"log/slog"
	"time"
)

// skewWarning is the difference between the local clock and Twitch's above which a
// warning is logged.
const skewWarning = 30 * time.Second

// A skewWatch logs one warning while the local clock is wrong. It is not safe for
// concurrent use.
type skewWatch struct {
	logger *slog.Logger
	warned bool
}

func (w *skewWatch) warn(ctx context.Context, skew time.Duration) {
	if skew.Abs() < skewWarning {
		w.warned = false
	} else if !w.warned {
		w.warned = true
		w.logger.WarnContext(ctx, "the local clock differs from Twitch's", "ahead", skew)
	}
}
