package cli

import (
	"context"
	"fmt"

	"github.com/spf13/cobra"

	"github.com/larkspur-dev/larkspur/oauth"
)

func newLogout(p Process) *cobra.Command {
	var f appFlags
	var offline bool
	cmd := &cobra.Command{
		Use:   "logout LOGIN",
		Short: "Takes an account's token back and forgets it",
		Long: `Takes an account's token back and forgets it.

Where Twitch cannot be told, the token stays; --offline forgets it all the same. What
the account granted to the application stays listed on twitch.tv, under Settings,
Connections, until it is removed there.

Exit codes: 0 done, 1 it did not work and the token is still there, 2 the command line,
the configuration or the key is wrong.`,
		Example:           `  larkspur logout larkbot`,
		Args:              usageArgs(cobra.ExactArgs(1)),
		ValidArgsFunction: completeLogin(p),
		RunE: func(cmd *cobra.Command, args []string) error {
			ctx := cmd.Context()
			a, err := openApp(cmd.Context(), p, f)
			if err != nil {
				return err
			}
			found, err := a.find(ctx, args)
			if err != nil {
				return err
			}
			t := found[0]
			tokens := a.owner(t)
			defer finish(ctx, a.p, tokens)
			end, said := tokens.Logout, "logged out"
			if offline {
				said = "forgotten here; Twitch was not told"
				end = func(ctx context.Context, userID string) error {
					removed, err := tokens.Remove(ctx, userID)
					if err == nil && !removed {
						said = "already forgotten by another process"
					}
					return err
				}
			}
			if err := end(ctx, t.UserID); err != nil {
				return fmt.Errorf("%w; nothing was forgotten, --offline does it without Twitch", err)
			}
			fmt.Fprintf(p.Stdout, "%s: %s\n", nameOf(t), said)
			return nil
		},
	}
	f.register(p, cmd, true)
	cmd.Flags().BoolVar(&offline, "offline", false, "only forget the token here")
	return cmd
}

// nameOf is whose token it is, for people.
func nameOf(t oauth.Token) string {
	if t.Login == "" {
		return "user " + t.UserID
	}
	return printable(t.Login)
}
