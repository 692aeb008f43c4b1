package cli

import (
	"context"
	"errors"
	"fmt"
	"strconv"

	"github.com/spf13/cobra"

	"github.com/larkspur-dev/larkspur/helix"
)

// Twitch's limits on conduits.
// https://dev.twitch.tv/docs/eventsub/handling-conduit-events/
const (
	maxConduits = 5 // of one application
	maxShards   = 20_000
)

func newConduit(p Process) *cobra.Command {
	cmd := &cobra.Command{
		Use:   "conduit",
		Short: "Lists, creates, scales and deletes the application's conduits",
		Long: `Lists, creates, scales and deletes the application's conduits.

A conduit spreads the events of many channels over shards: connections or webhooks, which
one or several programs hold. An application can have five conduits. These commands need
the client secret, and no login.

Exit codes of all these commands: 0 done, 1 Twitch refused it or could not be reached, 2
the command line is wrong; then nothing was changed.`,
		Example: `  larkspur conduit list
  larkspur conduit create 4
  larkspur conduit shards 26b1c993-bfcf-44d9-b876-379dacafe75a`,
		Args: noCommand,
		RunE: func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	for _, command := range []func(Process) *cobra.Command{
		newConduitList, newConduitShards, newConduitCreate, newConduitScale, newConduitDelete,
	} {
		cmd.AddCommand(command(p))
	}
	return cmd
}

// conduits are what the commands about conduits work with.
type conduits struct {
	*apiSession

	p     Process
	flags appFlags
}

func openConduits(ctx context.Context, p Process, f appFlags) (*conduits, error) {
	s, err := openAPI(ctx, p, f)
	if err != nil {
		return nil, err
	}
	if s.public {
		return nil, usageError{errors.New("conduits belong to the application, whose token needs TWITCH_CLIENT_SECRET; it is at https://dev.twitch.tv/console")}
	}
	return &conduits{s, p, f}, nil
}

// conduit returns the conduit with an id.
func (c *conduits) conduit(ctx context.Context, id string) (*helix.Conduit, error) {
	found, err := c.tw.Conduits.ByID(ctx, id)
	if errors.Is(err, helix.ErrNotFound) {
		return nil, fmt.Errorf("this application has no conduit %q; to list its conduits, run:\n  %s", printable(id), c.flags.command("larkspur conduit list"))
	}
	return found, err
}

// parseShards parses a number of shards.
func parseShards(text string) (int, error) {
	n, err := strconv.Atoi(text)
	if err != nil || n < 1 || n > maxShards {
		return 0, usageError{fmt.Errorf("%q: want a number of shards from 1 to %d", printable(text), maxShards)}
	}
	return n, nil
}

// completeConduit completes the ids of conduits. It asks Twitch.
func completeConduit(p Process, f *appFlags) cobra.CompletionFunc {
	return func(cmd *cobra.Command, args []string, _ string) ([]cobra.Completion, cobra.ShellCompDirective) {
		if len(args) > 0 {
			return nil, cobra.ShellCompDirectiveNoFileComp
		}
		if cmd.PreRun != nil {
			cmd.PreRun(cmd, args) // finds the configuration
		}
		c, err := openConduits(cmd.Context(), withoutStdin(p), *f)
		if err != nil {
			return nil, cobra.ShellCompDirectiveNoFileComp
		}
		defer finish(cmd.Context(), p, c.tokens)
		all, _ := c.tw.Conduits.Get(cmd.Context())
		var found []cobra.Completion
		for _, conduit := range all {
			found = append(found, cobra.CompletionWithDesc(conduit.ID, number(conduit.ShardCount, "shard")))
		}
		return found, cobra.ShellCompDirectiveNoFileComp
	}
}
