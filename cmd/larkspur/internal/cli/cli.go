// Package cli is the command line of larkspur: one file per subcommand.
//
// [Main] is the whole program except for the process around it, so that tests can run
// it without starting a process. Exit codes: 0 success, 1 a failure while running, 2 a
// mistake in the command line or the configuration; then nothing was started.
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

	atExit  *cleanups       // what Main closes before it returns
	stopped <-chan struct{} // closed when the program is told to stop; nil: never
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

// A usageError is a mistake in the command line or the configuration: exit code 2.
type usageError struct{ err error }

func (e usageError) Error() string { return e.err.Error() }
func (e usageError) Unwrap() error { return e.err }

// Main runs the command line and returns the exit code. It returns at most two seconds
// after ctx ends, unless a token is being renewed: that is finished first.
func Main(ctx context.Context, p Process) int {
	p.atExit, p.stopped = &cleanups{}, ctx.Done()
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
	var showVersion bool
	root := &cobra.Command{
		Use:   "larkspur",
		Short: "Runs a Twitch bot from a YAML file, and emulates Twitch on localhost",
		Long: `Larkspur runs a Twitch bot from a YAML file, and emulates Twitch on localhost.

  larkspur demo               watch a bot at work, without Twitch or an account
  larkspur config new         write a configuration
  larkspur config check       find the mistakes in a configuration
  larkspur login              log the bot's accounts in to Twitch
  larkspur doctor             find out why a bot does not work
  larkspur run                run the bot
  larkspur events             follow events live
  larkspur chat               read and write chat in the terminal
  larkspur emulator           Twitch on localhost, for tests in any language
  larkspur skill              skills to take, for a configuration
  larkspur memory             show and change what skills remember
  larkspur new                a Go project for a bot of your own

The configuration is larkspur.yaml in the current directory, unless a command names
another file.`,
		SilenceUsage:  true,
		SilenceErrors: true,
		Args:          noCommand,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if showVersion {
				return printVersion(cmd.OutOrStdout())
			}
			return cmd.Help()
		},
	}
	root.Flags().BoolVar(&showVersion, "version", false, "print the version")
	root.SetArgs(p.Args)
	root.SetIn(p.Stdin)
	root.SetOut(p.Stdout)
	root.SetErr(p.Stderr)
	root.SetFlagErrorFunc(flagError)
	for _, command := range commands {
		root.AddCommand(command(p))
	}
	describeCompletion(root)
	return root
}

// describeCompletion describes the commands that cobra adds as the others are described.
func describeCompletion(root *cobra.Command) {
	root.InitDefaultCompletionCmd()
	for _, c := range root.Commands() {
		if c.Name() != "completion" {
			continue
		}
		c.Short = "Prints the completion script of a shell"
		for _, shell := range c.Commands() {
			shell.Short = "Prints the completion script of " + shell.Name()
		}
	}
}

// commands is every subcommand, in the order of the help.
var commands = []func(Process) *cobra.Command{newDemo, newRun, newConfig, newEmulator, newAPI, newEvents, newChat, newSubscriptions, newConduit, newDoctor, newLogin, newLogout, newToken, newNew, newMemoryCommand, newSkill, newVersion}
