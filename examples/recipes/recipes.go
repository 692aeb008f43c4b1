// Package recipes holds small configurations, one idea each. Its tests run every
// one against the emulator and look at the effect from the other side.
package recipes

import "embed"

// Files are the configurations.
//
//go:embed *.yaml
var Files embed.FS
