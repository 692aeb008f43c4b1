package cli

import (
	"cmp"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/larkspur-dev/larkspur/internal/config"
	"github.com/larkspur-dev/larkspur/skill"
)

func newConfigActions() *cobra.Command {
	var markdown bool
	cmd := &cobra.Command{
		Use:   "actions [ACTION]",
		Short: "Lists what skills can do, or explains an action",
		Args:  usageArgs(cobra.MaximumNArgs(1)),
		ValidArgsFunction: func(_ *cobra.Command, args []string, _ string) ([]string, cobra.ShellCompDirective) {
			if len(args) > 0 {
				return nil, cobra.ShellCompDirectiveNoFileComp
			}
			return actionNames(), cobra.ShellCompDirectiveNoFileComp
		},
		RunE: func(cmd *cobra.Command, args []string) error {
			out := cmd.OutOrStdout()
			if markdown {
				actionsPage(out)
				return nil
			}
			if len(args) == 0 {
				for _, a := range skill.Actions() {
					fmt.Fprintf(out, "%-18s %s\n", a.Name, a.About)
				}
				return nil
			}
			all := skill.Actions()
			i := slices.IndexFunc(all, func(a skill.ActionInfo) bool { return a.Name == args[0] })
			if i < 0 {
				return usageError{fmt.Errorf("there is no action %q%s", printable(args[0]), config.DidYouMean(args[0], actionNames()))}
			}
			explainAction(out, all[i])
			return nil
		},
	}
	cmd.Flags().BoolVar(&markdown, "markdown", false, "print the reference of all actions in Markdown")
	return cmd
}

func actionNames() []string {
	var names []string
	for _, a := range skill.Actions() {
		names = append(names, a.Name)
	}
	return names
}

// explainAction prints everything about an action.
func explainAction(out io.Writer, a skill.ActionInfo) {
	fmt.Fprintf(out, "%s\n\nFor example:\n  - %s: %s\n", a.About, a.Name, a.Example)
	if len(a.Fields) > 0 {
		fmt.Fprintln(out, "\nFields:")
	}
	for _, f := range a.Fields {
		name, typ := f.Name, f.Type
		if f.Alias != "" {
			name += " (or " + f.Alias + ")"
		}
		if len(f.Values) > 0 {
			typ = strings.Join(f.Values, ", ")
		}
		switch {
		case f.Default != "":
			typ += ", default: " + f.Default
		case f.Required:
			typ += ", needed"
		}
		fmt.Fprintf(out, "  %-22s %-34s %s\n", name, typ, f.About)
	}
	if a.Short != "" {
		fmt.Fprintf(out, "A value that is no mapping is %s.\n", a.Short)
	}
	if len(a.Outcome) > 0 {
		fmt.Fprintln(out, "\nLater actions of the skill can read:")
	}
	for _, attr := range a.Outcome {
		fmt.Fprintf(out, "  %-22s %-34s %s\n", a.Result+"."+attr.Name, cmp.Or(attr.Type, "text"), attr.About)
	}
}
