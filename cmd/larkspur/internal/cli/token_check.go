package cli

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/spf13/cobra"

	"github.com/larkspur-dev/larkspur/oauth"
)

func newTokenValidate(p Process) *cobra.Command {
	var f appFlags
	var asJSON bool
	cmd := &cobra.Command{
		Use:   "validate [LOGIN…|TOKEN|-]",
		Short: "Asks Twitch whether tokens are valid",
		Long: `Asks Twitch whether stored tokens are valid: those of the named logins, else all.
Nothing is changed.

With - it reads a token from standard input instead, or the address to which Twitch
redirected the browser. The token need not be stored, and is never printed. A token as
an argument works too, but stays in the shell's history.

The exit code is 1 if a token is not valid.`,
		Example: `  larkspur token validate
  larkspur token validate larkbot --json
  larkspur token validate - < token.txt`,
		ValidArgsFunction: completeLogin(p),
		RunE: func(cmd *cobra.Command, args []string) error {
			a, err := openApp(cmd.Context(), p, f)
			if err != nil {
				return err
			}
			token, pasted, err := pastedToken(cmd.Context(), p, args)
			if err != nil {
				return err
			}
			tokens := []oauth.Token{{AccessToken: token, Login: "the token"}}
			if !pasted {
				if tokens, err = a.find(cmd.Context(), args); err != nil {
					return err
				}
			}
			return validateTokens(cmd.Context(), a, tokens, asJSON)
		},
	}
	f.register(p, cmd, true)
	jsonFlag(cmd, &asJSON)
	return cmd
}

// A validity is what Twitch says about a token.
type validity struct {
	Login     string         `json:"login"` // empty: an app token
	UserID    string         `json:"user_id"`
	ClientID  string         `json:"client_id"`
	Valid     bool           `json:"valid"`
	Scopes    oauth.ScopeSet `json:"scopes"`
	ExpiresAt time.Time      `json:"expires_at,omitzero"`
}

func validateTokens(ctx context.Context, a *app, tokens []oauth.Token, asJSON bool) error {
	client := &oauth.Client{BaseURL: a.addresses.OAuth}
	rows, all, bad := [][]string{{"LOGIN", "ID", "TWITCH SAYS", "SCOPES"}}, []validity{}, 0
	for _, t := range tokens {
		id, err := client.Validate(ctx, t.AccessToken)
		v := validity{Login: id.Login, UserID: id.UserID, ClientID: id.ClientID, Valid: err == nil, Scopes: id.Scopes, ExpiresAt: id.ExpiresAt}
		switch {
		case err == nil && id.UserID == "":
			rows = append(rows, []string{"the application", id.ClientID, validFor(id), ""})
		case err == nil:
			rows = append(rows, []string{printable(id.Login), id.UserID, validFor(id), id.Scopes.String()})
		case errors.Is(err, oauth.ErrRevoked):
			bad++
			v = validity{Login: t.Login, UserID: t.UserID, ClientID: t.ClientID, Scopes: append(oauth.ScopeSet{}, t.Scopes...)}
			said := "not valid"
			switch {
			case t.Problem != "":
				said += ": must log in again"
			case t.RefreshToken != "":
				said += "; run: larkspur token refresh " + nameOf(t)
			}
			rows = append(rows, []string{nameOf(t), t.UserID, said, t.Scopes.String()})
		default:
			return err
		}
		all = append(all, v)
	}
	if err := printEither(a.p.Stdout, asJSON, all, rows); err != nil {
		return err
	}
	if bad > 0 {
		return fmt.Errorf("%d of %d tokens are not valid", bad, len(tokens))
	}
	return nil
}

// validFor says how long a token is valid.
func validFor(id oauth.Identity) string {
	if id.ExpiresAt.IsZero() {
		return "valid"
	}
	return "valid for " + time.Until(id.ExpiresAt).Round(time.Minute).String()
}

func newTokenRefresh(p Process) *cobra.Command {
	var f appFlags
	cmd := &cobra.Command{
		Use:   "refresh [LOGIN…]",
		Short: "Renews tokens now",
		Long: `Renews tokens now: those of the named logins, else all. Bots that use them may go on
running.

There is usually no need to: tokens are renewed when they are used. Twitch keeps at most
50 access tokens of a login valid: with more, the oldest expire early.`,
		Example: `  larkspur token refresh
  larkspur token refresh larkbot`,
		ValidArgsFunction: completeLogin(p),
		RunE: func(cmd *cobra.Command, args []string) error {
			a, err := openApp(cmd.Context(), p, f)
			if err != nil {
				return err
			}
			return a.each(cmd.Context(), args, func(ctx context.Context, tokens *oauth.Manager, t oauth.Token) (string, error) {
				_, err := tokens.Renew(ctx, t.UserID, string(t.AccessToken))
				return "renewed", err
			})
		},
	}
	f.register(p, cmd, true)
	return cmd
}

func newTokenRevoke(p Process) *cobra.Command {
	var f appFlags
	cmd := &cobra.Command{
		Use:   "revoke LOGIN…",
		Short: "Invalidates access tokens",
		Long: `Invalidates access tokens, for example after one was shown to others. The login stays:
a new token is fetched when one is needed. To end the login too:

  larkspur logout LOGIN`,
		Example:           `  larkspur token revoke larkbot`,
		Args:              usageArgs(cobra.MinimumNArgs(1)),
		ValidArgsFunction: completeLogin(p),
		RunE: func(cmd *cobra.Command, args []string) error {
			a, err := openApp(cmd.Context(), p, f)
			if err != nil {
				return err
			}
			return a.each(cmd.Context(), args, func(ctx context.Context, tokens *oauth.Manager, t oauth.Token) (string, error) {
				return "revoked", tokens.Client().Revoke(ctx, t.AccessToken)
			})
		},
	}
	f.register(p, cmd, true)
	return cmd
}

// each calls do with each user's token in turn and prints what it returns. An error with
// one token does not stop the others.
func (a *app) each(ctx context.Context, users []string, do func(context.Context, *oauth.Manager, oauth.Token) (string, error)) error {
	found, err := a.find(ctx, users)
	if err != nil {
		return err
	}
	var errs []error
	for _, t := range found {
		tokens := a.owner(t)
		said, err := do(ctx, tokens, t)
		finish(ctx, a.p, tokens)
		if err != nil {
			errs = append(errs, err)
			continue
		}
		fmt.Fprintf(a.p.Stdout, "%s: %s\n", nameOf(t), said)
	}
	return errors.Join(errs...)
}
