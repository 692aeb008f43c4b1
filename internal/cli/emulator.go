package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"regexp"
	"strconv"
	"strings"
	"syscall"

	"github.com/spf13/cobra"
	"golang.org/x/sync/errgroup"

	"github.com/larkspur-dev/larkspur/emulator"
)

// emulatorFlags are what `larkspur emulator` is told.
type emulatorFlags struct {
	addr             string
	channels, users  []string
	live, crowd      bool
	noLimits         bool
	seed             uint64
	id, secret       string
	replay, replayTo string
	speed            float64
	level            string
}

func newEmulator(p Process) *cobra.Command {
	var f emulatorFlags
	cmd := &cobra.Command{
		Use:   "emulator",
		Short: "Serves Twitch on localhost: OAuth, Helix, EventSub and chat, on one port",
		Long: `Serves Twitch on localhost: OAuth, Helix, EventSub and chat, on one port.

Whatever talks to Twitch talks to it, in any language, with other addresses:

  https://api.twitch.tv/helix          http://ADDR/helix
  https://id.twitch.tv/oauth2          http://ADDR/oauth2
  wss://eventsub.wss.twitch.tv/ws      ws://ADDR/ws
  irc.chat.twitch.tv:6667 and 6697     ADDR, plain or TLS
  wss://irc-ws.chat.twitch.tv          ws://ADDR/

What is done through one is seen through all others. http://ADDR/larkspur/ lists
what can be caused from outside: follows, raids, messages, bans and so on.

With --replay, lines of raw IRC from a file are sent to everybody who is in the
channel, as soon as somebody is; then it goes on serving.`,
		Example: `  larkspur emulator --channel ada --live --crowd
  larkspur emulator --replay irc.txt --replay-channel ada
  curl http://127.0.0.1:8080/larkspur/follow --json '{"broadcaster":"ada","user":"grace"}'`,
		Args: usageArgs(cobra.NoArgs),
		RunE: func(cmd *cobra.Command, _ []string) error { return runEmulator(cmd.Context(), p, f) },
	}
	flags := cmd.Flags()
	flags.StringVar(&f.addr, "addr", "127.0.0.1:8080", "address to serve on; port 0 takes a free one")
	flags.StringSliceVar(&f.channels, "channel", []string{"ada"}, "logins of broadcasters")
	flags.StringSliceVar(&f.users, "user", []string{"grace"}, "logins of other users; names that are used later come into being by themselves")
	flags.BoolVar(&f.live, "live", false, "the channels are live from the start")
	flags.BoolVar(&f.crowd, "crowd", false, "viewers chat, follow, subscribe and raid in the first channel")
	flags.BoolVar(&f.noLimits, "no-limits", false, "no limits on calls, joins and messages")
	flags.Uint64Var(&f.seed, "seed", 0, "another seed gives users other ids")
	flags.StringVar(&f.id, "client-id", "", "the registered client; default: one that is printed")
	flags.StringVar(&f.secret, "client-secret", "", "its secret")
	flags.StringVar(&f.replay, "replay", "", "file with lines of raw IRC to play")
	flags.StringVar(&f.replayTo, "replay-channel", "", "play all lines in this channel; default: the channel that each names")
	flags.Float64Var(&f.speed, "replay-speed", 0, "1: at the pace of the lines' timestamps; 0: as fast as clients read")
	flags.StringVar(&f.level, "log-level", "warn", "debug, info, warn or error")
	return cmd
}

// loginName is what Twitch accepts as a login.
var loginName = regexp.MustCompile(`^[a-zA-Z0-9][a-zA-Z0-9_]{0,24}$`)

// check finds mistakes before anything starts.
func (f emulatorFlags) check() error {
	if (f.id == "") != (f.secret == "") {
		return errors.New("--client-id and --client-secret belong together")
	}
	if _, port, err := net.SplitHostPort(f.addr); err != nil || !isPort(port) {
		return fmt.Errorf("--addr %q: want an address and a port, such as 127.0.0.1:8080", f.addr)
	}
	for _, names := range []struct {
		flag   string
		logins []string
	}{{"--channel", f.channels}, {"--user", f.users}} {
		for _, login := range names.logins {
			if !loginName.MatchString(login) {
				return fmt.Errorf("%s %q: want a login: letters, digits and underscores, at most 25", names.flag, login)
			}
		}
	}
	if f.replayTo != "" && !loginName.MatchString(f.replayTo) {
		return fmt.Errorf("--replay-channel %q: want a login", f.replayTo)
	}
	return nil
}

func isPort(text string) bool {
	_, err := strconv.ParseUint(text, 10, 16)
	return err == nil
}

func (f emulatorFlags) options() []emulator.Option {
	opts := []emulator.Option{emulator.Seed(f.seed), emulator.User(f.users...)}
	if f.id != "" {
		opts = append(opts, emulator.ClientCredentials(f.id, f.secret))
	}
	if f.noLimits {
		opts = append(opts, emulator.NoLimits())
	}
	for _, channel := range f.channels {
		opts = append(opts, emulator.Channel(channel))
		if f.live {
			opts = append(opts, emulator.Live(channel))
		}
	}
	return opts
}

func runEmulator(ctx context.Context, p Process, f emulatorFlags) error {
	if err := f.check(); err != nil {
		return usageError{err}
	}
	log, err := newLogger(p, f.level)
	if err != nil {
		return err
	}
	var replay io.ReadCloser
	if f.replay != "" {
		if replay, err = openReplay(f.replay); err != nil {
			return err
		}
		defer replay.Close()
	}
	tw := emulator.New(append(f.options(), emulator.Logger(log))...)
	defer tw.Close()
	if err := tw.Listen(f.addr); err != nil {
		if errors.Is(err, syscall.EADDRINUSE) {
			return fmt.Errorf("%s is in use; stop what uses it, or choose another address: --addr 127.0.0.1:0 takes a free port", f.addr)
		}
		return err
	}
	fmt.Fprint(p.Stdout, introduction(tw, f))
	g, ctx := errgroup.WithContext(ctx)
	if f.crowd && len(f.channels) > 0 {
		g.Go(func() error { return tw.Crowd(ctx, f.channels[0], emulator.CrowdOptions{Seed: f.seed}) })
	}
	if replay != nil {
		g.Go(func() error { return replayFile(ctx, tw, replay, p.Stdout, f) })
	}
	g.Go(func() error { <-ctx.Done(); return ctx.Err() })
	if err := g.Wait(); !errors.Is(err, context.Canceled) && !errors.Is(err, context.DeadlineExceeded) {
		return err
	}
	return nil
}

// introduction says where everything is and how to come in.
func introduction(tw *emulator.Server, f emulatorFlags) string {
	var b strings.Builder
	fmt.Fprintf(&b, "Twitch is at %s\n", tw.URL())
	fmt.Fprintf(&b, "  Helix          %s\n  OAuth          %s\n  EventSub       %s\n  chat           %s (also TLS), %s\n",
		tw.HelixURL(), tw.OAuthURL(), tw.EventSubURL(), tw.IRCAddr(), tw.IRCWebSocketURL())
	fmt.Fprintf(&b, "  control        %s/larkspur/\n", tw.URL())
	fmt.Fprintf(&b, "  client id      %s\n  client secret  %s\n", tw.ClientID(), tw.ClientSecret())
	fmt.Fprintf(&b, "  channels       %s\n", strings.Join(f.channels, ", "))
	fmt.Fprintf(&b, "Run a bot here:  larkspur run larkspur.yaml --twitch %s\nCtrl-C ends it.\n", tw.URL())
	return b.String()
}
