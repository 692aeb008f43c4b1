package cli

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strings"

	"github.com/spf13/cobra"

	"github.com/larkspur-dev/larkspur/emulator"
)

func newEmulatorCtl(p Process) *cobra.Command {
	var twitch string
	cmd := &cobra.Command{
		Use:   "ctl VERB [NAME=VALUE...]",
		Short: "Makes things happen in a running emulator: follows, raids, bans, faults",
		Long: `Makes things happen in a running emulator: follows, raids, bans, faults.

VERB is what happens; "larkspur emulator ctl list" shows all verbs, and "list VERB" one of
them with an example. Values are given as NAME=VALUE. A list takes a name several times:
choices=Yes choices=No. Users that are named for the first time are created.

Exit codes: 0 done, 1 the emulator refused it, or none runs, 2 the command line is wrong.`,
		Example: `  larkspur emulator ctl list
  larkspur emulator ctl follow broadcaster=ada user=grace
  larkspur emulator ctl say broadcaster=ada user=grace text='hello everyone'
  larkspur emulator ctl token user=mybot scopes=chat:read scopes=chat:edit
  larkspur emulator ctl close-eventsub code=4005
  larkspur emulator ctl fail http_status=503 path=/helix/users times=2
  larkspur emulator ctl sessions`,
		Args:              usageArgs(cobra.MinimumNArgs(1)),
		ValidArgsFunction: completeVerb,
		RunE: func(cmd *cobra.Command, args []string) error {
			v, err := findVerb(args[0])
			if err != nil {
				return usageError{err}
			}
			order, err := readOrder(v, args[1:])
			if err != nil {
				return usageError{err}
			}
			c, err := newController(p, twitch)
			if err != nil {
				return err
			}
			answer, err := c.call(cmd.Context(), v.Method, v.Name, order)
			if err != nil {
				return seen(err)
			}
			return printAnswer(p, answer)
		},
	}
	emulatorFlag(cmd, &twitch)
	cmd.AddCommand(newEmulatorCtlList(p))
	return cmd
}

// findVerb returns a verb by its name.
func findVerb(name string) (emulator.Verb, error) {
	var names []string
	for _, v := range emulator.Verbs() {
		if v.Name == name {
			return v, nil
		}
		names = append(names, v.Name)
	}
	if near := closest(name, names); near != "" {
		return emulator.Verb{}, fmt.Errorf("there is no verb %q; did you mean this?\n  larkspur emulator ctl %s", printable(name), near)
	}
	return emulator.Verb{}, fmt.Errorf("there is no verb %q; to see all, run:\n  larkspur emulator ctl list", printable(name))
}

// seen turns the paths of the control API in an error into commands.
func seen(err error) error {
	text := strings.ReplaceAll(err.Error(), "GET /larkspur/", "larkspur emulator ctl ")
	return errors.New(text)
}

// printAnswer prints what the emulator answered, or that it is done.
func printAnswer(p Process, answer json.RawMessage) error {
	var nothing map[string]json.RawMessage
	if json.Unmarshal(answer, &nothing) == nil && len(nothing) == 0 {
		_, err := fmt.Fprintln(p.Stdout, "done")
		return err
	}
	return printJSON(p.Stdout, answer)
}

// completeVerb completes a verb, then the names of its fields.
func completeVerb(_ *cobra.Command, args []string, typed string) ([]cobra.Completion, cobra.ShellCompDirective) {
	var found []cobra.Completion
	if len(args) == 0 {
		for _, v := range emulator.Verbs() {
			if strings.HasPrefix(v.Name, typed) {
				found = append(found, cobra.CompletionWithDesc(v.Name, v.Text))
			}
		}
		return found, cobra.ShellCompDirectiveNoFileComp
	}
	v, err := findVerb(args[0])
	if err != nil {
		return nil, cobra.ShellCompDirectiveNoFileComp
	}
	if value, ok := strings.CutPrefix(typed, "type="); ok && v.Method == http.MethodPost {
		types, directive := completeType(nil, nil, value)
		for _, t := range types {
			found = append(found, "type="+t)
		}
		return found, directive
	}
	for _, f := range v.Fields {
		if strings.HasPrefix(f.Name, typed) {
			found = append(found, cobra.CompletionWithDesc(f.Name+"=", f.Type))
		}
	}
	return found, cobra.ShellCompDirectiveNoFileComp | cobra.ShellCompDirectiveNoSpace
}
