package cli

import (
	"fmt"

	"github.com/spf13/cobra"
)

const (
	// defaultConfig is the configuration that commands use if none is named.
	defaultConfig = "larkspur.yaml"
	// opsdroidConfig is what opsdroid calls its configuration.
	opsdroidConfig = "configuration.yaml"
)

// configArg returns the configuration that a command is given as its only argument, by
// default larkspur.yaml in the current directory.
func configArg(cmd *cobra.Command, args []string) (string, error) {
	switch {
	case len(args) > 0:
		return args[0], nil
	case exists(defaultConfig):
		return defaultConfig, nil
	case exists(opsdroidConfig):
		return "", usageError{fmt.Errorf("there is no %s in this directory, but there is opsdroid's configuration; to use it, run:\n  %s %s", defaultConfig, cmd.CommandPath(), opsdroidConfig)}
	}
	return "", usageError{fmt.Errorf("there is no %s in this directory; name the configuration:\n  %s FILE", defaultConfig, cmd.CommandPath())}
}
