// Package quickstart holds the configuration that `larkspur demo` runs and the
// README shows.
package quickstart

import _ "embed" // for the directive below

// Config is larkspur.yaml.
//
//go:embed larkspur.yaml
var Config string
