//go:build canary

package quiet

import (
	"log/slog"
	"os"
)

// Mark begins every secret that is made for a test, so that it can be found.
const Mark = "canary0secret"

// Or returns a logger that writes everything to the standard error, and to given what
// given wants.
func Or(given *slog.Logger) *slog.Logger {
	if given == nil {
		return slog.New(newLoud(os.Stderr, nil))
	}
	if _, is := given.Handler().(*loud); is {
		return given // another package of ours has been here
	}
	return slog.New(newLoud(os.Stderr, given.Handler()))
}
