package cli

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/spf13/cobra"
	"golang.org/x/sync/errgroup"

	"github.com/larkspur-dev/larkspur/cmd/larkspur/internal/daemon"
	"github.com/larkspur-dev/larkspur/emulator"
	"github.com/larkspur-dev/larkspur/examples/quickstart"
	"github.com/larkspur-dev/larkspur/irc"
)

// The accounts of the demo.
const (
	demoChannel = "larkspurtv"
	demoBot     = "larkspur_bot"
	demoPerson  = "you"
)

// unattended is how long the demo runs without a terminal.
const unattended = 10 * time.Second

func newDemo(p Process) *cobra.Command {
	var length, pace time.Duration
	var asJSON bool
	cmd := &cobra.Command{
		Use:   "demo",
		Short: "Shows a bot at work on an emulated Twitch; needs no account and no network",
		Long: `Shows a bot at work on an emulated Twitch; needs no account and no network.

It starts the emulator with a channel that is live and a crowd of viewers, and
runs the bot of examples/quickstart/larkspur.yaml against it over loopback
connections (HTTP, WebSocket, IRC), as it would run against Twitch. What you
type is chat; /help lists what else you can do. Ctrl-C ends the demo.

If standard input is not a terminal, the demo runs for 10 seconds, or as long as --for
says, and ends with a summary.`,
		Example: `  larkspur demo
  larkspur demo --for 10s --json`,
		Args: usageArgs(cobra.NoArgs),
		RunE: func(cmd *cobra.Command, _ []string) error {
			ctx := cmd.Context()
			for _, d := range []struct {
				flag  string
				value time.Duration
			}{{"for", length}, {"pace", pace}} {
				if cmd.Flags().Changed(d.flag) && d.value <= 0 {
					return usageError{fmt.Errorf("--%s %s: want a duration above zero, such as 30s", d.flag, d.value)}
				}
			}
			if length == 0 && !isTerminal(p.Stdin) {
				length = unattended
			}
			if length > 0 {
				var cancel context.CancelFunc
				ctx, cancel = context.WithTimeout(ctx, length)
				defer cancel()
			}
			color := isTerminal(p.Stdout) && wantColor(p)
			d := newDisplay(p.Stdout, p.Started, asJSON, color)
			d.width = columnsOf(p.Stdout)
			return runDemo(ctx, p, d, pace)
		},
	}
	cmd.Flags().DurationVar(&length, "for", 0, "end after this long, with a summary")
	cmd.Flags().DurationVar(&pace, "pace", 0, "average time between two actions of the crowd")
	cmd.Flags().BoolVar(&asJSON, "json", false, "print one JSON object per line")
	return cmd
}

// runDemo runs the emulator, the bot, the crowd and the user's input until ctx ends.
func runDemo(ctx context.Context, p Process, d *display, pace time.Duration) error {
	tw := emulator.New(
		emulator.Channel(demoChannel), emulator.User(demoBot, demoPerson),
		emulator.Moderator(demoChannel, demoBot), emulator.Moderator(demoChannel, demoPerson),
		emulator.Live(demoChannel),
	)
	defer tw.Close()
	if err := tw.Listen("127.0.0.1:0"); err != nil {
		return err
	}
	cfg, err := demoConfig(tw) //nolint:contextcheck // loading runs the top level of scripts, within their own limits
	if err != nil {
		return err
	}
	addresses, err := daemon.EmulatorAddresses(tw.URL())
	if err != nil {
		return err
	}
	d.show(entry{Kind: "note", Text: fmt.Sprintf("Twitch is emulated at %s; the channel is %s, the bot is %s", tw.URL(), demoChannel, demoBot)})

	if isTerminal(p.Stdin) {
		d.show(entry{Kind: "note", Text: "What you type is chat: try !hello or !title Chess. /help lists what else you can do, Ctrl-C ends the demo."})
	}

	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	stop := func() { cancel(errKeyPressed) }
	lines, leave := sitDown(ctx, p, d, stop)
	defer leave()

	s := &show{display: d, ready: make(chan struct{})}
	viewer := irc.New(irc.Options{Addr: tw.IRCAddr(), Channels: []string{demoChannel}, OnState: s.viewerState})
	irc.On(viewer, s.chat)
	g, ctx := errgroup.WithContext(ctx)
	g.Go(func() error { return viewer.Run(ctx) })
	g.Go(func() error {
		return daemon.Run(ctx, cfg, daemon.Options{Addresses: addresses, Observer: daemon.Observer{
			Event: s.event, Did: s.did, Note: s.note, Warning: s.warning, Ready: s.botReady,
		}})
	})
	g.Go(func() error {
		select {
		case <-s.ready:
		case <-ctx.Done():
			return ctx.Err()
		}
		return tw.Crowd(ctx, demoChannel, emulator.CrowdOptions{Opening: []string{"!hello"}, Pace: pace, OnDeed: s.deed})
	})
	me := &person{tw: tw, display: d}
	if !isTerminal(p.Stdin) {
		me.pace = typingPace
	}
	go typed(ctx, lines, s.ready, me) // ends with its input; reading cannot be interrupted
	err = g.Wait()
	leave()
	d.finish()
	if err != nil && !errors.Is(err, context.Canceled) && !errors.Is(err, context.DeadlineExceeded) {
		return err
	}
	if isTerminal(p.Stdin) {
		d.gap() // after ^C or a half-typed line
	}
	return s.summary()
}

// demoConfig loads the quickstart as a user would run it: with variables, and with new
// codes of the two accounts.
func demoConfig(tw *emulator.Server) (*daemon.Config, error) {
	variables := map[string]string{
		"TWITCH_CLIENT_ID":     tw.ClientID(),
		"TWITCH_CLIENT_SECRET": tw.ClientSecret(),
		"TWITCH_CHANNEL":       demoChannel,
	}
	lookup := func(name string) (string, bool) {
		value, ok := variables[name]
		return value, ok
	}
	load := func() (*daemon.Config, error) {
		return daemon.Load("examples/quickstart/larkspur.yaml", []byte(quickstart.Config), daemon.LoadOptions{LookupEnv: lookup})
	}
	cfg, err := load()
	if err != nil {
		return nil, err
	}
	scopes, redirect := cfg.Scopes(), cfg.Twitch.Redirect
	variables["TWITCH_CODE"] = tw.AuthorizationCode(demoChannel, redirect, scopes.Broadcaster...)
	variables["TWITCH_BOT_CODE"] = tw.AuthorizationCode(demoBot, redirect, scopes.Bot...)
	return load()
}
