package cli

import (
	"context"
	"fmt"

	"github.com/spf13/cobra"

	"github.com/larkspur-dev/larkspur/helix"
)

func newConduitList(p Process) *cobra.Command {
	var f appFlags
	var asJSON bool
	cmd := &cobra.Command{
		Use:     "list",
		Aliases: []string{"ls"},
		Short:   "Lists conduits with their shards, subscriptions and cost",
		Long: `Lists conduits with their shards, subscriptions and cost. Events are delivered to enabled
shards only. Twitch deletes a conduit that has had no enabled shard for 72 hours.`,
		Example: `  larkspur conduit list
  larkspur conduit list --json`,
		Args: usageArgs(cobra.NoArgs),
		RunE: func(cmd *cobra.Command, _ []string) error {
			ctx := cmd.Context()
			c, err := openConduits(ctx, p, f)
			if err != nil {
				return err
			}
			defer finish(ctx, p, c.tokens)
			listed, total, err := c.list(ctx)
			if err != nil {
				return err
			}
			if asJSON {
				return printJSON(p.Stdout, struct {
					Conduits     []listedConduit `json:"conduits"`
					MaxConduits  int             `json:"max_conduits"`
					TotalCost    int             `json:"total_cost"`
					MaxTotalCost int             `json:"max_total_cost"`
				}{append([]listedConduit{}, listed...), maxConduits, total.TotalCost, total.MaxTotalCost})
			}
			return c.print(listed, total)
		},
	}
	f.register(p, cmd, true)
	jsonFlag(cmd, &asJSON)
	return cmd
}

// A listedConduit is a conduit in the output of `larkspur conduit list`.
type listedConduit struct {
	ID            string         `json:"id"`
	ShardCount    int            `json:"shard_count"`
	Statuses      map[string]int `json:"statuses"` // number of shards by status
	Unassigned    int            `json:"unassigned"`
	Subscriptions int            `json:"subscriptions"`
	Cost          int            `json:"cost"`
}

// list returns all conduits, and the last page of the application's subscriptions, which
// has their total cost.
func (c *conduits) list(ctx context.Context) ([]listedConduit, *helix.EventSubSubscriptionsPage, error) {
	all, err := c.tw.Conduits.Get(ctx)
	if err != nil {
		return nil, nil, err
	}
	progress := newProgress(c.p)
	defer progress.clear()
	listed := make([]listedConduit, len(all))
	index := map[string]*listedConduit{}
	for i, conduit := range all {
		l := &listed[i]
		*l = listedConduit{ID: conduit.ID, ShardCount: conduit.ShardCount, Statuses: map[string]int{}, Unassigned: conduit.ShardCount}
		index[l.ID] = l
		for shard, err := range c.tw.Conduits.AllShards(ctx, helix.GetConduitShardsParams{ConduitID: l.ID}) {
			if err != nil {
				return nil, nil, err
			}
			l.Statuses[string(shard.Status)]++
			l.Unassigned--
		}
	}
	total, err := pagesOf(ctx, c.tw, helix.GetEventSubSubscriptionsParams{}, func(page []helix.EventSubSubscription) {
		progress.page(len(page))
		for _, s := range page {
			if l := index[s.Transport.ConduitID]; l != nil {
				l.Subscriptions++
				l.Cost += s.Cost
			}
		}
	})
	return listed, total, err
}

func (c *conduits) print(listed []listedConduit, total *helix.EventSubSubscriptionsPage) error {
	var statuses []string
	idle := false
	if len(listed) > 0 {
		rows := [][]string{{"ID", "SHARDS", "ENABLED", "NOT ASSIGNED", "OTHER", "SUBSCRIPTIONS", "COST"}}
		for _, l := range listed {
			on := l.Statuses[enabled]
			rows = append(rows, []string{
				printable(l.ID), fmt.Sprint(l.ShardCount), fmt.Sprint(on), fmt.Sprint(l.Unassigned),
				fmt.Sprint(l.ShardCount - on - l.Unassigned), fmt.Sprint(l.Subscriptions), fmt.Sprint(l.Cost),
			})
			idle = idle || on == 0
			for status := range l.Statuses {
				statuses = append(statuses, status)
			}
		}
		if err := columns(c.p.Stdout, rows); err != nil {
			return err
		}
	}
	fmt.Fprintf(c.p.Stdout, "%d of %d conduits; the application's subscriptions cost %d of %d\n", len(listed), maxConduits, total.TotalCost, total.MaxTotalCost)
	explainStatuses(c.p.Stdout, statuses, true)
	if idle {
		fmt.Fprintln(c.p.Stdout, "A conduit without an enabled shard delivers no events, and Twitch deletes it after 72 hours.")
	}
	return nil
}
