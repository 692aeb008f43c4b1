package cli

import (
	"fmt"
	"path"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/larkspur-dev/larkspur/helix"
	"github.com/larkspur-dev/larkspur/internal/config"
)

func newSubscriptions(p Process) *cobra.Command {
	cmd := &cobra.Command{
		Use:   "subscriptions",
		Short: "Lists and deletes the application's subscriptions to events",
		Long: `Lists and deletes the application's subscriptions to events.

Those of webhooks and conduits belong to the application, those over WebSocket to the user
whose token created them. All that can be seen with the stored logins are listed; --user
selects those that belong to a user or are about a user.

Exit codes of all these commands: 0 done, 1 something failed, 2 the command line is wrong;
then nothing was done.`,
		Example: `  larkspur subscriptions list
  larkspur subscriptions delete --all --user ada
  larkspur subscriptions prune --dry-run`,
		Args: noCommand,
		RunE: func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	cmd.AddCommand(newSubscriptionsList(p), newSubscriptionsDelete(p), newSubscriptionsPrune(p))
	return cmd
}

// subscriptionFlags select subscriptions.
type subscriptionFlags struct {
	app    appFlags
	types  []string
	status []string
	user   string
}

// register adds the flags to a command; with status also --status.
func (f *subscriptionFlags) register(p Process, cmd *cobra.Command, status bool) {
	flags := cmd.Flags()
	flags.StringSliceVar(&f.types, "type", nil, "only events of this type or pattern, such as channel.follow or 'channel.chat.*'; may be given several times")
	complete(cmd, "type", completeTypes)
	if status {
		flags.StringSliceVar(&f.status, "status", nil, "only those with this status, such as enabled; may be given several times")
		complete(cmd, "status", completeStatus)
	}
	flags.StringVar(&f.user, "user", "", "only those that belong to this user or whose condition names the user; a login or an id")
	complete(cmd, "user", completeLogin(p))
	f.app.register(p, cmd, true)
}

// given reports whether a filter is set.
func (f *subscriptionFlags) given() bool {
	return len(f.types) > 0 || len(f.status) > 0 || f.user != ""
}

// check finds mistakes before anything is sent.
func (f *subscriptionFlags) check() error {
	for _, pattern := range f.types {
		if err := checkTypeFilter(pattern); err != nil {
			return usageError{err}
		}
	}
	for _, status := range f.status {
		if !slices.Contains(subscriptionStatuses(), status) {
			return usageError{fmt.Errorf("--status: there is no status %q%s", printable(status), known(status, subscriptionStatuses()))}
		}
	}
	return nil
}

// checkTypeFilter returns an error for a malformed pattern, and for a name that is likely a
// misspelling. Twitch may have types that this program does not know.
func checkTypeFilter(pattern string) error {
	name, _, _ := strings.Cut(pattern, "@")
	if _, err := path.Match(name, ""); err != nil {
		return fmt.Errorf("--type %q: a pattern has * for any characters, such as 'channel.chat.*'", pattern)
	}
	if near := config.Nearest(name, typeNames()); !isPattern(name) && near != "" && near != name {
		return fmt.Errorf("--type: there is no event type %q; did you mean %q?", printable(name), near)
	}
	return nil
}

// matches reports whether a subscription has one of the types and one of the statuses.
func (f *subscriptionFlags) matches(s helix.EventSubSubscription) bool {
	if len(f.status) > 0 && !slices.Contains(f.status, string(s.Status)) {
		return false
	}
	return len(f.types) == 0 || slices.ContainsFunc(f.types, func(pattern string) bool {
		return matchesType(pattern, s.Type, s.Version)
	})
}

// completeStatus completes the statuses of subscriptions, with their meaning.
func completeStatus(_ *cobra.Command, _ []string, typed string) ([]cobra.Completion, cobra.ShellCompDirective) {
	var found []cobra.Completion
	for _, status := range subscriptionStatuses() {
		if strings.HasPrefix(status, typed) {
			found = append(found, cobra.CompletionWithDesc(status, explainStatus(status).means))
		}
	}
	return found, cobra.ShellCompDirectiveNoFileComp
}
