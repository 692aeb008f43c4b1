//go:build canary

package quiet

import (
	"log/slog"
	"os"
)

// Mark is the beginning of every secret that is created for a test, so that it can be
// found in the output.
const Mark = "canary0secret"

// Or returns a logger that writes all records to the standard error, and to given those
// that given is enabled for.
func Or(given *slog.Logger) *slog.Logger {
	if given == nil {
		return slog.New(newLoud(os.Stderr, nil))
	}
	if _, is := given.Handler().(*loud); is {
		return given // already wrapped by another package of this module
	}
	return slog.New(newLoud(os.Stderr, given.Handler()))
}
