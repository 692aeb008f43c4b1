// Package cli is the command line of larkspur: one file per subcommand.
//
// [Main] is the whole program but for the process around it, so that tests run
// it without starting one. Exit codes: 0 done, 1 it failed while running, 2 the
// command line or the configuration is wrong and nothing was started.
package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"time"

	"github.com/spf13/cobra"
)

// A Process is what the program gets from the operating system.
type Process struct {
	Args           []string // without the program's name
	Stdin          io.Reader
	Stdout, Stderr io.Writer
	Getenv         func(string) (string, bool)
	Started        time.Time // when the process started; the demo measures from here

	atExit *cleanups // what Main closes before it returns
}

// cleanups are functions to call at the end, the last first. A nil one drops what is
// added.
type cleanups struct{ list []func() }

func (c *cleanups) add(f func()) {
	if c != nil {
		c.list = append(c.list, f)
	}
}

func (c *cleanups) run() {
	for _, f := range slices.Backward(c.list) {
		f()
	}
}

// Exit codes.
const (
	exitOK     = 0
	exitFailed = 1
	exitUsage  = 2
)

// A usageError is a mistake of the person who typed: exit code 2.
type usageError struct{ err error }

func (e usageError) Error() string { return e.err.Error() }
func (e usageError) Unwrap() error { return e.err }

// Main runs the command line and returns the exit code. It returns within two
// seconds after ctx ended, unless a token is being renewed: that is finished first.
func Main(ctx context.Context, p Process) int {
	p.atExit = &cleanups{}
	defer p.atExit.run()
	root := newRoot(p)
	err := root.ExecuteContext(ctx)
	if err == nil || (errors.Is(err, context.Canceled) && ctx.Err() != nil) {
		return exitOK
	}
	fmt.Fprintf(p.Stderr, "%v\n", err)
	if command := hint(err); command != "" {
		fmt.Fprintf(p.Stderr, "  %s\n", command)
	}
	if _, ok := errors.AsType[usageError](err); ok {
		return exitUsage
	}
	return exitFailed
}

func newRoot(p Process) *cobra.Command {
	root := &cobra.Command{
		Use:   "larkspur",
		Short: "Runs a Twitch bot from a YAML file, and emulates Twitch on localhost",
		Long: `Larkspur runs a Twitch bot from a YAML file, and emulates Twitch on localhost.

  larkspur demo                   see a bot at work, without Twitch or an account
  larkspur config check FILE      find the mistakes in a configuration
  larkspur login --config FILE    log the bot's accounts in to Twitch
  larkspur doctor FILE            find out why a bot does not work
  larkspur run FILE               run the bot
  larkspur emulator               Twitch on localhost, for tests in any language`,
		SilenceUsage:  true,
		SilenceErrors: true,
		Args:          usageArgs(cobra.NoArgs),
		RunE:          func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	root.SetArgs(p.Args)
	root.SetIn(p.Stdin)
	root.SetOut(p.Stdout)
	root.SetErr(p.Stderr)
	root.SetFlagErrorFunc(func(cmd *cobra.Command, err error) error {
		return usageError{fmt.Errorf("%w; see: %s --help", err, cmd.CommandPath())}
	})
	for _, command := range commands {
		root.AddCommand(command(p))
	}
	return root
}

// commands is every subcommand, in the order of the help.
var commands = []func(Process) *cobra.Command{newDemo, newRun, newConfig, newEmulator, newAPI, newDoctor, newLogin, newLogout, newToken, newVersion}

// usageArgs makes a mistake in the arguments a usage error. One that is missing is
// named as the help names it.
func usageArgs(check cobra.PositionalArgs) cobra.PositionalArgs {
	return func(cmd *cobra.Command, args []string) error {
		if err := check(cmd, args); err != nil {
			if len(args) == 0 {
				err = fmt.Errorf("something is missing; want: %s %s", cmd.Parent().CommandPath(), cmd.Use)
			}
			return usageError{fmt.Errorf("%w; see: %s --help", err, cmd.CommandPath())}
		}
		return nil
	}
}
