package cli

import (
	"bufio"
	"errors"
	"fmt"
	"strings"

	"github.com/spf13/cobra"
)

// yesFlag adds --yes to a command that asks before it does something.
func yesFlag(cmd *cobra.Command, yes *bool) {
	cmd.Flags().BoolVarP(yes, "yes", "y", false, "do not ask; needed where there is no terminal")
}

var errNotConfirmed = errors.New("not confirmed; nothing was changed")

// confirm asks a question at the terminal and returns nil if the user types y or yes.
func confirm(p Process, yes bool, question string) error {
	if yes {
		return nil
	}
	if !isTerminal(p.Stdin) {
		return usageError{fmt.Errorf("%s\nThere is no terminal to ask; to agree, add:\n  --yes", question)}
	}
	fmt.Fprintf(p.Stderr, "%s [y/N] ", question)
	line, err := uninterruptible(p, func() (string, error) { return bufio.NewReader(p.Stdin).ReadString('\n') })
	if err != nil {
		fmt.Fprintln(p.Stderr)
		return errNotConfirmed // Ctrl-C or the end of the input
	}
	switch strings.ToLower(strings.TrimSpace(line)) {
	case "y", "yes":
		return nil
	default:
		return errNotConfirmed
	}
}
