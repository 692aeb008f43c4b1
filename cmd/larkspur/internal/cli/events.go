package cli

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/larkspur-dev/larkspur/oauth"
)

// followFlags are the flags of `larkspur events`.
type followFlags struct {
	app        appFlags
	as         string
	channels   []string
	conditions []string
	count      int
	length     time.Duration
	json       bool
	conduit    string // name, or newConduitName; "": none
	webhook    string // address that Twitch calls; "": none
	listen     string
}

func newEvents(p Process) *cobra.Command {
	var f followFlags
	cmd := &cobra.Command{
		Use:   "events TYPE…",
		Short: "Follows events live, and shows the types of events",
		Long: `Follows events live.

TYPE is one of "larkspur events list", in its newest version or with @VERSION, a pattern
such as channel.chat.*, or all. The channel is that of the account that has logged in,
unless --channel names another. The fields of conditions are filled in with the channel
and the account; --condition sets others.

Before it connects, it checks which scopes the logins lack, and prints the command that
adds them. It leaves out types that a pattern selects and the login does not allow.

At a terminal, each event is a line: the time, the type, and who did what. Elsewhere, and
with --json, each is a JSON object with the whole event, its message id and subscription;
everything else is printed to standard error. If events may be missing, for example
because the connection was lost, it prints a gap: as JSON, an event of type larkspur.gap.

Events arrive over WebSockets with the logins' tokens. --conduit uses a new conduit with the
application's token, and deletes it at the end; --conduit=NAME one that stays, and that
all processes with this name on this machine share. --webhook lets Twitch call an https
address: a proxy there must pass requests for all addresses below it on to --listen. Both
need the client secret, and users who have logged in to the application.

Exit codes: 0 ended by Ctrl-C, --for or --count, 1 nothing can be followed, or --for ended
it before --count events, 2 the command line is wrong; then nothing was sent.`,
		Example: `  larkspur events channel.follow channel.subscribe
  larkspur events all --for 10m --json
  larkspur events 'channel.chat.*' --channel ada --as larkbot
  larkspur events channel.raid --condition from_broadcaster_user_id=ada --count 1
  larkspur events channel.follow --conduit
  larkspur events stream.online --webhook https://bot.example.org/eventsub --listen 127.0.0.1:4343
  larkspur events list`,
		Args:              usageArgs(cobra.MinimumNArgs(1)),
		ValidArgsFunction: completeTypes,
		RunE: func(cmd *cobra.Command, args []string) error {
			if err := f.check(cmd); err != nil {
				return usageError{err}
			}
			types, err := selectTypes(args)
			if err != nil {
				return usageError{err}
			}
			if !cmd.Flags().Changed("json") {
				f.json = !isTerminal(p.Stdout)
			}
			s, err := openAPI(cmd.Context(), p, f.app)
			if err != nil {
				return err
			}
			if s.public && f.transport() != overWebSocket {
				return usageError{errors.New("--webhook and --conduit use the application's token, which needs TWITCH_CLIENT_SECRET; it is at https://dev.twitch.tv/console")}
			}
			defer finish(cmd.Context(), p, s.tokens)
			return runEvents(cmd.Context(), p, s, &f, types)
		},
	}
	flags := cmd.Flags()
	flags.StringSliceVar(&f.channels, "channel", nil, "logins or ids of the channels (default: that of the account)")
	flags.StringVar(&f.as, "as", "", "login or id of the account whose token is used (default: the only one, or that of the channel)")
	flags.StringArrayVar(&f.conditions, "condition", nil, "a field of the conditions, as FIELD=VALUE, where users may be logins; may be given several times")
	flags.IntVarP(&f.count, "count", "n", 0, "end after so many events")
	flags.DurationVar(&f.length, "for", 0, "end after this long")
	flags.BoolVar(&f.json, "json", false, "print JSON lines (default at a terminal: text); --json=false prints text elsewhere too")
	flags.StringVar(&f.conduit, "conduit", "", "receive events through a conduit: a new one, or with =NAME one that is kept and shared")
	flags.Lookup("conduit").NoOptDefVal = newConduitName
	flags.StringVar(&f.webhook, "webhook", "", "receive events as requests to this https address and those below it")
	flags.StringVar(&f.listen, "listen", defaultListen, "with --webhook: the local address to which a proxy passes the requests on")
	f.app.register(p, cmd, true)
	complete(cmd, "as", completeLogin(p))
	complete(cmd, "channel", completeLogin(p))
	complete(cmd, "condition", completeCondition)
	cmd.AddCommand(newEventsList(p))
	return cmd
}

// check finds mistakes before anything is sent.
func (f *followFlags) check(cmd *cobra.Command) error {
	switch {
	case cmd.Flags().Changed("count") && f.count <= 0:
		return errors.New("--count: want a number above zero")
	case cmd.Flags().Changed("for") && f.length <= 0:
		return fmt.Errorf("--for %s: want a duration above zero, such as 30s", f.length)
	case f.webhook != "" && f.conduit != "":
		return errors.New("--webhook and --conduit exclude each other")
	case f.webhook == "" && cmd.Flags().Changed("listen"):
		return errors.New("--listen needs --webhook")
	case cmd.Flags().Changed("webhook"):
		return checkWebhook(f.webhook)
	}
	return nil
}

// remedy returns the commands of the logins that grant what is missing, each on a line.
func (f *followFlags) remedy(left []leftOut) string {
	var users []string
	scopes := map[string]oauth.ScopeSet{}
	for _, l := range left {
		if l.user == "" {
			continue
		}
		if !slices.Contains(users, l.user) {
			users = append(users, l.user)
		}
		scopes[l.user] = scopes[l.user].Union(l.missing.Minimal())
	}
	var b strings.Builder
	for _, user := range users {
		command := "larkspur login"
		if !strings.Contains(user, " ") {
			command += " --user " + user
		}
		if len(scopes[user]) > 0 {
			command += " --add-scopes " + strings.Join(scopes[user], ",")
		}
		fmt.Fprintf(&b, "\nTo grant it as %s, run:\n  %s", user, f.app.command(command))
	}
	return b.String()
}
