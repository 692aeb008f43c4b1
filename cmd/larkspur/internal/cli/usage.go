package cli

import (
	"errors"
	"fmt"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/larkspur-dev/larkspur/internal/config"
)

// usageArgs turns a mistake in the arguments into a usage error. If all arguments are
// missing, the error shows how the command is used.
func usageArgs(check cobra.PositionalArgs) cobra.PositionalArgs {
	return func(cmd *cobra.Command, args []string) error {
		err := check(cmd, args)
		switch {
		case err == nil:
			return nil
		case len(args) == 0:
			err = errors.New("an argument is missing")
		case check(cmd, nil) == nil:
			err = errors.New("too many arguments")
		}
		return usageError{fmt.Errorf("%w\nUsage: %s", err, strings.TrimSuffix(cmd.UseLine(), " [flags]"))}
	}
}

// noCommand reports the first argument of a command that has subcommands only, and
// suggests what was meant. It does not repeat what may be a token.
func noCommand(cmd *cobra.Command, args []string) error {
	if len(args) == 0 {
		return nil
	}
	text := fmt.Sprintf("unknown command %q", args[0])
	if !isLogin(args[0]) {
		text = "unknown command"
	}
	if near := closest(args[0], commandNames(cmd)); near != "" {
		return usageError{fmt.Errorf("%s; did you mean this?\n  %s %s", text, cmd.CommandPath(), near)}
	}
	return usageError{fmt.Errorf("%s; for a list of commands, run:\n  %s --help", text, cmd.CommandPath())}
}

func commandNames(cmd *cobra.Command) (names []string) {
	for _, c := range cmd.Commands() {
		if c.IsAvailableCommand() {
			names = append(append(names, c.Name()), c.Aliases...)
		}
	}
	return names
}

// flagError reports a mistake in a flag. For a flag that does not exist it suggests what
// was meant.
func flagError(cmd *cobra.Command, err error) error {
	if wrong, ok := errors.AsType[*pflag.InvalidValueError](err); ok && wrong.GetFlag().Value.Type() == "duration" {
		return usageError{fmt.Errorf("--%s %q: want a duration such as 30s", wrong.GetFlag().Name, printable(wrong.GetValue()))}
	}
	unknown, ok := errors.AsType[*pflag.NotExistError](err)
	if !ok {
		return usageError{fmt.Errorf("%w\nTo see the flags, run:\n  %s --help", err, cmd.CommandPath())}
	}
	var names []string
	cmd.Flags().VisitAll(func(f *pflag.Flag) {
		if !f.Hidden {
			names = append(names, f.Name)
		}
	})
	if near := closest(unknown.GetSpecifiedName(), names); near != "" {
		return usageError{fmt.Errorf("%s has no flag --%s; did you mean this?\n  --%s", cmd.CommandPath(), printable(unknown.GetSpecifiedName()), near)}
	}
	return usageError{fmt.Errorf("%s has no flag --%s; to see the flags, run:\n  %s --help", cmd.CommandPath(), printable(unknown.GetSpecifiedName()), cmd.CommandPath())}
}

// closest returns the one of names that was most likely meant, or "": the nearest in
// spelling, else the only one that begins with what was typed.
func closest(typed string, names []string) string {
	if near := config.Nearest(typed, names); near != "" {
		return near
	}
	found := ""
	for _, name := range names {
		if len(typed) > 1 && strings.HasPrefix(name, typed) {
			if found != "" {
				return ""
			}
			found = name
		}
	}
	return found
}
