package cli

import (
	"errors"
	"fmt"
	"os"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/larkspur-dev/larkspur/cmd/larkspur/internal/daemon"
	"github.com/larkspur-dev/larkspur/examples/shelf"
	"github.com/larkspur-dev/larkspur/internal/config"
)

func newSkill(p Process) *cobra.Command {
	cmd := &cobra.Command{
		Use:   "skill",
		Short: "Lists skills to take, and adds them to a configuration",
		Example: `  larkspur skill list
  larkspur skill show quotes
  larkspur skill add quotes --config larkspur.yaml`,
		Args: noCommand,
		RunE: func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	cmd.AddCommand(
		&cobra.Command{
			Use: "list", Short: "Lists the skills to take", Args: usageArgs(cobra.NoArgs),
			RunE: func(*cobra.Command, []string) error {
				for _, name := range shelfNames() {
					about, _, err := shelfSkill(name)
					if err != nil {
						return err
					}
					fmt.Fprintf(p.Stdout, "%-16s %s\n", name, about)
				}
				return nil
			},
		},
		&cobra.Command{
			Use: "show NAME", Short: "Prints a skill", Args: usageArgs(cobra.ExactArgs(1)), ValidArgsFunction: completeShelf,
			RunE: func(_ *cobra.Command, args []string) error {
				about, body, err := shelfSkill(args[0])
				if err != nil {
					return err
				}
				fmt.Fprintf(p.Stdout, "# %s\nskills:\n%s", about, body)
				return nil
			},
		},
		newSkillAdd(p),
	)
	return cmd
}

func newSkillAdd(p Process) *cobra.Command {
	var file string
	cmd := &cobra.Command{
		Use:   "add NAME",
		Short: "Adds a skill to a configuration",
		Long: `Adds a skill to a configuration, at the end of skills:. Everything else in the file stays as
it is. If the result had a mistake, nothing is written.`,
		Args:              usageArgs(cobra.ExactArgs(1)),
		ValidArgsFunction: completeShelf,
		RunE: func(cmd *cobra.Command, args []string) error {
			about, body, err := shelfSkill(args[0])
			if err != nil {
				return err
			}
			old, err := readFile(p, file)
			if err != nil {
				return usageError{err}
			}
			src, err := insertSkill(string(old), about, body)
			if err != nil {
				return usageError{fmt.Errorf("%s: %w", file, err)}
			}
			if _, err := daemon.Load(file, []byte(src), daemon.LoadOptions{LookupEnv: p.Getenv}); err != nil {
				return usageError{fmt.Errorf("%w\nNothing was written; larkspur skill show %s prints the skill", err, args[0])}
			}
			info, err := os.Stat(file)
			if err != nil {
				return err
			}
			if err := os.WriteFile(file, []byte(src), info.Mode().Perm()); err != nil {
				return err
			}
			fmt.Fprintf(p.Stdout, "%s has the skill now; larkspur config check %s lists what it needs\n", file, daemon.Quote(file))
			return cmd.Context().Err()
		},
	}
	cmd.Flags().StringVar(&file, "config", "larkspur.yaml", "the configuration")
	return cmd
}

// shelfNames returns the names of the skills to take.
func shelfNames() []string {
	entries, err := shelf.Files.ReadDir(".")
	if err != nil {
		return nil // cannot be: it is part of the program
	}
	var names []string
	for _, e := range entries {
		names = append(names, strings.TrimSuffix(e.Name(), ".yaml"))
	}
	return names
}

// shelfSkill returns a skill: a sentence about it, and what stands below skills:.
func shelfSkill(name string) (about, body string, err error) {
	if !slices.Contains(shelfNames(), name) {
		return "", "", usageError{fmt.Errorf("there is no skill %q%s", printable(name), config.DidYouMean(name, shelfNames()))}
	}
	src, err := shelf.Files.ReadFile(name + ".yaml")
	if err != nil {
		return "", "", err
	}
	head, body, _ := strings.Cut(string(src), "skills:\n")
	return strings.TrimSpace(strings.TrimPrefix(head, "#")), body, nil
}

func completeShelf(_ *cobra.Command, args []string, _ string) ([]string, cobra.ShellCompDirective) {
	if len(args) > 0 {
		return nil, cobra.ShellCompDirectiveNoFileComp
	}
	return shelfNames(), cobra.ShellCompDirectiveNoFileComp
}

// insertSkill inserts a skill at the end of skills: in a configuration.
func insertSkill(src, about, body string) (string, error) {
	lines := strings.SplitAfter(src, "\n")
	begin := slices.IndexFunc(lines, func(l string) bool { return strings.HasPrefix(l, "skills:") })
	if begin < 0 {
		return strings.TrimRight(src, "\n") + "\n\nskills:\n  # " + about + "\n" + body, nil
	}
	if rest := strings.TrimSpace(strings.TrimPrefix(lines[begin], "skills:")); rest != "" && !strings.HasPrefix(rest, "#") {
		return "", errors.New("skills: stands on one line; put each skill on lines of its own first")
	}
	indent, end := "", begin+1
	for i, l := range lines[begin+1:] {
		trimmed := strings.TrimSpace(l)
		if trimmed == "" || strings.HasPrefix(trimmed, "#") {
			continue
		}
		spaces := l[:len(l)-len(strings.TrimLeft(l, " "))]
		if spaces == "" {
			break // the next key of the file
		}
		if indent == "" {
			indent = spaces
		}
		end = begin + i + 2
	}
	if indent == "" {
		indent = "  "
	}
	var text strings.Builder
	if before := strings.Join(lines[:end], ""); before != "" && !strings.HasSuffix(before, "\n") {
		text.WriteString("\n")
	}
	text.WriteString("\n" + indent + "# " + about + "\n")
	for l := range strings.Lines(body) {
		text.WriteString(indent + strings.TrimPrefix(l, "  "))
	}
	return strings.Join(lines[:end], "") + text.String() + strings.Join(lines[end:], ""), nil
}
