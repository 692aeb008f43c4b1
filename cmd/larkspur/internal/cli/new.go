package cli

import (
	"bufio"
	"cmp"
	"fmt"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"

	"github.com/larkspur-dev/larkspur/cmd/larkspur/internal/daemon"
	"github.com/larkspur-dev/larkspur/cmd/larkspur/internal/project"
)

// newFlags are the flags of `larkspur new`.
type newFlags struct {
	project project.Options
	source  string
	yes     bool
}

func newNew(p Process) *cobra.Command {
	var f newFlags
	cmd := &cobra.Command{
		Use:   "new DIR",
		Short: "Writes a Go project for a bot of your own",
		Long: `Writes a Go project for a bot of your own into the new directory DIR: a program with a
component and two commands, a test on the emulator, a Dockerfile and a README.

At a terminal it asks for what no flag says. Elsewhere, and with --yes, it takes the
defaults.

A build of larkspur that was not published cannot be downloaded by Go. Name the directory
of its source with --module; then go.mod has a replace line for it, and the project builds
without a network.`,
		Example: `  larkspur new mybot
  larkspur new mybot --path example.org/mybot --channel ada --yes
  larkspur new mybot --several --module ../larkspur`,
		Args: usageArgs(cobra.ExactArgs(1)),
		RunE: func(_ *cobra.Command, args []string) error {
			return f.write(p, args[0])
		},
	}
	flags := cmd.Flags()
	flags.StringVar(&f.project.Module, "path", "", "path of the Go module (default: the name of DIR)")
	flags.StringVar(&f.project.Channel, "channel", "", "login of the channel (default: that of the account that logs in)")
	flags.StringVar(&f.project.Prefix, "prefix", "", "what commands begin with (default: !)")
	flags.BoolVar(&f.project.Several, "several", false, "serve several channels, which are added while the bot runs")
	flags.StringVar(&f.source, "module", "", "directory of Larkspur's source, for a build that was not published")
	flags.BoolVarP(&f.yes, "yes", "y", false, "do not ask")
	return cmd
}

// write asks, and writes the project.
func (f *newFlags) write(p Process, dir string) error {
	o := &f.project
	base := filepath.Base(dir)
	if abs, err := filepath.Abs(dir); err == nil {
		base = filepath.Base(abs)
	}
	if !f.yes && isTerminal(p.Stdin) {
		if err := f.ask(p, base); err != nil {
			return err
		}
	}
	o.Module, o.Prefix = cmp.Or(o.Module, strings.ToLower(base)), cmp.Or(o.Prefix, "!")
	o.Channel = strings.ToLower(strings.TrimLeft(o.Channel, "#@"))
	o.Name = project.NameOf(o.Module)
	if f.source != "" {
		source, err := filepath.Abs(f.source)
		if err != nil {
			return err
		}
		o.Source = source
	} else if v := version(); project.IsPublished(v) {
		o.Version = v
	}
	files, err := project.Files(*o)
	if err != nil {
		return usageError{err}
	}
	if err := project.Write(dir, files); err != nil {
		return usageError{err}
	}
	next := "go test ./..."
	if o.Source == "" {
		next = "go mod tidy && " + next
	}
	fmt.Fprintf(p.Stdout, "The project is in %s. Test it, without a network or an account:\n  cd %s && %s\nIts README.md says how to run it.\n", dir, daemon.Quote(dir), next)
	return nil
}

// ask asks for what no flag says.
func (f *newFlags) ask(p Process, base string) error {
	in := bufio.NewReader(p.Stdin)
	question := func(text, usual string, value *string) error {
		if *value != "" {
			return nil
		}
		fmt.Fprintf(p.Stderr, "%s [%s]: ", text, usual)
		line, err := uninterruptible(p, func() (string, error) { return in.ReadString('\n') })
		if err != nil {
			fmt.Fprintln(p.Stderr)
			return errNotConfirmed
		}
		*value = strings.TrimSpace(line)
		return nil
	}
	several := ""
	if f.project.Several {
		several = "several"
	}
	if err := question("Path of the Go module", strings.ToLower(base), &f.project.Module); err != nil {
		return err
	}
	if err := question("One channel, or several", "one", &several); err != nil {
		return err
	}
	f.project.Several = strings.HasPrefix(strings.ToLower(several), "s")
	if !f.project.Several {
		if err := question("Login of the channel", "that of the account that logs in", &f.project.Channel); err != nil {
			return err
		}
	}
	return question("What commands begin with", "!", &f.project.Prefix)
}
