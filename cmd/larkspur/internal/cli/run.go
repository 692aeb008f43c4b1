package cli

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"
	"golang.org/x/term"

	"github.com/larkspur-dev/larkspur/cmd/larkspur/internal/daemon"
	"github.com/larkspur-dev/larkspur/internal/config"
	"github.com/larkspur-dev/larkspur/oauth"
)

func newRun(p Process) *cobra.Command {
	var f appFlags
	var logs logFlags
	var quiet bool
	var share bool
	cmd := &cobra.Command{
		Use:   "run [FILE]",
		Short: "Runs the bot of a configuration until Ctrl-C",
		Long: `Runs the bot of a configuration until Ctrl-C.

The configuration is checked first; with any mistake nothing is started and the
exit code is 2. Tokens are kept in the state directory, so that an authorization
code is needed once only. When Twitch cannot be reached, the bot waits and says so.

On a terminal it shows chat, events, and what the bot does and why; --quiet leaves
chat and events out. Elsewhere it writes a log to standard error, one JSON object
per line: errors are texts, durations are seconds. What viewers write is logged
with --log-level debug only. SIGTERM and Ctrl-C stop it; SIGHUP changes nothing.

FILE is larkspur.yaml unless it is given. With --twitch the bot talks to an emulator
instead: see "larkspur emulator".`,
		Example: `  larkspur run larkspur.yaml
  larkspur run larkspur.yaml --twitch http://127.0.0.1:8080 --state bot-state`,
		Args: usageArgs(cobra.MaximumNArgs(1)),
		RunE: func(cmd *cobra.Command, args []string) error {
			log, observer, err := newOutput(cmd.Context(), p, logs, quiet)
			if err != nil {
				return err
			}
			if f.config, err = configArg(cmd, args); err != nil {
				return err
			}
			cfg, err := loadConfig(p, f.config)
			if err != nil {
				return err
			}
			o := daemon.Options{Logger: log, Observer: observer, LoginFlags: f.again()}
			twitch := f.twitch
			if twitch == "" {
				twitch = env(p, "LARKSPUR_TWITCH")
			}
			if twitch != "" {
				if o.Addresses, err = daemon.EmulatorAddresses(twitch); err != nil {
					return usageError{err}
				}
			}
			tokens, err := findVault(p, f.storeFlags, cfg)
			if err != nil {
				return err
			}
			tokens.say = func(text string) {
				if observer.Note != nil {
					observer.Note(text)
				} else {
					log.InfoContext(cmd.Context(), "note", "text", text)
				}
			}
			if err := tokens.openAsking(cmd.Context()); err != nil {
				return err
			}
			if _, plain := tokens.get(); plain {
				log.WarnContext(cmd.Context(), "the stored tokens are not encrypted", "file", tokens.path, "run", f.command("larkspur token seal"))
			}
			unlock, err := lockRun(tokens.dir(), f.config, share)
			if err != nil {
				return err
			}
			defer unlock()
			if !share { // bots that share a directory would take each other's events for their own
				if o.Stores, err = tokens.events(cmd.Context()); err != nil {
					return err
				}
			}
			if o.Memory, err = tokens.memory(cmd.Context()); err != nil {
				return err
			}
			manager := oauth.NewManager(cfg.Twitch.ClientID, string(cfg.Twitch.ClientSecret), tokens, oauth.Options{})
			for _, file := range foreignTokens(cmd.Context(), cfg, manager, f) {
				log.WarnContext(cmd.Context(), "found tokens of another program", "file", file.path, "program", file.program, "run", file.command)
			}
			o.Tokens = tokens
			stop := noteHangups(observer.Note, log)
			defer stop()
			return daemon.Run(cmd.Context(), cfg, o)
		},
	}
	f.register(p, cmd, false)
	cmd.Flags().BoolVar(&share, "share-state", false, "run although another bot runs on the same state directory")
	cmd.Flags().BoolVarP(&quiet, "quiet", "q", false, "show what the bot does and what goes wrong, but not chat and events")
	cmd.Flags().StringVar(&logs.level, "log-level", "", "debug, info, warn or error; default: warn on a terminal, else info")
	cmd.Flags().StringVar(&logs.format, "log-format", "", "text or json; default: text on a terminal, else json")
	return cmd
}

// loadConfig reads a configuration; any mistake in it is a usage error.
func loadConfig(p Process, file string) (*daemon.Config, error) {
	cfg, err := uninterruptible(p, func() (*daemon.Config, error) { // the file may be a pipe
		return daemon.LoadFile(file, daemon.LoadOptions{LookupEnv: p.Getenv})
	})
	if err != nil {
		return nil, usageError{err}
	}
	return cfg, nil
}

var _ error = config.Problems(nil) // what LoadFile returns prints one mistake per line

// stateDir returns the directory for the program's state, and creates it.
func stateDir(p Process, flag string) (string, error) {
	dir := flag
	if dir == "" {
		dir = env(p, "LARKSPUR_STATE")
	}
	if dir == "" {
		base := env(p, "XDG_STATE_HOME")
		if base == "" {
			home, err := os.UserHomeDir()
			if err != nil {
				return "", fmt.Errorf("where to keep tokens is not known: %w; name a directory with --state", err)
			}
			base = filepath.Join(home, ".local", "state")
		}
		dir = filepath.Join(base, "larkspur")
	}
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return "", fmt.Errorf("state directory: %w", err)
	}
	return dir, nil
}

func env(p Process, name string) string {
	value, _ := p.Getenv(name)
	return strings.TrimSpace(value)
}

// isTerminal reports whether f is a terminal.
func isTerminal(f any) bool {
	file, ok := f.(*os.File)
	return ok && term.IsTerminal(int(file.Fd()))
}

func wantColor(p Process) bool { return env(p, "NO_COLOR") == "" && env(p, "TERM") != "dumb" }
