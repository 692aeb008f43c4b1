package cli

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"github.com/larkspur-dev/larkspur/helix"
)

func newConduitShards(p Process) *cobra.Command {
	var f appFlags
	var statuses []string
	var asJSON bool
	cmd := &cobra.Command{
		Use:   "shards ID",
		Short: "Lists the shards of a conduit with their status and transport",
		Long: `Lists the shards of a conduit with their status and transport: the session of a WebSocket,
or the address of a webhook. It says what a status other than enabled means, and what to do.`,
		Example: `  larkspur conduit shards 26b1c993-bfcf-44d9-b876-379dacafe75a
  larkspur conduit shards 26b1c993-bfcf-44d9-b876-379dacafe75a --status websocket_disconnected --json`,
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
			shards, err := c.shards(ctx, conduit.ID)
			if err != nil {
				return err
			}
			free := unassigned(conduit.ShardCount, shards)
			if len(statuses) > 0 {
				shards = slices.DeleteFunc(shards, func(s helix.Shard) bool { return !slices.Contains(statuses, string(s.Status)) })
			}
			if asJSON {
				return printJSON(p.Stdout, struct {
					ID         string        `json:"id"`
					ShardCount int           `json:"shard_count"`
					Shards     []helix.Shard `json:"shards"`
					Unassigned int           `json:"unassigned"`
				}{conduit.ID, conduit.ShardCount, append([]helix.Shard{}, shards...), len(free)})
			}
			return printShards(p, shards, free, len(statuses) > 0)
		},
	}
	cmd.Flags().StringSliceVar(&statuses, "status", nil, "only shards with this status; may be given several times")
	complete(cmd, "status", completeStatus)
	f.register(p, cmd, true)
	jsonFlag(cmd, &asJSON)
	return cmd
}

// shards returns the shards that have a transport, in the order of their ids.
func (c *conduits) shards(ctx context.Context, id string) ([]helix.Shard, error) {
	var all []helix.Shard
	for shard, err := range c.tw.Conduits.AllShards(ctx, helix.GetConduitShardsParams{ConduitID: id}) {
		if err != nil {
			return nil, err
		}
		all = append(all, shard)
	}
	slices.SortFunc(all, func(a, b helix.Shard) int { return shardNumber(a) - shardNumber(b) })
	return all, nil
}

// shardNumber returns the number that is a shard's id, or -1.
func shardNumber(s helix.Shard) int {
	n, err := strconv.Atoi(s.ID)
	if err != nil {
		return -1
	}
	return n
}

// unassigned returns the shards that have no transport: Twitch does not list them.
func unassigned(count int, shards []helix.Shard) []int {
	listed := map[int]bool{}
	for _, s := range shards {
		listed[shardNumber(s)] = true
	}
	var free []int
	for n := range count {
		if !listed[n] {
			free = append(free, n)
		}
	}
	return free
}

func printShards(p Process, shards []helix.Shard, free []int, filtered bool) error {
	var statuses []string
	if len(shards) > 0 {
		rows := [][]string{{"ID", "STATUS", "TRANSPORT", "CONNECTED", "DISCONNECTED"}}
		for _, s := range shards {
			statuses = append(statuses, string(s.Status))
			rows = append(rows, []string{
				printable(s.ID), printable(string(s.Status)), printable(strings.TrimSpace(string(s.Transport.Method) + " " + s.Transport.SessionID + s.Transport.Callback)),
				momentOrNone(s.Transport.ConnectedAt), momentOrNone(s.Transport.DisconnectedAt),
			})
		}
		if err := columns(p.Stdout, rows); err != nil {
			return err
		}
	}
	if len(free) > 0 && !filtered {
		fmt.Fprintf(p.Stdout, "not assigned: %s; no program has assigned them a connection or a webhook yet\n", ranges(free))
	}
	if len(shards) == 0 && filtered {
		fmt.Fprintln(p.Stdout, "No shard has this status.")
	}
	explainStatuses(p.Stdout, statuses, true)
	return nil
}

func momentOrNone(t helix.Time) string {
	if t.IsZero() {
		return "-"
	}
	return moment(t.Time)
}

// ranges formats numbers in ascending order: "0, 3–9".
func ranges(numbers []int) string {
	var parts []string
	for i := 0; i < len(numbers); {
		j := i
		for j+1 < len(numbers) && numbers[j+1] == numbers[j]+1 {
			j++
		}
		part := strconv.Itoa(numbers[i])
		if j > i {
			part += "–" + strconv.Itoa(numbers[j])
		}
		parts = append(parts, part)
		i = j + 1
	}
	return strings.Join(parts, ", ")
}
