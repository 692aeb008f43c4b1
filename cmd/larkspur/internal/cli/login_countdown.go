package cli

import (
	"context"
	"fmt"
	"time"
)

// clearLine erases the line of a countdown.
const clearLine = "\r\x1b[K"

// overCountdown is what to print before a line while a countdown runs.
func overCountdown(p Process) string {
	if isTerminal(p.Stdout) {
		return clearLine
	}
	return ""
}

// countdown shows how long the code is still valid, until stop is called.
func (l *login) countdown(ctx context.Context, until time.Time) (stop func()) {
	if !isTerminal(l.p.Stdout) {
		fmt.Fprintf(l.p.Stdout, "Waiting for the login; %s left.\n", timeLeft(until))
		return func() {}
	}
	ctx, cancel := context.WithCancel(ctx)
	done := make(chan struct{})
	columns := columnsOf(l.p.Stdout)
	go func() {
		defer close(done)
		tick := time.NewTicker(time.Second)
		defer tick.Stop()
		for {
			fmt.Fprint(l.p.Stdout, clearLine+waiting(timeLeft(until), columns()))
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

// waiting is the line of a countdown. It fits into the terminal: a wrapped line could not
// be erased.
func waiting(left string, columns int) string {
	text := "Waiting for the login; " + left + " left. Ctrl-C stops."
	if columns > 0 && len(text) >= columns {
		return left
	}
	return text
}

// timeLeft formats the time until a moment, as in 29:59.
func timeLeft(until time.Time) string {
	left := max(0, time.Until(until).Round(time.Second))
	return fmt.Sprintf("%d:%02d", int(left.Minutes()), int(left.Seconds())%60)
}
