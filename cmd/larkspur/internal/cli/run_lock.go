package cli

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"github.com/larkspur-dev/larkspur/internal/lock"
)

// A runner is the bot that runs on a state directory, as it describes itself to others
// in the file run.json.
type runner struct {
	PID    int       `json:"pid"`
	Since  time.Time `json:"since"`
	Config string    `json:"config"`
}

// lockRun makes sure that one bot at a time runs on the directory dir. If another does,
// it returns an error that says which one. Commands such as login and token do not take
// this lock. With share, bots may run side by side.
func lockRun(dir, config string, share bool) (unlock func(), err error) {
	unlockFile, err := lock.TryFile(filepath.Join(dir, "run.lock"))
	switch {
	case errors.Is(err, lock.ErrHeld) && share:
		return func() {}, nil
	case errors.Is(err, lock.ErrHeld):
		return nil, fmt.Errorf("a bot is already running on %s%s\nStop it, or give this bot a directory of its own: --state DIR. To run both on one directory: --share-state", dir, runnerOf(dir))
	case err != nil:
		return nil, fmt.Errorf("state directory: %w", err)
	}
	name := filepath.Join(dir, "run.json")
	if err := writeRunner(name, config); err != nil {
		unlockFile()
		return nil, fmt.Errorf("state directory: %w", err)
	}
	return func() {
		_ = os.Remove(name) // a file that stays is replaced by the next bot
		unlockFile()
	}, nil
}

func writeRunner(name, config string) error {
	if absolute, err := filepath.Abs(config); err == nil {
		config = absolute
	}
	data, err := json.Marshal(runner{PID: os.Getpid(), Since: time.Now().Truncate(time.Second), Config: config})
	if err != nil {
		return err
	}
	tmp, err := writeBeside(name, string(data)+"\n")
	if err != nil {
		return err
	}
	return os.Rename(tmp, name)
}

// runnerOf describes the bot that runs on dir; empty if run.json is not written yet.
func runnerOf(dir string) string {
	data, err := os.ReadFile(filepath.Join(dir, "run.json"))
	var r runner
	if err != nil || json.Unmarshal(data, &r) != nil {
		return ""
	}
	return fmt.Sprintf(": process %d, since %s, with %s", r.PID, moment(r.Since), printable(r.Config))
}
