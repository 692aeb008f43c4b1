package cli

import (
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"github.com/larkspur-dev/larkspur/emulator"
)

func newEmulatorCtlList(p Process) *cobra.Command {
	var asJSON bool
	cmd := &cobra.Command{
		Use:   "list [VERB...]",
		Short: "Shows the verbs of ctl, or some of them with an example",
		Long: `Shows the verbs of ctl, or some of them with an example.

The values that a verb needs stand behind it, [...] if there are others: "list VERB" has
them all.`,
		Example: `  larkspur emulator ctl list
  larkspur emulator ctl list fail close-eventsub`,
		Args:              usageArgs(cobra.ArbitraryArgs),
		ValidArgsFunction: completeVerbs,
		RunE: func(_ *cobra.Command, names []string) error {
			chosen := emulator.Verbs()
			if len(names) > 0 {
				chosen = nil
			}
			for _, name := range names {
				v, err := findVerb(name)
				if err != nil {
					return usageError{err}
				}
				chosen = append(chosen, v)
			}
			switch {
			case asJSON:
				return printJSON(p.Stdout, listedVerbs(chosen))
			case len(names) > 0:
				return describeVerbs(p, chosen)
			}
			rows := [][]string{{"VERB", "VALUES", "WHAT HAPPENS"}}
			for _, v := range chosen {
				rows = append(rows, []string{v.Name, valuesText(v), strings.TrimSuffix(firstClause(v.Text), ".")})
			}
			return columns(p.Stdout, rows)
		},
	}
	jsonFlag(cmd, &asJSON)
	return cmd
}

// firstClause returns a sentence up to its first semicolon.
func firstClause(text string) string {
	first, _, _ := strings.Cut(text, ";")
	return first
}

// valuesText lists the values that a verb needs.
func valuesText(v emulator.Verb) string {
	var all []string
	more := false
	for _, f := range v.Fields {
		if f.Required {
			all = append(all, f.Name)
		} else {
			more = true
		}
	}
	if more {
		all = append(all, "[...]")
	}
	return strings.Join(all, " ")
}

// describeVerbs prints everything about some verbs.
func describeVerbs(p Process, chosen []emulator.Verb) error {
	for i, v := range chosen {
		if i > 0 {
			fmt.Fprintln(p.Stdout)
		}
		fmt.Fprintf(p.Stdout, "%s: %s\n", v.Name, v.Text)
		var rows [][]string
		for _, f := range v.Fields {
			need := "optional"
			if f.Required {
				need = "required"
			}
			rows = append(rows, []string{"  " + f.Name, f.Type, need})
		}
		if err := columns(p.Stdout, rows); err != nil {
			return err
		}
		fmt.Fprintf(p.Stdout, "Example:\n  %s\n", exampleOf(v))
	}
	return nil
}

// A listedVerb is a verb in the output of --json.
type listedVerb struct {
	Name    string        `json:"name"`
	Method  string        `json:"method"`
	Path    string        `json:"path"`
	Text    string        `json:"text"`
	Fields  []listedField `json:"fields"`
	Example string        `json:"example"`
}

type listedField struct {
	Name     string `json:"name"`
	Type     string `json:"type"`
	Required bool   `json:"required"`
}

func listedVerbs(chosen []emulator.Verb) []listedVerb {
	all := make([]listedVerb, 0, len(chosen))
	for _, v := range chosen {
		l := listedVerb{Name: v.Name, Method: v.Method, Path: "/larkspur/" + v.Name, Text: v.Text, Fields: []listedField{}, Example: exampleOf(v)}
		for _, f := range v.Fields {
			l.Fields = append(l.Fields, listedField(f))
		}
		all = append(all, l)
	}
	return all
}

// completeVerbs completes any number of verbs.
func completeVerbs(cmd *cobra.Command, _ []string, typed string) ([]cobra.Completion, cobra.ShellCompDirective) {
	return completeVerb(cmd, nil, typed)
}
