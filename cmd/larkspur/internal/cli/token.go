package cli

import (
	"fmt"
	"time"

	"github.com/spf13/cobra"
)

func newToken(p Process) *cobra.Command {
	cmd := &cobra.Command{
		Use:   "token",
		Short: "Shows, checks, renews, moves, encrypts and revokes the stored tokens",
		Long: `Shows, checks, renews, moves, encrypts and revokes the stored tokens.

A token gives as much access as a password: none is printed unless --reveal is given.

Exit codes of all these commands: 0 done, 1 it failed, or a token is not valid, 2 the
command line, the configuration or the key is wrong; then nothing was done.`,
		Example: `  larkspur token list
  larkspur token validate
  larkspur token import twitch.json --config larkspur.yaml
  larkspur token seal --new-key ~/keys/larkspur.key`,
		Args: noCommand,
		RunE: func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	for _, command := range []func(Process) *cobra.Command{
		newTokenList, newTokenShow, newTokenValidate, newTokenRefresh, newTokenRevoke, newTokenImport, newTokenExport,
		newTokenSeal, newTokenRotateKey, newTokenNewKey,
	} {
		cmd.AddCommand(command(p))
	}
	return cmd
}

func newTokenList(p Process) *cobra.Command {
	var f appFlags
	var asJSON bool
	cmd := &cobra.Command{
		Use:     "list",
		Aliases: []string{"ls"},
		Short:   "Lists the accounts that have logged in and their scopes",
		Long: `Lists the accounts that have logged in and their scopes. It does not ask Twitch whether
the tokens are valid: "larkspur token validate" does.`,
		Example: `  larkspur token list
  larkspur token list --json`,
		Args: usageArgs(cobra.NoArgs),
		RunE: func(cmd *cobra.Command, _ []string) error {
			a, err := openApp(cmd.Context(), p, f)
			if err != nil {
				return err
			}
			tokens, err := a.all(cmd.Context())
			if err != nil {
				return err
			}
			if asJSON {
				views := make([]tokenView, len(tokens))
				for i, t := range tokens {
					views[i] = viewOf(t, false)
				}
				return printJSON(p.Stdout, views)
			}
			if len(tokens) == 0 {
				fmt.Fprintln(p.Stdout, "No account has logged in. To log in, run:\n  larkspur login")
				return nil
			}
			rows := [][]string{{"LOGIN", "ID", "STATE", "SCOPES"}}
			for _, t := range tokens {
				rows = append(rows, []string{nameOf(t), t.UserID, stateOf(t, time.Now()), t.Scopes.String()})
			}
			return printTable(p.Stdout, rows)
		},
	}
	f.register(p, cmd, true)
	jsonFlag(cmd, &asJSON)
	return cmd
}

func newTokenShow(p Process) *cobra.Command {
	var f appFlags
	var reveal, asJSON bool
	cmd := &cobra.Command{
		Use:   "show LOGIN",
		Short: "Shows the stored token of an account",
		Long: `Shows the stored token of an account. Its secrets are shown only with --reveal: they
give as much access as a password.`,
		Example: `  larkspur token show larkbot
  larkspur token show larkbot --json`,
		Args:              usageArgs(cobra.ExactArgs(1)),
		ValidArgsFunction: completeLogin(p),
		RunE: func(cmd *cobra.Command, args []string) error {
			a, err := openApp(cmd.Context(), p, f)
			if err != nil {
				return err
			}
			found, err := a.find(cmd.Context(), args)
			if err != nil {
				return err
			}
			if asJSON {
				return printJSON(p.Stdout, viewOf(found[0], reveal))
			}
			return printTable(p.Stdout, tokenRows(found[0], reveal))
		},
	}
	f.register(p, cmd, true)
	jsonFlag(cmd, &asJSON)
	cmd.Flags().BoolVar(&reveal, "reveal", false, "show the secrets too")
	return cmd
}
