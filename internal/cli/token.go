package cli

import (
	"fmt"
	"io"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/spf13/cobra"

	"github.com/larkspur-dev/larkspur/oauth"
)

func newToken(p Process) *cobra.Command {
	cmd := &cobra.Command{
		Use:   "token",
		Short: "Shows, checks, renews, moves and takes back the stored tokens",
		Long: `Shows, checks, renews, moves and takes back the stored tokens.

Tokens are as good as passwords: none is printed unless --reveal is given.`,
		Example: `  larkspur token list
  larkspur token validate
  larkspur token import twitch.json --config larkspur.yaml`,
		Args: usageArgs(cobra.NoArgs),
		RunE: func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	for _, command := range []func(Process) *cobra.Command{
		newTokenList, newTokenShow, newTokenValidate, newTokenRefresh, newTokenRevoke, newTokenImport, newTokenExport,
	} {
		cmd.AddCommand(command(p))
	}
	return cmd
}

func newTokenList(p Process) *cobra.Command {
	var f appFlags
	cmd := &cobra.Command{
		Use:     "list",
		Aliases: []string{"ls"},
		Short:   "Lists who has logged in and what they granted",
		Args:    usageArgs(cobra.NoArgs),
		RunE: func(cmd *cobra.Command, _ []string) error {
			a, err := openApp(p, f)
			if err != nil {
				return err
			}
			tokens, err := a.all(cmd.Context())
			if err != nil {
				return err
			}
			if len(tokens) == 0 {
				fmt.Fprintln(p.Stdout, "Nobody has logged in; see: larkspur login --help")
				return nil
			}
			rows := [][]string{{"LOGIN", "ID", "STATE", "SCOPES"}}
			for _, t := range tokens {
				rows = append(rows, []string{nameOf(t), t.UserID, stateOf(t, time.Now()), t.Scopes.String()})
			}
			return printTable(p.Stdout, rows)
		},
	}
	f.register(cmd, false)
	return cmd
}

func newTokenShow(p Process) *cobra.Command {
	var f appFlags
	var reveal bool
	cmd := &cobra.Command{
		Use:               "show LOGIN",
		Short:             "Shows what is stored of a token",
		Args:              usageArgs(cobra.ExactArgs(1)),
		ValidArgsFunction: completeLogin(p),
		RunE: func(cmd *cobra.Command, args []string) error {
			a, err := openApp(p, f)
			if err != nil {
				return err
			}
			found, err := a.find(cmd.Context(), args)
			if err != nil {
				return err
			}
			return printTable(p.Stdout, tokenRows(found[0], reveal))
		},
	}
	f.register(cmd, false)
	cmd.Flags().BoolVar(&reveal, "reveal", false, "show the secrets too")
	return cmd
}

// tokenRows is everything about a token; its secrets only where they are asked for.
func tokenRows(t oauth.Token, reveal bool) [][]string {
	rows := [][]string{
		{"login", nameOf(t)},
		{"user id", t.UserID},
		{"client id", t.ClientID},
		{"state", stateOf(t, time.Now())},
		{"scopes", t.Scopes.String()},
		{"validated", moment(t.ValidatedAt)},
		{"expires", moment(t.ExpiresAt)},
	}
	secrets := [][]string{{"access token", string(t.AccessToken)}, {"refresh token", string(t.RefreshToken)}}
	for _, row := range secrets {
		switch {
		case row[1] == "":
			row[1] = "none"
		case !reveal:
			row[1] = "hidden; --reveal shows it"
		}
	}
	return append(rows, secrets...)
}

// stateOf says in a few words how a token is.
func stateOf(t oauth.Token, now time.Time) string {
	switch {
	case t.Problem != "":
		return "must log in again: " + printable(t.Problem)
	case t.Expired(now) && t.RefreshToken != "":
		return "over, is renewed when needed"
	case t.Expired(now):
		return "over, must log in again"
	case t.ExpiresAt.IsZero():
		return "good"
	}
	return "good for " + t.ExpiresAt.Sub(now).Round(time.Minute).String()
}

func moment(t time.Time) string {
	if t.IsZero() {
		return "unknown"
	}
	return t.Local().Format(time.DateTime)
}

// printTable prints rows with their columns below each other.
func printTable(w io.Writer, rows [][]string) error {
	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	for _, row := range rows {
		if _, err := fmt.Fprintln(t, strings.Join(row, "\t")); err != nil {
			return err
		}
	}
	return t.Flush()
}
