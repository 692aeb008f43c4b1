package cli

import (
	"context"
	"errors"
	"fmt"
	"sync"

	"github.com/spf13/cobra"
	"golang.org/x/sync/errgroup"

	"github.com/larkspur-dev/larkspur/helix"
)

func newSubscriptionsDelete(p Process) *cobra.Command {
	var f subscriptionFlags
	var all, yes, asJSON bool
	cmd := &cobra.Command{
		Use:     "delete ID…",
		Aliases: []string{"rm"},
		Short:   "Deletes subscriptions by id, or all of them",
		Long: `Deletes subscriptions by id, or with --all all that match the flags. It asks first, unless
--yes is given. If one cannot be deleted, it continues with the others.

A program that wants a subscription creates it again: stop the program first.`,
		Example: `  larkspur subscriptions delete 26b1c993-bfcf-44d9-b876-379dacafe75a
  larkspur subscriptions delete --all --user ada
  larkspur subscriptions delete --all --type 'channel.chat.*' --yes`,
		ValidArgsFunction: cobra.NoFileCompletions,
		RunE: func(cmd *cobra.Command, ids []string) error {
			switch {
			case all && len(ids) > 0:
				return usageError{errors.New("give either ids or --all")}
			case !all && f.given() && len(ids) == 0:
				return usageError{errors.New("to delete all subscriptions that match, add:\n  --all")}
			case !all && f.given():
				return usageError{errors.New("--type, --status and --user need --all")}
			case !all && len(ids) == 0:
				return usageError{errors.New("an argument is missing\nUsage: larkspur subscriptions delete ID…, or larkspur subscriptions delete --all")}
			}
			if err := f.check(); err != nil {
				return err
			}
			s, err := openAPI(cmd.Context(), p, f.app)
			if err != nil {
				return err
			}
			defer finish(cmd.Context(), p, s.tokens)
			return deleteSubscriptions(cmd.Context(), p, newFinder(p, s, &f), ids, yes, asJSON)
		},
	}
	f.register(p, cmd, true)
	cmd.Flags().BoolVar(&all, "all", false, "delete all that match --type, --status and --user")
	yesFlag(cmd, &yes)
	jsonFlag(cmd, &asJSON)
	return cmd
}

// deleteSubscriptions deletes the subscriptions with some ids, or all that match the
// flags if there are no ids.
func deleteSubscriptions(ctx context.Context, p Process, find *finder, ids []string, yes, asJSON bool) error {
	var found []heldSubscription
	var err error
	if len(ids) == 0 {
		found, _, err = find.all(ctx)
	} else {
		found, err = find.each(ctx, ids)
	}
	if err != nil {
		return err
	}
	d := newDeletion(p, find, asJSON)
	if len(found) > 0 {
		question := fmt.Sprintf("Delete %s?", number(len(found), "subscription"))
		if len(found) == 1 {
			question = "Delete the subscription to " + d.text(found[0]) + "?"
		}
		if err := confirm(p, yes, question); err != nil {
			return err
		}
	}
	return d.run(ctx, found)
}

// each finds subscriptions by id. Those that are not found are problems.
func (f *finder) each(ctx context.Context, ids []string) ([]heldSubscription, error) {
	holders, err := f.holders(ctx)
	if err != nil {
		return nil, err
	}
	f.problems = nil // another token may have what is searched
	var found []heldSubscription
	seen := map[string]bool{}
	for _, id := range ids {
		if seen[id] {
			continue
		}
		seen[id] = true
		sub, err := f.byID(ctx, holders, id)
		switch {
		case ctx.Err() != nil:
			return nil, errors.New("stopped; nothing was deleted")
		case err != nil:
			f.problem(err)
		default:
			found = append(found, sub)
		}
	}
	return found, nil
}

// A deletion deletes subscriptions and prints what became of each.
type deletion struct {
	p      Process
	find   *finder
	asJSON bool
	why    bool // say why each is deleted
	logins map[string]string

	mu      sync.Mutex
	deleted []heldSubscription // guarded by mu
	failed  []failedDeletion   // guarded by mu
}

// A failedDeletion is a subscription that was not deleted.
type failedDeletion struct {
	ID    string `json:"id"`
	Error string `json:"error"`
}

func newDeletion(p Process, find *finder, asJSON bool) *deletion {
	d := &deletion{p: p, find: find, asJSON: asJSON, logins: map[string]string{}}
	for _, u := range find.s.users {
		d.logins[u.ID] = u.Login
	}
	return d
}

// run deletes subscriptions, several at the same time, and continues after failures.
func (d *deletion) run(ctx context.Context, found []heldSubscription) error {
	var g errgroup.Group
	g.SetLimit(requestsAtOnce)
	for _, sub := range found {
		if ctx.Err() != nil {
			break
		}
		g.Go(func() error { d.one(ctx, sub); return nil })
	}
	_ = g.Wait() // the errors are in d
	if d.asJSON {
		for _, err := range d.find.problems {
			d.failed = append(d.failed, failedDeletion{Error: err.Error()})
		}
		if err := printJSON(d.p.Stdout, struct {
			Deleted []heldSubscription `json:"deleted"`
			Failed  []failedDeletion   `json:"failed"`
		}{append([]heldSubscription{}, d.deleted...), append([]failedDeletion{}, d.failed...)}); err != nil {
			return err
		}
	} else if len(found) == 0 && len(d.find.problems) == 0 {
		fmt.Fprintln(d.p.Stdout, "There is nothing to delete.")
	}
	for _, err := range d.find.problems {
		printProblem(d.p, err)
	}
	switch left := len(found) - len(d.deleted); {
	case ctx.Err() != nil:
		return fmt.Errorf("stopped; %d of %d deleted", len(d.deleted), len(found))
	case left > 0:
		return fmt.Errorf("%d of %d could not be deleted", left, len(found))
	case len(d.find.problems) > 0:
		return fmt.Errorf("%s; %s deleted", number(len(d.find.problems), "problem"), number(len(d.deleted), "subscription"))
	default:
		return nil
	}
}

// one deletes a subscription. One that is gone already counts as deleted.
func (d *deletion) one(ctx context.Context, sub heldSubscription) {
	err := d.find.s.tw.As(sub.userID).EventSub.DeleteSubscription(ctx, helix.DeleteEventSubSubscriptionParams{ID: sub.ID})
	d.mu.Lock()
	defer d.mu.Unlock()
	switch {
	case err != nil && ctx.Err() != nil:
	case err != nil && !errors.Is(err, helix.ErrNotFound):
		d.failed = append(d.failed, failedDeletion{sub.ID, err.Error()})
		printProblem(d.p, fmt.Errorf("%s was not deleted: %w", d.text(sub), err))
	default:
		d.deleted = append(d.deleted, sub)
		if !d.asJSON {
			fmt.Fprintf(d.p.Stdout, "deleted %s\n", d.text(sub))
		}
	}
}

// text describes a subscription in a few words.
func (d *deletion) text(sub heldSubscription) string {
	text := fmt.Sprintf("%s %s (%s, %s)", typeText(sub), conditionValues(sub.Condition, d.logins), printable(sub.ID), printable(string(sub.Status)))
	if d.why {
		text += ": " + explainStatus(string(sub.Status)).means
	}
	return text
}
