package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"time"

	"github.com/spf13/cobra"

	"github.com/larkspur-dev/larkspur/helix"
	"github.com/larkspur-dev/larkspur/oauth"
)

func newDoctor(p Process) *cobra.Command {
	var f appFlags
	var asJSON bool
	cmd := &cobra.Command{
		Use:   "doctor [FILE]",
		Short: "Finds out why a bot does not work: scopes, tokens, roles, relays, clock, network",
		Long: `Finds out why a bot does not work: scopes, tokens, roles, relays, clock, network.

It compares the scopes that the configuration needs with those that the stored logins
have granted, and says which account must log in and how. It asks Twitch whether the
tokens are valid, and renews expired ones, as the bot does. It looks up whether the bot
is a moderator if its skills need that, tests relays without sending a message, and
shows how the tokens are protected. FILE is larkspur.yaml unless it is given.

Exit codes: 0 nothing is missing, 1 something is missing or wrong, 2 the command line
or the configuration is wrong. Warnings alone give 0.`,
		Example: `  larkspur doctor
  larkspur doctor bot.yaml --json`,
		Args: usageArgs(cobra.MaximumNArgs(1)),
		RunE: func(cmd *cobra.Command, args []string) error {
			var err error
			if f.config, err = configArg(cmd, args); err != nil {
				return err
			}
			a, err := newApp(p, f)
			if err != nil {
				return err
			}
			if a.store, err = findVault(p, f.storeFlags, a.cfg); err != nil {
				return err
			}
			return runDoctor(cmd.Context(), a, f, asJSON)
		},
	}
	f.register(p, cmd, false)
	jsonFlag(cmd, &asJSON)
	return cmd
}

// The marks of findings.
const (
	markOK      = "ok"
	markMissing = "missing" // an account must grant something
	markWrong   = "wrong"
	markWarning = "warning" // it works, but should be changed
)

// A finding is one line of the doctor's table.
type finding struct {
	Mark string `json:"mark"`
	What string `json:"what"`
	Text string `json:"text"`
}

// A remedy is what the user has to run, or to type in chat.
type remedy struct {
	Command string         `json:"command"`
	Where   string         `json:"where,omitempty"`  // where to type it; empty: in a shell
	Login   string         `json:"login,omitempty"`  // the account that has to log in with it
	Scopes  oauth.ScopeSet `json:"scopes,omitempty"` // the scopes that it requests
}

// A diagnosis is everything that the doctor reports.
type diagnosis struct {
	OK       bool      `json:"ok"`
	Findings []finding `json:"findings"`
	Todo     []remedy  `json:"todo"`
}

func (d *diagnosis) add(findings ...finding) { d.Findings = append(d.Findings, findings...) }

// bad counts the findings that keep the bot from working.
func (d *diagnosis) bad() (n int) {
	for _, f := range d.Findings {
		if f.Mark == markMissing || f.Mark == markWrong {
			n++
		}
	}
	return n
}

func runDoctor(ctx context.Context, a *app, f appFlags, asJSON bool) error {
	d := &diagnosis{Todo: []remedy{}}
	opened := a.store.openAsking(ctx)
	d.add(reachability(ctx, a.addresses)...)
	online := d.Findings[0].Mark == markOK && d.Findings[1].Mark == markOK
	if online {
		d.add(a.application(ctx)...)
	}
	a.storage(ctx, d, f, opened)
	a.relays(ctx, d)
	if opened == nil {
		tokens := a.manager()
		defer finish(ctx, a.p, tokens)
		if err := a.logins(ctx, d, tokens, f, online); err != nil {
			return err
		}
	}
	if ctx.Err() != nil {
		return errors.New("stopped")
	}
	bad := d.bad()
	d.OK = bad == 0
	if err := d.print(a.p.Stdout, asJSON); err != nil {
		return err
	}
	if bad > 0 {
		return fmt.Errorf("%d of %d checks found a problem", bad, len(d.Findings))
	}
	return nil
}

// print writes a table and a list of things to do, or a JSON object.
func (d *diagnosis) print(w io.Writer, asJSON bool) error {
	if asJSON {
		return printJSON(w, d)
	}
	rows := make([][]string, len(d.Findings))
	for i, f := range d.Findings {
		rows[i] = []string{f.Mark, f.What, printable(f.Text)}
	}
	if err := printTable(w, rows); err != nil {
		return err
	}
	if len(d.Todo) > 0 {
		fmt.Fprint(w, "\nTo do:\n")
	}
	for _, r := range d.Todo {
		fmt.Fprintf(w, "  %s\n", r.Command)
		if r.Where != "" {
			fmt.Fprintf(w, "      %s\n", r.Where)
		}
		if r.Login != "" {
			fmt.Fprintf(w, "      and log in as %s, to grant %s\n", r.Login, r.Scopes)
		}
	}
	if d.OK {
		fmt.Fprintln(w, "\nNothing is missing.")
	}
	return nil
}

// application checks that the client id and secret are accepted and the channel exists.
func (a *app) application(ctx context.Context) []finding {
	ctx, cancel := context.WithTimeout(ctx, checkTime)
	defer cancel()
	client := &oauth.Client{ClientID: a.id, ClientSecret: a.secret, BaseURL: a.addresses.OAuth}
	app, err := client.AppToken(ctx)
	if err != nil {
		l := &login{p: a.p}
		return []finding{{markWrong, "application", l.explain(ctx, err).Error()}}
	}
	findings := []finding{{markOK, "application", "Twitch accepts the client id and secret"}}
	// Only this process has the token, and it expires.
	tw := helix.New(a.id, helix.StaticToken("", string(app.AccessToken)), helix.Options{BaseURL: a.addresses.Helix})
	channel := a.cfg.Twitch.Channel
	if _, err := tw.Users.ByLogin(ctx, channel); err != nil {
		return append(findings, finding{markWrong, "channel", fmt.Sprintf("%s: %v", channel, err)})
	}
	return append(findings, finding{markOK, "channel", channel + " exists"})
}

// checkTime limits how long one kind of check may take.
const checkTime = 10 * time.Second
