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

// loginFlags are the flags of `larkspur login`.
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

It shows an address and a code. Open the address in any browser, on any device, log in
to Twitch as the account that is named, enter the code and agree.

A bot often has two accounts: its own, which writes in chat, and that of the channel's
owner. With a configuration (--config, or larkspur.yaml in the current directory) it
requests exactly the scopes that the configuration needs, one account after the other.

Scopes that an account granted before stay granted, unless --only is given.

Exit codes: 0 every account has logged in, 1 an account has not, 2 the command line, the
configuration or the key of the tokens is wrong; then no login was started.`,
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
	flags.StringSliceVar(&f.scopes, "scopes", nil, "scopes to request, such as chat:read,chat:edit; \"\": none (default: what the configuration needs, else chat)")
	flags.StringSliceVar(&f.add, "add-scopes", nil, "scopes to request in addition to those and to the granted ones")
	flags.StringVar(&f.account, "account", "", "with a configuration: bot or channel (default: each that has not logged in)")
	flags.StringVar(&f.user, "user", "", "login of the account that must log in (default: any)")
	flags.BoolVar(&f.only, "only", false, "give up the granted scopes that are not requested now")
	flags.BoolVar(&f.browser, "browser", false, "log in with the browser of this machine, without entering a code")
	flags.StringVar(&f.redirect, "redirect", "", "with --browser: the registered redirect URL on this machine (default: that of the configuration if it is local, else "+defaultLoginRedirect+")")
	flags.BoolVar(&f.noOpen, "no-open", false, "only print the address, open no browser")
	flags.Lookup("config").Usage = "configuration that says what to ask for (default: " + defaultConfig + "; without it, TWITCH_CLIENT_ID and TWITCH_CLIENT_SECRET name the application)"
	cmd.PreRun = func(*cobra.Command, []string) { f.findConfig(p) }
	complete(cmd, "account", cobra.FixedCompletions([]string{daemon.BotAccount, daemon.ChannelAccount}, cobra.ShellCompDirectiveNoFileComp))
	complete(cmd, "user", completeLogin(p))
	complete(cmd, "scopes", completeScopes)
	complete(cmd, "add-scopes", completeScopes)
	return cmd
}

// findConfig uses the configuration in the current directory, and says so. A login that
// is described by flags, for the application of TWITCH_CLIENT_ID, needs none.
func (f *loginFlags) findConfig(p Process) {
	described := f.user != "" || len(f.scopes) > 0 || len(f.add) > 0
	if f.app.config != "" || !exists(defaultConfig) || described && env(p, "TWITCH_CLIENT_ID") != "" {
		return
	}
	f.app.config = defaultConfig
	fmt.Fprintf(p.Stdout, "Using %s in this directory: its application, accounts and scopes.\n", defaultConfig)
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

// check finds mistakes before a login is started.
func (f loginFlags) check() error {
	switch {
	case f.account != "" && f.account != daemon.BotAccount && f.account != daemon.ChannelAccount:
		return fmt.Errorf("unknown account %q; want bot or channel", f.account)
	case f.account != "" && f.app.config == "":
		return errors.New("--account needs a configuration: name it with --config FILE, or use --user LOGIN instead")
	case f.user != "" && f.app.config != "":
		return errors.New("with --config, use --account bot or --account channel instead of --user")
	case f.user != "" && !loginName.MatchString(strings.TrimPrefix(f.user, "@")):
		return errNotALogin // not repeated: it may be a token
	case f.redirect != "" && !f.browser:
		return errors.New("--redirect can only be used with --browser")
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
	finished, _ := tokens.FinishLogins(ctx) // a failed one is tried again when it is needed
	for _, u := range finished {
		fmt.Fprintf(p.Stdout, "An earlier login is complete now: %s has granted %s\n", u.Login, orNothing(u.Scopes))
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
		fmt.Fprintf(p.Stdout, "%s needs no login of %s, who owns the channel: the bot's own account is enough.\n", f.app.config, a.cfg.Twitch.Channel)
	case len(asks) == 0:
		fmt.Fprintf(p.Stdout, "All accounts that %s needs have logged in and granted what it needs.\nTo log one in again, name it: --account bot or --account channel.\n", f.app.config)
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
