package cli

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strings"

	"github.com/spf13/cobra"

	"github.com/larkspur-dev/larkspur/emulator"
	"github.com/larkspur-dev/larkspur/eventsub"
)

// triggerFlags are the flags of `larkspur emulator trigger`.
type triggerFlags struct {
	channel, user, moderator string
	set                      []string
	seed                     uint64
	printOnly, json          bool
	twitch                   string
}

func newEmulatorTrigger(p Process) *cobra.Command {
	var f triggerFlags
	cmd := &cobra.Command{
		Use:   "trigger TYPE[@VERSION]",
		Short: "Sends an event of any type to the clients of a running emulator",
		Long: `Sends an event of any type to the clients of a running emulator.

TYPE is one of "larkspur events list", in its newest version unless one is given. The event
goes to all subscriptions whose condition it meets, over WebSockets, webhooks and
conduits. Nothing else changes: after channel.follow the list of followers is as
before. To let something happen, use "larkspur emulator ctl".

The values are such as Twitch sends them. --set replaces one by its path: numbers, true and
false, text, and null where Twitch may send it; a list is written as JSON, its elements are
at [0], [1] and so on. Some values decide which others an event has, such as notice_type of
channel.chat.notification and action of channel.moderate: setting one also sets the others.

Exit codes: 0 sent, 1 no subscription matched, or no emulator runs, 2 the command line is
wrong.`,
		Example: `  larkspur emulator trigger channel.follow --user grace
  larkspur emulator trigger channel.cheer --set event.bits=1000 --set event.message='Cheer1000 wow'
  larkspur emulator trigger channel.chat.notification --set event.notice_type=raid
  larkspur emulator trigger channel.poll.end --set 'event.choices[0].title=Yes'
  larkspur emulator trigger channel.moderate@1 --set event.action=timeout
  larkspur emulator trigger stream.online --print`,
		Args:              usageArgs(cobra.ExactArgs(1)),
		ValidArgsFunction: completeType,
		RunE: func(cmd *cobra.Command, args []string) error {
			t, err := typeOf(args[0])
			if err != nil {
				return usageError{err}
			}
			made, err := f.make(t)
			if err != nil {
				return usageError{err}
			}
			if f.printOnly {
				return printJSON(p.Stdout, made.Event)
			}
			return f.run(cmd, p, t)
		},
	}
	flags := cmd.Flags()
	flags.StringVar(&f.channel, "channel", "", "login of the broadcaster; default: as a subscription asks for it, else the emulator's first channel")
	flags.StringVar(&f.user, "user", "", "login of who does something, or to whom it happens; default: grace")
	flags.StringVar(&f.moderator, "moderator", "", "login of who moderates; default: the broadcaster")
	flags.StringArrayVar(&f.set, "set", nil, "a value, as PATH=VALUE, such as event.user_name=Grace; may be given several times")
	flags.Uint64Var(&f.seed, "seed", 0, "the same seed gives the same ids; default: new ones each time")
	flags.BoolVar(&f.printOnly, "print", false, "print the event only; needs no emulator")
	flags.BoolVar(&f.json, "json", false, "print the emulator's answer with the event as JSON")
	emulatorFlag(cmd, &f.twitch)
	return cmd
}

// typeOf returns the event type that NAME or NAME@VERSION means.
func typeOf(arg string) (eventsub.Type, error) {
	name, version, _ := strings.Cut(arg, "@")
	if isPattern(name) {
		return eventsub.Type{}, fmt.Errorf("%q: trigger sends one event; name its type, such as channel.follow", printable(arg))
	}
	found, err := matchTypes(name, version)
	if err != nil {
		return eventsub.Type{}, err
	}
	return newest(found)[0].Type, nil
}

// make makes the event without an emulator, which finds mistakes in the command line.
func (f triggerFlags) make(t eventsub.Type) (*emulator.Triggered, error) {
	tw := emulator.New(emulator.InMemory(), emulator.Channel("ada"))
	defer tw.Close()
	made, err := tw.Trigger(t, emulator.TriggerOptions{
		Channel: f.channel, User: f.user, Moderator: f.moderator, Set: f.set, Seed: f.seed, Only: true,
	})
	if err != nil {
		return nil, errors.New(strings.TrimPrefix(err.Error(), "emulator: trigger "+t.String()+": "))
	}
	return made, nil
}

// run lets the emulator send the event.
func (f triggerFlags) run(cmd *cobra.Command, p Process, t eventsub.Type) error {
	c, err := newController(p, f.twitch)
	if err != nil {
		return err
	}
	order := map[string]any{"type": t.Name, "version": t.Version}
	for name, value := range map[string]string{"broadcaster": f.channel, "user": f.user, "moderator": f.moderator} {
		if value != "" {
			order[name] = value
		}
	}
	if f.seed != 0 {
		order["seed"] = f.seed
	}
	if len(f.set) > 0 {
		order["set"] = f.set
	}
	raw, err := c.call(cmd.Context(), http.MethodPost, "trigger", order)
	if err != nil {
		return err
	}
	var done triggered
	if err := json.Unmarshal(raw, &done); err != nil {
		return fmt.Errorf("the emulator's answer: %w", err)
	}
	if f.json {
		if err := printJSON(p.Stdout, raw); err != nil {
			return err
		}
	}
	if done.Subscriptions == 0 {
		return done.unmatched(t)
	}
	if !f.json {
		fmt.Fprintf(p.Stdout, "%s was sent to %s.\n", t, plural(done.Subscriptions, "subscription"))
	}
	return nil
}

// triggered is the emulator's answer.
type triggered struct {
	Subscriptions int      `json:"subscriptions"`
	OtherChannels []string `json:"other_channels"`
	OtherVersions []string `json:"other_versions"`
}

// unmatched says what to do if no subscription matched an event.
func (d triggered) unmatched(t eventsub.Type) error {
	switch {
	case len(d.OtherChannels) > 0:
		return fmt.Errorf("%s was sent to no subscription: there are some, but for the channel %s. To trigger it there, run:\n  larkspur emulator trigger %s --channel %s",
			t, strings.Join(d.OtherChannels, ", "), t.Name, d.OtherChannels[0])
	case len(d.OtherVersions) > 0:
		return fmt.Errorf("%s was sent to no subscription: there are some, but to version %s. To trigger it, run:\n  larkspur emulator trigger %s@%s",
			t, strings.Join(d.OtherVersions, ", "), t.Name, d.OtherVersions[0])
	}
	return fmt.Errorf("%s was sent to no subscription: none matches. Start a program that subscribes to it; to see the subscriptions that there are, run:\n  larkspur emulator ctl subscriptions", t)
}

// plural writes a number of things.
func plural(n int, thing string) string {
	if n == 1 {
		return "1 " + thing
	}
	return fmt.Sprintf("%d %ss", n, thing)
}

// completeType completes the name of one event type.
func completeType(cmd *cobra.Command, args []string, typed string) ([]cobra.Completion, cobra.ShellCompDirective) {
	if len(args) > 0 {
		return nil, cobra.ShellCompDirectiveNoFileComp
	}
	found, directive := completeTypes(cmd, []string{everyType}, typed)
	return found, directive
}
