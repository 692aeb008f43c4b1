// Package recipes holds small configurations, one for each task. The tests in
// cmd/larkspur/internal/examples run each of them against the emulator and check
// its effect there.
package recipes

import "embed"

// Files are the configurations.
//
//go:embed *.yaml
var Files embed.FS
