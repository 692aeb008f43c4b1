package cli

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/larkspur-dev/larkspur/emulator"
	"github.com/larkspur-dev/larkspur/eventsub"
)

// triggerFlags are the flags of `larkspur emulator trigger`.
type triggerFlags struct {
	version                  string
	channel, user, moderator string
	set                      []string
	seed                     uint64
	printOnly, json          bool
	twitch                   string
}

func newEmulatorTrigger(p Process) *cobra.Command {
	var f triggerFlags
	cmd := &cobra.Command{
		Use:   "trigger TYPE",
		Short: "Sends an event of any type to the clients of a running emulator",
		Long: `Sends an event of any type to the clients of a running emulator.

The event goes to all subscriptions whose condition it meets, over WebSockets, webhooks and
conduits. Nothing else changes: after channel.follow nobody follows. To let something
happen, use "larkspur emulator ctl".

The values are such as Twitch sends them. --set replaces one by its path: numbers, true and
false, text, and null where Twitch may send it; a list is written as JSON, its elements are
at [0], [1] and so on. Values that decide what else is in an event, such as notice_type of
channel.chat.notification or action of channel.moderate, bring what belongs to them.

Exit codes: 0 sent, 1 no subscription matched, or no emulator runs, 2 the command line is
wrong.`,
		Example: `  larkspur emulator trigger channel.follow --user grace
  larkspur emulator trigger channel.cheer --set event.bits=1000 --set event.message='Cheer1000 wow'
  larkspur emulator trigger channel.chat.notification --set event.notice_type=raid
  larkspur emulator trigger channel.poll.end --set event.choices[0].title=Yes --set event.choices[0].votes=12
  larkspur emulator trigger channel.moderate --version 1 --set event.action=timeout
  larkspur emulator trigger stream.online --print`,
		Args:              usageArgs(cobra.ExactArgs(1)),
		ValidArgsFunction: completeTypes,
		RunE: func(cmd *cobra.Command, args []string) error {
			t, err := typeOf(args[0], f.version)
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
	flags.StringVar(&f.version, "version", "", "version of the type; default: the newest")
	flags.StringVar(&f.channel, "channel", "", "login of the broadcaster; default: as a subscription asks for it, else the emulator's first channel")
	flags.StringVar(&f.user, "user", "", "login of who does something, or to whom it happens; default: grace")
	flags.StringVar(&f.moderator, "moderator", "", "login of who moderates; default: the broadcaster")
	flags.StringArrayVar(&f.set, "set", nil, "a value, as PATH=VALUE, such as event.user_name=Grace; may be given several times")
	flags.Uint64Var(&f.seed, "seed", 0, "the same seed gives the same ids; default: new ones each time")
	flags.BoolVar(&f.printOnly, "print", false, "print the event only; needs no emulator")
	flags.BoolVar(&f.json, "json", false, "print the emulator's answer with the event as JSON")
	emulatorFlag(cmd, &f.twitch)
	complete(cmd, "version", completeVersions)
	return cmd
}

// typeOf returns an event type, of the newest version unless one is given.
func typeOf(name, version string) (eventsub.Type, error) {
	var found, names []string
	for _, info := range eventsub.Types() {
		if info.Type.Name == name {
			found = append(found, info.Type.Version)
		}
		names = append(names, info.Type.Name)
	}
	switch {
	case len(found) > 0 && version == "":
		return eventsub.Type{Name: name, Version: found[len(found)-1]}, nil
	case slices.Contains(found, version):
		return eventsub.Type{Name: name, Version: version}, nil
	case len(found) > 0:
		return eventsub.Type{}, fmt.Errorf("%s has no version %q; it has %s", name, printable(version), strings.Join(found, ", "))
	}
	if near := closest(name, names); near != "" {
		return eventsub.Type{}, fmt.Errorf("there is no event type %q; did you mean this?\n  larkspur emulator trigger %s", printable(name), near)
	}
	return eventsub.Type{}, fmt.Errorf("there is no event type %q; to see all, run:\n  larkspur emulator ctl types", printable(name))
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

// unmatched says what to do if an event went to nobody.
func (d triggered) unmatched(t eventsub.Type) error {
	switch {
	case len(d.OtherChannels) > 0:
		return fmt.Errorf("%s was sent to no subscription: there are some, but for the channel %s. To trigger it there, run:\n  larkspur emulator trigger %s --channel %s",
			t, strings.Join(d.OtherChannels, ", "), t.Name, d.OtherChannels[0])
	case len(d.OtherVersions) > 0:
		return fmt.Errorf("%s was sent to no subscription: there are some, but to version %s. To trigger it, run:\n  larkspur emulator trigger %s --version %s",
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

// completeTypes completes the name of an event type.
func completeTypes(_ *cobra.Command, args []string, typed string) ([]cobra.Completion, cobra.ShellCompDirective) {
	var found []cobra.Completion
	for _, info := range eventsub.Types() {
		name := cobra.CompletionWithDesc(info.Type.Name, strings.TrimSuffix(info.Name, " V2"))
		if len(args) == 0 && strings.HasPrefix(info.Type.Name, typed) && !slices.Contains(found, name) {
			found = append(found, name)
		}
	}
	return found, cobra.ShellCompDirectiveNoFileComp
}

// completeVersions completes the version of the type that was typed before.
func completeVersions(_ *cobra.Command, args []string, _ string) ([]cobra.Completion, cobra.ShellCompDirective) {
	var found []cobra.Completion
	for _, info := range eventsub.Types() {
		if len(args) == 1 && info.Type.Name == args[0] {
			found = append(found, info.Type.Version)
		}
	}
	return found, cobra.ShellCompDirectiveNoFileComp
}
