package cli

import (
	"context"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/lmittmann/tint"
	"github.com/spf13/cobra"
	"golang.org/x/term"

	"github.com/larkspur-dev/larkspur/cmd/larkspur/internal/daemon"
	"github.com/larkspur-dev/larkspur/internal/config"
)

func newRun(p Process) *cobra.Command {
	var f appFlags
	var level string
	var share bool
	cmd := &cobra.Command{
		Use:   "run [FILE]",
		Short: "Runs the bot of a configuration until Ctrl-C",
		Long: `Runs the bot of a configuration until Ctrl-C.

The configuration is checked first; with any mistake nothing is started and the
exit code is 2. Tokens are kept in the state directory, so that an authorization
code is needed once only. When Twitch cannot be reached, the bot waits and says so.

FILE is larkspur.yaml unless it is given. With --twitch the bot talks to an emulator instead: see "larkspur emulator".`,
		Example: `  larkspur run larkspur.yaml
  larkspur run larkspur.yaml --twitch http://127.0.0.1:8080 --state bot-state`,
		Args: usageArgs(cobra.MaximumNArgs(1)),
		RunE: func(cmd *cobra.Command, args []string) error {
			log, err := newLogger(p, level)
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
			o := daemon.Options{Logger: log, Observer: logDeeds(cmd.Context(), log), LoginFlags: f.again()}
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
			tokens.say = func(text string) { log.InfoContext(cmd.Context(), text) }
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
			o.Tokens = tokens
			return daemon.Run(cmd.Context(), cfg, o)
		},
	}
	f.register(p, cmd, false)
	cmd.Flags().BoolVar(&share, "share-state", false, "run although another bot runs on the same state directory")
	cmd.Flags().StringVar(&level, "log-level", "info", "debug, info, warn or error")
	return cmd
}

// loadConfig reads a configuration; any mistake in it is a usage error.
func loadConfig(p Process, file string) (*daemon.Config, error) {
	cfg, err := daemon.LoadFile(file, daemon.LoadOptions{LookupEnv: p.Getenv})
	if err != nil {
		return nil, usageError{err}
	}
	return cfg, nil
}

var _ error = config.Problems(nil) // what LoadFile returns prints one mistake per line

// logDeeds logs what skills did.
func logDeeds(ctx context.Context, log *slog.Logger) daemon.Observer {
	return daemon.Observer{Did: func(r skillReport) {
		if r.Err != nil {
			log.WarnContext(ctx, "skill failed", "report", r)
			return
		}
		log.InfoContext(ctx, "skill", "report", r)
	}}
}

// newLogger logs to standard error: in colour for people, as JSON otherwise.
func newLogger(p Process, level string) (*slog.Logger, error) {
	var l slog.Level
	if err := l.UnmarshalText([]byte(level)); err != nil {
		return nil, usageError{fmt.Errorf("unknown log level %q; want debug, info, warn or error", level)}
	}
	if isTerminal(p.Stderr) {
		return slog.New(tint.NewTextHandler(p.Stderr, &tint.Options{Level: l, TimeFormat: time.TimeOnly, NoColor: !wantColor(p)})), nil
	}
	return slog.New(slog.NewJSONHandler(p.Stderr, &slog.HandlerOptions{Level: l})), nil
}

// stateDir returns the directory for what the program must remember, and makes it.
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

// isTerminal reports whether f is a person's terminal.
func isTerminal(f any) bool {
	file, ok := f.(*os.File)
	return ok && term.IsTerminal(int(file.Fd()))
}

func wantColor(p Process) bool { return env(p, "NO_COLOR") == "" && env(p, "TERM") != "dumb" }
