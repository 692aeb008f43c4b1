package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"

	"github.com/larkspur-dev/larkspur/emulator"
)

// openReplay opens the file of --replay. An unreadable file is an error now, not when the
// first client joins.
func openReplay(p Process, name string) (io.ReadCloser, error) {
	file, err := uninterruptible(p, func() (*os.File, error) { return os.Open(name) })
	if err != nil {
		return nil, usageError{fmt.Errorf("--replay: %w", err)}
	}
	info, err := file.Stat()
	if err == nil && info.IsDir() {
		err = errors.New(name + " is a directory; name a file with lines of raw IRC")
	}
	if err != nil {
		_ = file.Close()
		return nil, usageError{fmt.Errorf("--replay: %w", err)}
	}
	return file, nil
}

// replayFile plays the file once a client has joined, and prints how many lines it sent.
func replayFile(ctx context.Context, tw *emulator.Server, file io.Reader, out io.Writer, f emulatorFlags) error {
	fmt.Fprintf(out, "The replay of %s begins when a client joins a channel.\n", f.replay)
	waitFor := f.channels
	if f.replayTo != "" {
		waitFor = []string{f.replayTo}
	}
	if err := tw.WaitForListener(ctx, waitFor...); err != nil {
		return err
	}
	stats, err := tw.Replay(ctx, file, emulator.ReplayOptions{Channel: f.replayTo, Speed: f.speed, SkipConnection: true})
	if err != nil {
		return err
	}
	fmt.Fprintf(out, "Replayed %d lines, left out %d about the connection:", stats.Lines, stats.Skipped)
	commands := make([]string, 0, len(stats.Commands))
	for command := range stats.Commands {
		commands = append(commands, command)
	}
	slices.Sort(commands)
	for _, command := range commands {
		fmt.Fprintf(out, " %d %s", stats.Commands[command], command)
	}
	fmt.Fprintln(out)
	return nil
}
