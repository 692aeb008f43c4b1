package cli

import (
	"context"
	"fmt"
	"time"
)

// clearLine removes what a countdown shows.
const clearLine = "\r\x1b[K"

// overCountdown is what has to be printed before a line while a countdown runs.
func overCountdown(p Process) string {
	if isTerminal(p.Stdout) {
		return clearLine
	}
	return ""
}

// countdown shows how long the code is still good, until the returned function is called.
func (l *login) countdown(ctx context.Context, until time.Time) (stop func()) {
	if !isTerminal(l.p.Stdout) {
		fmt.Fprintf(l.p.Stdout, "Waiting; there are %s left.\n", timeLeft(until))
		return func() {}
	}
	ctx, cancel := context.WithCancel(ctx)
	done := make(chan struct{})
	go func() {
		defer close(done)
		tick := time.NewTicker(time.Second)
		defer tick.Stop()
		for {
			fmt.Fprintf(l.p.Stdout, clearLine+"Waiting; there are %s left. Ctrl-C stops.", timeLeft(until))
			select {
			case <-ctx.Done():
				fmt.Fprint(l.p.Stdout, clearLine)
				return
			case <-tick.C:
			}
		}
	}()
	return func() { cancel(); <-done }
}

// timeLeft writes 29:59.
func timeLeft(until time.Time) string {
	left := max(0, time.Until(until).Round(time.Second))
	return fmt.Sprintf("%d:%02d", int(left.Minutes()), int(left.Seconds())%60)
}
