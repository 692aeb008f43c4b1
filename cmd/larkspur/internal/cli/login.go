package cli

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"github.com/larkspur-dev/larkspur/cmd/larkspur/internal/daemon"
	"github.com/larkspur-dev/larkspur/oauth"
)

// loginFlags are what `larkspur login` is told.
type loginFlags struct {
	app         appFlags
	scopes, add []string
	account     string
	user        string
	nothing     bool // --scopes ""
	only        bool
	browser     bool
	redirect    string
	noOpen      bool
}

func newLogin(p Process) *cobra.Command {
	var f loginFlags
	cmd := &cobra.Command{
		Use:   "login",
		Short: "Logs an account in to Twitch and keeps its tokens",
		Long: `Logs an account in to Twitch and keeps its tokens.

It shows an address and a code. Open the address in any browser, also on a phone,
log in to Twitch as the account that is asked for, enter the code and agree.

A bot often has two accounts: its own, which talks, and that of the channel's owner.
With --config it asks for exactly what the configuration needs, account by account,
and says each time which one it means.

What an account granted before stays granted, unless --only is given.

Exit codes: 0 everybody who was asked has logged in, 1 somebody has not, 2 the command
line, the configuration or the key of the tokens is wrong and nobody was asked.`,
		Example: `  larkspur login --config larkspur.yaml
  larkspur login --config larkspur.yaml --account bot
  larkspur login --scopes chat:read,chat:edit
  larkspur login --add-scopes channel:manage:polls --user ada
  larkspur login --browser --scopes chat:read`,
		Args: usageArgs(cobra.NoArgs),
		RunE: func(cmd *cobra.Command, _ []string) error {
			f.nothing = cmd.Flags().Changed("scopes") && len(f.named(f.scopes)) == 0
			if err := f.check(); err != nil {
				return usageError{err}
			}
			a, err := openApp(cmd.Context(), p, f.app)
			if err != nil {
				return err
			}
			return runLogin(cmd.Context(), a, f)
		},
	}
	flags := cmd.Flags()
	f.app.register(p, cmd, true)
	flags.StringSliceVar(&f.scopes, "scopes", nil, "what to ask for, such as chat:read,chat:edit; \"\": nothing (default: what --config needs, else chat)")
	flags.StringSliceVar(&f.add, "add-scopes", nil, "what to ask for beside that and what was granted before")
	flags.StringVar(&f.account, "account", "", "with --config: bot or channel (default: whoever is missing)")
	flags.StringVar(&f.user, "user", "", "login of who must log in (default: anybody)")
	flags.BoolVar(&f.only, "only", false, "give up what was granted before and is not asked for now")
	flags.BoolVar(&f.browser, "browser", false, "log in with the browser of this machine, without a code to enter")
	flags.StringVar(&f.redirect, "redirect", "", "with --browser: the registered redirect URL on this machine (default: that of --config if it will do, else "+defaultLoginRedirect+")")
	flags.BoolVar(&f.noOpen, "no-open", false, "only print the address, open no browser")
	complete(cmd, "account", cobra.FixedCompletions([]string{daemon.BotAccount, daemon.ChannelAccount}, cobra.ShellCompDirectiveNoFileComp))
	complete(cmd, "user", completeLogin(p))
	complete(cmd, "scopes", completeScopes)
	complete(cmd, "add-scopes", completeScopes)
	return cmd
}

// completeScopes completes the last of several scopes.
func completeScopes(_ *cobra.Command, _ []string, typed string) ([]cobra.Completion, cobra.ShellCompDirective) {
	before := typed[:strings.LastIndexByte(typed, ',')+1]
	var found []cobra.Completion
	for _, s := range oauth.AllScopes() {
		if strings.HasPrefix(before+s, typed) {
			found = append(found, before+s)
		}
	}
	return found, cobra.ShellCompDirectiveNoFileComp | cobra.ShellCompDirectiveNoSpace
}

// check finds mistakes before anything is asked.
func (f loginFlags) check() error {
	switch {
	case f.account != "" && f.account != daemon.BotAccount && f.account != daemon.ChannelAccount:
		return fmt.Errorf("unknown account %q; want bot or channel", f.account)
	case f.account != "" && f.app.config == "":
		return errors.New("--account says which account of a configuration; name it with --config FILE, or say --user LOGIN")
	case f.user != "" && f.app.config != "":
		return errors.New("with --config, say --account bot or --account channel, not --user")
	case f.user != "" && !loginName.MatchString(strings.TrimPrefix(f.user, "@")):
		return errNotALogin // not repeated: it may be a token
	case f.redirect != "" && !f.browser:
		return errors.New("--redirect belongs to --browser")
	}
	return nil
}

func runLogin(ctx context.Context, a *app, f loginFlags) error {
	if a.id == "" {
		return usageError{errNoClient}
	}
	tokens := a.manager()
	defer finish(ctx, a.p, tokens)
	p := a.p
	finished, _ := tokens.FinishLogins(ctx) // what does not work is tried again by whoever needs it
	for _, u := range finished {
		fmt.Fprintf(p.Stdout, "A login that was kept is finished now: %s has granted %s\n", u.Login, orNothing(u.Scopes))
	}
	users, err := tokens.List(ctx)
	if err != nil {
		return err
	}
	l := &login{p: p, tokens: tokens, before: users, open: !f.noOpen && isTerminal(p.Stdout), browser: f.browser}
	if f.browser {
		if l.redirect, err = f.redirectURL(a); err != nil {
			return usageError{err}
		}
	}
	asks := f.asks(a.cfg, users)
	switch {
	case len(asks) == 0 && f.account != "":
		fmt.Fprintf(p.Stdout, "%s needs nothing of %s, who owns the channel: the bot's own account does it all.\n", f.app.config, a.cfg.Twitch.Channel)
	case len(asks) == 0:
		fmt.Fprintf(p.Stdout, "Everybody whom %s needs has logged in and granted what it needs.\nTo log in again all the same, say which account: --account bot or --account channel.\n", f.app.config)
	}
	for i, ask := range asks {
		if i > 0 {
			fmt.Fprintln(p.Stdout)
		}
		if len(asks) > 1 {
			fmt.Fprintf(p.Stdout, "Login %d of %d.\n", i+1, len(asks))
		}
		if err := l.run(ctx, ask); err != nil {
			return err
		}
	}
	return nil
}
