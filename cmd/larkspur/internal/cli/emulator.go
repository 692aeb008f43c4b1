package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
	"syscall"

	"github.com/spf13/cobra"
	"golang.org/x/sync/errgroup"

	"github.com/larkspur-dev/larkspur/emulator"
)

func newEmulator(p Process) *cobra.Command {
	var f emulatorFlags
	cmd := &cobra.Command{
		Use:   "emulator",
		Short: "Serves Twitch on localhost: OAuth, Helix, EventSub and chat, on one port",
		Long: `Serves Twitch on localhost: OAuth, Helix, EventSub and chat, on one port.

A program for Twitch in any language works with it when it uses these addresses:

  https://api.twitch.tv/helix          http://ADDR/helix
  https://id.twitch.tv/oauth2          http://ADDR/oauth2
  wss://eventsub.wss.twitch.tv/ws      ws://ADDR/ws
  irc.chat.twitch.tv:6667 and 6697     ADDR, plain or TLS
  wss://irc-ws.chat.twitch.tv          ws://ADDR/

A change made through one of them is seen through all others. In another terminal,
"larkspur emulator ctl" causes what happens on Twitch: follows, raids, messages, bans, and
faults; "larkspur emulator trigger" sends any event of EventSub.

With --replay, it sends lines of raw IRC from a file to the clients in a channel, once
the first has joined, and then continues to serve.`,
		Example: `  larkspur emulator --channel ada --live --crowd
  larkspur emulator --replay irc.txt --replay-channel ada
  larkspur emulator --client-id my-app --public --token-life 1m --approve-as ada
  larkspur emulator ctl follow broadcaster=ada user=grace
  larkspur emulator trigger channel.cheer --set event.bits=1000`,
		Args: noCommand,
		RunE: func(cmd *cobra.Command, _ []string) error { return runEmulator(cmd.Context(), p, f) },
	}
	f.register(cmd)
	cmd.AddCommand(newEmulatorTrigger(p), newEmulatorCtl(p))
	return cmd
}

func runEmulator(ctx context.Context, p Process, f emulatorFlags) error {
	if err := f.check(); err != nil {
		return usageError{err}
	}
	log, err := newLogger(p, logFlags{level: f.level})
	if err != nil {
		return err
	}
	var replay io.ReadCloser
	if f.replay != "" {
		if replay, err = openReplay(p, f.replay); err != nil {
			return err
		}
		defer replay.Close()
	}
	tw := emulator.New(append(f.options(), emulator.Logger(log))...)
	defer tw.Close()
	for _, addr := range f.addrs {
		if err := tw.Listen(addr); errors.Is(err, syscall.EADDRINUSE) {
			return fmt.Errorf("%s is in use; stop what uses it, or choose another address: --addr 127.0.0.1:0 takes a free port", addr)
		} else if err != nil {
			return err
		}
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

// introduction lists the addresses and the credentials.
func introduction(tw *emulator.Server, f emulatorFlags) string {
	var b strings.Builder
	fmt.Fprintf(&b, "Twitch is at %s\n", tw.URL())
	fmt.Fprintf(&b, "  Helix          %s\n  OAuth          %s\n  EventSub       %s\n  chat           %s (also TLS), %s\n",
		tw.HelixURL(), tw.OAuthURL(), tw.EventSubURL(), tw.IRCAddr(), tw.IRCWebSocketURL())
	fmt.Fprintf(&b, "  control        %s/larkspur/\n", tw.URL())
	secret := tw.ClientSecret()
	if secret == "" {
		secret = "none: the client is public"
	}
	if f.tlsCert != "" {
		fmt.Fprintf(&b, "  certificate    %s\n", f.tlsCert)
	}
	fmt.Fprintf(&b, "  client id      %s\n  client secret  %s\n", tw.ClientID(), secret)
	if f.extension != "" {
		fmt.Fprintf(&b, "  extension      owned by %s, secret %s\n", f.extension, tw.ExtensionSecret())
	}
	fmt.Fprintf(&b, "  channels       %s\n", strings.Join(f.channels, ", "))
	fmt.Fprintf(&b, "To run a bot here, type in another terminal:\n  export TWITCH_CLIENT_ID=%s\n", tw.ClientID())
	if tw.ClientSecret() != "" {
		fmt.Fprintf(&b, "  export TWITCH_CLIENT_SECRET=%s\n", tw.ClientSecret())
	}
	if len(f.channels) > 0 {
		fmt.Fprintf(&b, "  export TWITCH_CHANNEL=%s\n", f.channels[0])
	}
	fmt.Fprintf(&b, "  larkspur login --config larkspur.yaml --twitch %[1]s\n  larkspur run larkspur.yaml --twitch %[1]s\n", tw.URL())
	if len(f.channels) > 0 {
		fmt.Fprintf(&b, "To read its chat:\n  larkspur chat %s --anonymous --twitch %s\n", f.channels[0], tw.URL())
	}
	b.WriteString("Ctrl-C ends it.\n")
	return b.String()
}
