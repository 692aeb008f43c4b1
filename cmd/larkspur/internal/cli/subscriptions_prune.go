package cli

import (
	"context"
	"fmt"

	"github.com/spf13/cobra"
)

func newSubscriptionsPrune(p Process) *cobra.Command {
	var f subscriptionFlags
	var dryRun, asJSON bool
	cmd := &cobra.Command{
		Use:   "prune",
		Short: "Deletes subscriptions that have ended",
		Long: `Deletes subscriptions that have ended: those whose status is not enabled. They deliver
nothing, but Twitch lists them for a while. One whose webhook is being verified is kept.
If one cannot be deleted, it continues with the others.`,
		Example: `  larkspur subscriptions prune --dry-run
  larkspur subscriptions prune --user ada`,
		Args: usageArgs(cobra.NoArgs),
		RunE: func(cmd *cobra.Command, _ []string) error {
			if err := f.check(); err != nil {
				return err
			}
			s, err := openAPI(cmd.Context(), p, f.app)
			if err != nil {
				return err
			}
			defer finish(cmd.Context(), p, s.tokens)
			return prune(cmd.Context(), p, newFinder(p, s, &f), dryRun, asJSON)
		},
	}
	f.register(p, cmd, false)
	cmd.Flags().BoolVarP(&dryRun, "dry-run", "n", false, "only print what would be deleted, and why")
	jsonFlag(cmd, &asJSON)
	return cmd
}

func prune(ctx context.Context, p Process, find *finder, dryRun, asJSON bool) error {
	found, _, err := find.all(ctx)
	if err != nil {
		return err
	}
	var ended []heldSubscription
	kept := 0
	for _, sub := range found {
		switch {
		case isDead(string(sub.Status)):
			ended = append(ended, sub)
		case string(sub.Status) == verificationPending:
			kept++
		}
	}
	d := newDeletion(p, find, asJSON)
	d.why = true
	if kept > 0 && !asJSON {
		fmt.Fprintf(p.Stdout, "%s kept: %s\n", number(kept, "subscription"), explainStatus(verificationPending).means)
	}
	if !dryRun {
		return d.run(ctx, ended)
	}
	if err := d.preview(ended); err != nil {
		return err
	}
	return find.report(p)
}

// preview prints what run would delete.
func (d *deletion) preview(ended []heldSubscription) error {
	if d.asJSON {
		return printJSON(d.p.Stdout, struct {
			WouldDelete []heldSubscription `json:"would_delete"`
		}{append([]heldSubscription{}, ended...)})
	}
	for _, sub := range ended {
		fmt.Fprintf(d.p.Stdout, "would delete %s\n", d.text(sub))
	}
	if len(ended) == 0 {
		fmt.Fprintln(d.p.Stdout, "There is nothing to delete.")
	}
	return nil
}
