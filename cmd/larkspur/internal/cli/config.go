package cli

import (
	"cmp"
	"fmt"
	"strings"

	"github.com/spf13/cobra"
)

func newConfig(p Process) *cobra.Command {
	cmd := &cobra.Command{
		Use:   "config",
		Short: "Writes and checks configurations, and lists what skills can do",
		Args:  noCommand,
		RunE:  func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	cmd.AddCommand(&cobra.Command{
		Use:   "check [FILE]",
		Short: "Finds all mistakes in a configuration, without starting anything",
		Long: `Finds all mistakes in a configuration, without starting anything.

Each mistake is one line: file:line:column: where: what is wrong. The exit code is 2 if
there is any. Otherwise it is 0, and the command lists what the configuration needs.
FILE is larkspur.yaml unless it is given.`,
		Args: usageArgs(cobra.MaximumNArgs(1)),
		RunE: func(cmd *cobra.Command, args []string) error {
			file, err := configArg(cmd, args)
			if err != nil {
				return err
			}
			cfg, err := loadConfig(p, file)
			if err != nil {
				return err
			}
			out := cmd.OutOrStdout()
			for _, note := range cfg.Notes {
				fmt.Fprintln(out, note)
			}
			needs, scopes := cfg.Skills.Needs(), cfg.Scopes()
			if names := cfg.Skills.Names(); len(names) > 0 {
				fmt.Fprintf(out, "%s: no mistakes\n", file)
				fmt.Fprintf(out, "skills:  %s\n", strings.Join(names, ", "))
			} else {
				fmt.Fprintf(out, "%s: no mistakes, but no skill is left to run: the bot would do nothing\n", file)
			}
			if len(needs.Events) > 0 {
				events := make([]string, 0, len(needs.Events))
				for _, e := range needs.Events {
					events = append(events, e.Name)
				}
				fmt.Fprintf(out, "events:  %s\n", strings.Join(events, ", "))
			}
			fmt.Fprintf(out, "scopes of the bot's account:     %s\n", cmp.Or(scopes.Bot.String(), "none"))
			fmt.Fprintf(out, "scopes of the channel's account: %s\n", cmp.Or(scopes.Broadcaster.String(), "none"))
			return nil
		},
	})
	cmd.AddCommand(newConfigActions(), newConfigNew(p))
	return cmd
}
