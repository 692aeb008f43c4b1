package cli

import "github.com/spf13/cobra"

func newEvents(p Process) *cobra.Command {
	cmd := &cobra.Command{
		Use:   "events",
		Short: "Shows the types of events",
		Args:  noCommand,
		RunE:  func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	cmd.AddCommand(newEventsList(p))
	return cmd
}
