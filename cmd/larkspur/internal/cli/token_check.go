package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/larkspur-dev/larkspur/oauth"
)

func newTokenValidate(p Process) *cobra.Command {
	var f appFlags
	var asJSON bool
	cmd := &cobra.Command{
		Use:   "validate [LOGIN…]",
		Short: "Asks Twitch whether tokens are good",
		Long: `Asks Twitch whether stored tokens are good: those named, else all. Nothing is changed.

With - a token is read from standard input, which need not be stored. The exit code
is 1 when a token is not good.`,
		Example: `  larkspur token validate
  larkspur token validate larkbot --json
  larkspur token validate - < token.txt`,
		ValidArgsFunction: completeLogin(p),
		RunE: func(cmd *cobra.Command, args []string) error {
			a, err := openApp(cmd.Context(), p, f)
			if err != nil {
				return err
			}
			var tokens []oauth.Token
			if len(args) == 1 && args[0] == "-" {
				tokens, err = readToken(p.Stdin)
			} else {
				tokens, err = a.find(cmd.Context(), args)
			}
			if err != nil {
				return err
			}
			return validateTokens(cmd.Context(), a, tokens, asJSON)
		},
	}
	f.register(cmd, true)
	jsonFlag(cmd, &asJSON)
	return cmd
}

var errNoToken = errors.New("standard input holds no token")

// readToken reads an access token, with or without what Twitch's tools put before it.
func readToken(r io.Reader) ([]oauth.Token, error) {
	text, err := io.ReadAll(io.LimitReader(r, 4096))
	if err != nil {
		return nil, err
	}
	token := strings.TrimPrefix(strings.TrimSpace(string(text)), "oauth:")
	if token == "" || strings.ContainsAny(token, " \t\r\n") {
		return nil, usageError{errNoToken}
	}
	return []oauth.Token{{AccessToken: oauth.Secret(token), Login: "the token"}}, nil
}

// A validity is what Twitch says of a token.
type validity struct {
	Login     string         `json:"login"` // empty: the application's
	UserID    string         `json:"user_id"`
	ClientID  string         `json:"client_id"`
	Good      bool           `json:"good"`
	Scopes    oauth.ScopeSet `json:"scopes"`
	ExpiresAt time.Time      `json:"expires_at,omitzero"`
}

func validateTokens(ctx context.Context, a *app, tokens []oauth.Token, asJSON bool) error {
	client := &oauth.Client{BaseURL: a.addresses.OAuth}
	rows, all, bad := [][]string{{"LOGIN", "ID", "TWITCH SAYS", "SCOPES"}}, []validity{}, 0
	for _, t := range tokens {
		id, err := client.Validate(ctx, t.AccessToken)
		v := validity{Login: id.Login, UserID: id.UserID, ClientID: id.ClientID, Good: err == nil, Scopes: id.Scopes, ExpiresAt: id.ExpiresAt}
		switch {
		case err == nil && id.UserID == "":
			rows = append(rows, []string{"the application", id.ClientID, goodFor(id), ""})
		case err == nil:
			rows = append(rows, []string{printable(id.Login), id.UserID, goodFor(id), id.Scopes.String()})
		case errors.Is(err, oauth.ErrRevoked):
			bad++
			v = validity{Login: t.Login, UserID: t.UserID, ClientID: t.ClientID, Scopes: append(oauth.ScopeSet{}, t.Scopes...)}
			said := "not good"
			switch {
			case t.Problem != "":
				said += ": must log in again"
			case t.RefreshToken != "":
				said += "; try: larkspur token refresh " + nameOf(t)
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
		return fmt.Errorf("%d of %d tokens are not good", bad, len(tokens))
	}
	return nil
}

func goodFor(id oauth.Identity) string {
	if id.ExpiresAt.IsZero() {
		return "good"
	}
	return "good for " + time.Until(id.ExpiresAt).Round(time.Minute).String()
}

func newTokenRefresh(p Process) *cobra.Command {
	var f appFlags
	cmd := &cobra.Command{
		Use:   "refresh [LOGIN…]",
		Short: "Renews tokens now",
		Long: `Renews tokens now: those named, else all. Programs that use them need not be stopped.

Usually there is no need to: tokens are renewed when they are used. Twitch keeps at most
50 access tokens of one login alive: with more, the oldest end before their time.`,
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
	f.register(cmd, true)
	return cmd
}

func newTokenRevoke(p Process) *cobra.Command {
	var f appFlags
	cmd := &cobra.Command{
		Use:   "revoke LOGIN…",
		Short: "Makes access tokens worthless",
		Long: `Makes access tokens worthless, as when one was seen by others. The login stays: a new
token is fetched when one is needed. To end the login too, see: larkspur logout.`,
		Example:           `  larkspur token revoke larkbot`,
		Args:              usageArgs(cobra.MinimumNArgs(1)),
		ValidArgsFunction: completeLogin(p),
		RunE: func(cmd *cobra.Command, args []string) error {
			a, err := openApp(cmd.Context(), p, f)
			if err != nil {
				return err
			}
			return a.each(cmd.Context(), args, func(ctx context.Context, tokens *oauth.Manager, t oauth.Token) (string, error) {
				return "taken back", tokens.Client().Revoke(ctx, t.AccessToken)
			})
		},
	}
	f.register(cmd, true)
	return cmd
}

// each does something with tokens, one after another, and says what. An error
// with one does not keep it from the others.
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
