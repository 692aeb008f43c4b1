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
		Short: "Revokes an account's token and deletes it",
		Long: `Revokes an account's token and deletes it.

If Twitch cannot be reached, the token stays; --offline deletes it without telling
Twitch. The application stays listed on twitch.tv, under Settings, Connections, until it
is disconnected there.

Exit codes: 0 done, 1 it failed and the token is still stored, 2 the command line, the
configuration or the key is wrong.`,
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
				said = "deleted here; Twitch was not told"
				end = func(ctx context.Context, userID string) error {
					removed, err := tokens.Remove(ctx, userID)
					if err == nil && !removed {
						said = "already forgotten by another process"
					}
					return err
				}
			}
			if err := end(ctx, t.UserID); err != nil {
				return fmt.Errorf("%w; the token is still stored, --offline deletes it without Twitch", err)
			}
			fmt.Fprintf(p.Stdout, "%s: %s\n", nameOf(t), said)
			return nil
		},
	}
	f.register(p, cmd, true)
	cmd.Flags().BoolVar(&offline, "offline", false, "only delete the token here")
	return cmd
}

// nameOf returns the name of the account that a token belongs to.
func nameOf(t oauth.Token) string {
	if t.Login == "" {
		return "user " + t.UserID
	}
	return printable(t.Login)
}
