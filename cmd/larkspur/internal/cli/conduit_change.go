package cli

import (
	"context"
	"fmt"

	"github.com/spf13/cobra"

	"github.com/larkspur-dev/larkspur/helix"
)

func newConduitCreate(p Process) *cobra.Command {
	var f appFlags
	var asJSON bool
	cmd := &cobra.Command{
		Use:   "create SHARDS",
		Short: "Creates a conduit and prints its id",
		Long: `Creates a conduit with a number of shards and prints its id. The shards deliver nothing
until a program assigns each a connection or a webhook.`,
		Example: `  larkspur conduit create 4`,
		Args:    usageArgs(cobra.ExactArgs(1)), ValidArgsFunction: cobra.NoFileCompletions,
		RunE: func(cmd *cobra.Command, args []string) error {
			ctx := cmd.Context()
			shards, err := parseShards(args[0])
			if err != nil {
				return err
			}
			c, err := openConduits(ctx, p, f)
			if err != nil {
				return err
			}
			defer finish(ctx, p, c.tokens)
			made, err := createConduit(ctx, c.tw, f, shards)
			if err != nil {
				return err
			}
			if asJSON {
				return printJSON(p.Stdout, made)
			}
			_, err = fmt.Fprintln(p.Stdout, printable(made.ID))
			return err
		},
	}
	f.register(p, cmd, true)
	jsonFlag(cmd, &asJSON)
	return cmd
}

// createConduit creates a conduit, unless there are as many as Twitch allows.
func createConduit(ctx context.Context, tw *helix.Client, f appFlags, shards int) (*helix.Conduit, error) {
	all, err := tw.Conduits.Get(ctx)
	if err != nil {
		return nil, err
	}
	if len(all) >= maxConduits {
		return nil, fmt.Errorf("this application has %d conduits, and Twitch allows no more; to delete one, run:\n  %s", len(all), f.command("larkspur conduit delete ID"))
	}
	return tw.Conduits.Create(ctx, helix.CreateConduitsParams{ShardCount: shards})
}

func newConduitScale(p Process) *cobra.Command {
	var f appFlags
	var yes, asJSON bool
	cmd := &cobra.Command{
		Use:   "scale ID SHARDS",
		Short: "Changes the number of a conduit's shards",
		Long: `Changes the number of a conduit's shards. Twitch adds and removes shards at the end: those
with the highest ids. If enabled shards would be removed, it asks first, unless --yes is
given: their programs receive no more events through them.`,
		Example:           `  larkspur conduit scale 26b1c993-bfcf-44d9-b876-379dacafe75a 8`,
		Args:              usageArgs(cobra.ExactArgs(2)),
		ValidArgsFunction: completeConduit(p, &f),
		RunE: func(cmd *cobra.Command, args []string) error {
			ctx := cmd.Context()
			shards, err := parseShards(args[1])
			if err != nil {
				return err
			}
			c, err := openConduits(ctx, p, f)
			if err != nil {
				return err
			}
			defer finish(ctx, p, c.tokens)
			before, err := c.conduit(ctx, args[0])
			if err != nil {
				return err
			}
			if err := c.confirmScale(ctx, before, shards, yes); err != nil {
				return err
			}
			after, err := c.tw.Conduits.Update(ctx, helix.UpdateConduitsParams{ID: before.ID, ShardCount: shards})
			if err != nil {
				return err
			}
			if asJSON {
				return printJSON(p.Stdout, after)
			}
			_, err = fmt.Fprintf(p.Stdout, "%s has %s, had %d\n", printable(after.ID), number(after.ShardCount, "shard"), before.ShardCount)
			return err
		},
	}
	f.register(p, cmd, true)
	yesFlag(cmd, &yes)
	jsonFlag(cmd, &asJSON)
	return cmd
}

// confirmScale asks if enabled shards would be removed.
func (c *conduits) confirmScale(ctx context.Context, conduit *helix.Conduit, shards int, yes bool) error {
	if shards >= conduit.ShardCount {
		return nil
	}
	all, err := c.shards(ctx, conduit.ID)
	if err != nil {
		return err
	}
	var removed []int
	for _, s := range all {
		if n := shardNumber(s); n >= shards && string(s.Status) == enabled {
			removed = append(removed, n)
		}
	}
	if len(removed) == 0 {
		return nil
	}
	return confirm(c.p, yes, fmt.Sprintf("This removes %s that receive events: %s. Continue?", number(len(removed), "shard"), ranges(removed)))
}

func newConduitDelete(p Process) *cobra.Command {
	var f appFlags
	var yes, asJSON bool
	cmd := &cobra.Command{
		Use:     "delete ID",
		Aliases: []string{"rm"},
		Short:   "Deletes a conduit and its subscriptions",
		Long: `Deletes a conduit and its subscriptions. It asks first, unless --yes is given. A program
that uses the conduit creates another one: stop the program first.`,
		Example:           `  larkspur conduit delete 26b1c993-bfcf-44d9-b876-379dacafe75a`,
		Args:              usageArgs(cobra.ExactArgs(1)),
		ValidArgsFunction: completeConduit(p, &f),
		RunE: func(cmd *cobra.Command, args []string) error {
			ctx := cmd.Context()
			c, err := openConduits(ctx, p, f)
			if err != nil {
				return err
			}
			defer finish(ctx, p, c.tokens)
			conduit, err := c.conduit(ctx, args[0])
			if err != nil {
				return err
			}
			if err := c.confirmDelete(ctx, conduit, yes); err != nil {
				return err
			}
			if err := c.tw.Conduits.Delete(ctx, helix.DeleteConduitParams{ID: conduit.ID}); err != nil {
				return err
			}
			if asJSON {
				return printJSON(p.Stdout, struct {
					Deleted *helix.Conduit `json:"deleted"`
				}{conduit})
			}
			_, err = fmt.Fprintf(p.Stdout, "%s: deleted\n", printable(conduit.ID))
			return err
		},
	}
	f.register(p, cmd, true)
	yesFlag(cmd, &yes)
	jsonFlag(cmd, &asJSON)
	return cmd
}

// confirmDelete asks, and says what is deleted together with a conduit.
func (c *conduits) confirmDelete(ctx context.Context, conduit *helix.Conduit, yes bool) error {
	if yes {
		return nil
	}
	shards, err := c.shards(ctx, conduit.ID)
	if err != nil {
		return err
	}
	on, subscriptions := 0, 0
	for _, s := range shards {
		if string(s.Status) == enabled {
			on++
		}
	}
	if _, err := pagesOf(ctx, c.tw, helix.GetEventSubSubscriptionsParams{ConduitID: conduit.ID}, func(page []helix.EventSubSubscription) {
		subscriptions += len(page)
	}); err != nil {
		return err
	}
	return confirm(c.p, false, fmt.Sprintf("Delete conduit %s with %s, of which %d receive events, and its %s?",
		printable(conduit.ID), number(conduit.ShardCount, "shard"), on, number(subscriptions, "subscription")))
}
