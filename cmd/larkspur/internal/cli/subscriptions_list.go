package cli

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/larkspur-dev/larkspur/helix"
)

func newSubscriptionsList(p Process) *cobra.Command {
	var f subscriptionFlags
	var asJSON bool
	cmd := &cobra.Command{
		Use:     "list",
		Aliases: []string{"ls"},
		Short:   "Lists subscriptions with their status, cost, transport and condition",
		Long: `Lists subscriptions with their status, cost, transport and condition, and what all of
them cost. Twitch limits the cost, separately for the application and for each user.

Subscriptions that have ended stay listed for a while. If there are any, it says what
their status means and what to do.`,
		Example: `  larkspur subscriptions list
  larkspur subscriptions list --user ada --type 'channel.chat.*'
  larkspur subscriptions list --status websocket_disconnected --json`,
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
			return listSubscriptions(cmd.Context(), p, s, &f, asJSON)
		},
	}
	f.register(p, cmd, true)
	jsonFlag(cmd, &asJSON)
	return cmd
}

func listSubscriptions(ctx context.Context, p Process, s *apiSession, f *subscriptionFlags, asJSON bool) error {
	find := newFinder(p, s, f)
	found, totals, err := find.all(ctx)
	if err != nil {
		return err
	}
	if asJSON {
		err = printJSON(p.Stdout, struct {
			Subscriptions []heldSubscription `json:"subscriptions"`
			Totals        []tokenTotal       `json:"totals"`
		}{append([]heldSubscription{}, found...), append([]tokenTotal{}, totals...)})
	} else {
		err = printSubscriptions(ctx, p, s, found, totals, f)
	}
	if err != nil {
		return err
	}
	return find.report(p)
}

func printSubscriptions(ctx context.Context, p Process, s *apiSession, found []heldSubscription, totals []tokenTotal, f *subscriptionFlags) error {
	if len(found) > 0 {
		logins := s.loginsIn(ctx, found)
		rows := [][]string{{"ID", "STATUS", "TYPE", "COST", "TOKEN", "CONDITION", "TRANSPORT", "CREATED"}}
		for _, sub := range found {
			rows = append(rows, []string{
				printable(sub.ID), printable(string(sub.Status)), typeText(sub), fmt.Sprint(sub.Cost), sub.Token,
				conditionValues(sub.Condition, logins), transportOf(sub.Transport), moment(sub.CreatedAt),
			})
		}
		if err := columns(p.Stdout, rows); err != nil {
			return err
		}
	}
	for _, t := range totals {
		whose := "the application has"
		if t.Token != appHolder {
			whose = t.Token + " has"
		}
		fmt.Fprintf(p.Stdout, "%s %s, cost %d of %d\n", whose, number(t.Total, "subscription"), t.TotalCost, t.MaxTotalCost)
	}
	var statuses []string
	dead := false
	for _, sub := range found {
		statuses = append(statuses, string(sub.Status))
		dead = dead || isDead(string(sub.Status))
	}
	explainStatuses(p.Stdout, statuses, false)
	if dead {
		fmt.Fprintf(p.Stdout, "To delete those that have ended, run:\n  %s\n", f.app.command("larkspur subscriptions prune"))
	}
	return nil
}

func typeText(s heldSubscription) string { return printable(s.Type + "@" + s.Version) }

// transportOf names where the events go.
func transportOf(t helix.EventSubSubscriptionTransport) string {
	return printable(strings.TrimSpace(string(t.Method) + " " + t.Callback + t.SessionID + t.ConduitID))
}

// conditionValues formats a condition, with logins instead of ids where they are known:
// "broadcaster=ada moderator=bot".
func conditionValues(condition map[string]string, logins map[string]string) string {
	var parts []string
	for _, field := range slices.Sorted(maps.Keys(condition)) {
		value := condition[field]
		if login := logins[value]; login != "" && strings.HasSuffix(field, "user_id") {
			value = login
		}
		if value == "" {
			continue
		}
		parts = append(parts, printable(strings.TrimSuffix(strings.TrimSuffix(field, "_id"), "_user")+"="+value))
	}
	return strings.Join(parts, " ")
}

// The logins in a list are looked up with so many requests at most; the others are shown
// as ids.
const (
	loginRequests   = 3
	loginsInRequest = 100
)

// loginsIn returns the logins of users in conditions, by id. It leaves out those that
// cannot be found cheaply.
func (s *apiSession) loginsIn(ctx context.Context, found []heldSubscription) map[string]string {
	logins := map[string]string{}
	for _, u := range s.users {
		logins[u.ID] = u.Login
	}
	unknown := map[string]bool{}
	for _, sub := range found {
		for field, value := range sub.Condition {
			if strings.HasSuffix(field, "user_id") && isID(value) && logins[value] == "" {
				unknown[value] = true
			}
		}
	}
	tw := s.tw
	if len(found) > 0 {
		tw = tw.As(found[0].userID) // a token that works
	}
	requests := 0
	for ids := range slices.Chunk(slices.Sorted(maps.Keys(unknown)), loginsInRequest) {
		if requests++; requests > loginRequests {
			break
		}
		users, err := tw.Users.Get(ctx, helix.GetUsersParams{IDs: ids})
		if err != nil {
			break // the list shows ids
		}
		for _, u := range users {
			logins[u.ID] = u.Login
		}
	}
	return logins
}
