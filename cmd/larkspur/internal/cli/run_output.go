package cli

import (
	"cmp"
	"context"
	"log/slog"
	"os"
	"os/signal"
	"syscall"

	"github.com/larkspur-dev/larkspur/cmd/larkspur/internal/daemon"
)

// newOutput returns the output of a running bot. As text, events go to standard output,
// and the log has only what is not shown there; as JSON, everything is in the log.
// The end of the process prints what the display still counts.
func newOutput(ctx context.Context, p Process, f logFlags, quiet bool) (*slog.Logger, daemon.Observer, error) {
	text := f.format == logText || f.format == "" && (isTerminal(p.Stdout) || isTerminal(p.Stderr))
	if !text {
		f.format, f.level = cmp.Or(f.format, logJSON), cmp.Or(f.level, "info")
		log, err := newLogger(p, f)
		if err != nil {
			return nil, daemon.Observer{}, err
		}
		return log, logObserver(ctx, log, quiet), nil
	}
	f.format, f.level = logText, cmp.Or(f.level, "warn")
	log, err := newLogger(p, f)
	if err != nil {
		return nil, daemon.Observer{}, err
	}
	d := newDisplay(p.Stdout, p.Started, false, isTerminal(p.Stdout) && wantColor(p))
	d.clock, d.width = true, columnsOf(p.Stdout)
	p.atExit.add(d.finish)
	return log, d.observer(quiet), nil
}

// hangupText is printed after a SIGHUP.
const hangupText = "SIGHUP received: nothing is reopened or reloaded; restart larkspur to read the configuration again"

// noteHangups keeps SIGHUP from ending the program: service managers send it for a
// reload, and a terminal that is closed should not stop a bot. stop ends that.
func noteHangups(note func(text string), log *slog.Logger) (stop func()) {
	hangups, ended := make(chan os.Signal, 1), make(chan struct{})
	signal.Notify(hangups, syscall.SIGHUP)
	go func() {
		defer close(ended)
		for range hangups {
			if note != nil {
				note(hangupText)
			} else {
				log.Info("note", "text", hangupText)
			}
		}
	}()
	return func() {
		signal.Stop(hangups)
		close(hangups)
		<-ended
	}
}
