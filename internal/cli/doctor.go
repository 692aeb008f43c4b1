package cli

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/larkspur-dev/larkspur/helix"
	"github.com/larkspur-dev/larkspur/oauth"
)

func newDoctor(p Process) *cobra.Command {
	var f appFlags
	cmd := &cobra.Command{
		Use:   "doctor FILE",
		Short: "Finds out why a bot does not work: scopes, tokens, clock, network",
		Long: `Finds out why a bot does not work: scopes, tokens, clock, network.

It compares what the configuration needs with what the stored logins grant, and says
who must log in and how. It asks Twitch whether the tokens are good and renews those
that are over, as the bot would. The exit code is 1 when something is missing.`,
		Example: `  larkspur doctor larkspur.yaml`,
		Args:    usageArgs(cobra.ExactArgs(1)),
		RunE: func(cmd *cobra.Command, args []string) error {
			f.config = args[0]
			a, err := openApp(p, f)
			if err != nil {
				return err
			}
			return runDoctor(cmd.Context(), a, f)
		},
	}
	f.register(cmd, false)
	return cmd
}

// The marks of findings.
const (
	markOK      = "ok"
	markMissing = "missing" // somebody must grant something
	markWrong   = "wrong"
)

// A finding is one line of the doctor's table.
type finding struct{ mark, what, text string }

func runDoctor(ctx context.Context, a *app, f appFlags) error {
	tokens := a.manager()
	defer finish(ctx, tokens)
	findings := reachability(ctx, a.addresses)
	online := findings[0].mark == markOK && findings[1].mark == markOK
	if online {
		findings = append(findings, a.application(ctx, tokens)...)
	}
	logins, todo, err := a.logins(ctx, tokens, f, online)
	if err != nil {
		return err
	}
	findings = append(findings, logins...)
	rows, bad := make([][]string, len(findings)), 0
	for i, found := range findings {
		rows[i] = []string{found.mark, found.what, printable(found.text)}
		if found.mark != markOK {
			bad++
		}
	}
	if err := printTable(a.p.Stdout, rows); err != nil {
		return err
	}
	if len(todo) > 0 {
		fmt.Fprintf(a.p.Stdout, "\nTo do:\n%s", strings.Join(todo, ""))
	}
	switch {
	case ctx.Err() != nil:
		return errStopped
	case bad == 0:
		fmt.Fprintln(a.p.Stdout, "\nNothing is missing.")
		return nil
	}
	return fmt.Errorf("%d of %d checks found something", bad, len(findings))
}

// application asks whether the client id and secret are good and the channel exists.
func (a *app) application(ctx context.Context, tokens *oauth.Manager) []finding {
	ctx, cancel := context.WithTimeout(ctx, checkTime)
	defer cancel()
	app, err := tokens.Client().AppToken(ctx)
	if err != nil {
		l := &login{p: a.p, tokens: tokens}
		return []finding{{markWrong, "application", l.explain(ctx, err).Error()}}
	}
	findings := []finding{{markOK, "application", "Twitch accepts the client id and secret"}}
	// Nobody else needs this token; it ends by itself.
	tw := helix.New(a.id, helix.StaticToken("", string(app.AccessToken)), helix.Options{BaseURL: a.addresses.Helix})
	channel := a.cfg.Twitch.Channel
	if _, err := tw.Users.ByLogin(ctx, channel); err != nil {
		return append(findings, finding{markWrong, "channel", fmt.Sprintf("%s: %v", channel, err)})
	}
	return append(findings, finding{markOK, "channel", channel + " exists"})
}

// checkTime is how long one kind of check may take.
const checkTime = 10 * time.Second
