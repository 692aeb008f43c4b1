package cli

import (
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"
)

// chatFlags are the flags of `larkspur chat`.
type chatFlags struct {
	app       appFlags
	as        string
	anonymous bool
	json, raw bool
	noColor   bool
	length    time.Duration
	log       string
	logSize   int // MB
	logFiles  int
}

// Defaults of the log file.
const (
	defaultLogSize  = 10 // MB
	defaultLogFiles = 30
)

func newChat(p Process) *cobra.Command {
	var f chatFlags
	cmd := &cobra.Command{
		Use:   "chat CHANNEL…",
		Short: "Reads and writes chat in the terminal",
		Long: `Reads and writes chat in the terminal. It shows what is written from now on, and stays
connected until Ctrl-C, --for, or the end of the messages on standard input.

CHANNEL is a login. What you type is sent to the first channel; /channel switches to
another, /reply answers somebody, and moderators have /ban, /timeout, /delete and others:
/help lists them. The tab key completes names and commands. Twitch's reason is shown if it
does not accept a message.

If standard input is not a terminal, each of its lines is sent as a message, never as a
command, and the program ends after the last. It goes on reading if there is no line.

The account is the one that has logged in, unless --as names another. It needs the scope
chat:read, and user:write:chat (or chat:edit) to write. --anonymous reads without a login.

--json prints an object for each message, notice and act of moderation; --raw prints the
lines of IRC as they arrive, at a terminal without control characters. Everything about the
connection goes to standard error. --log also writes a file, without colours. It begins a
new one each day, and when it has --log-size; the last --log-files are kept, named by day.

Exit codes: 0 ended by Ctrl-C, --for, or after all messages were accepted, 1 a message was
not accepted, or chat cannot be read, 2 the command line is wrong; then nothing was sent.`,
		Example: `  larkspur chat ada
  larkspur chat ada grace --as larkbot
  larkspur chat ada --anonymous --log chat.log
  larkspur chat ada --json --for 10m
  echo 'The stream begins in five minutes' | larkspur chat ada`,
		Args:              usageArgs(cobra.MinimumNArgs(1)),
		ValidArgsFunction: completeLogin(p),
		RunE: func(cmd *cobra.Command, args []string) error {
			if err := f.check(cmd); err != nil {
				return usageError{err}
			}
			channels, err := channelArgs(args)
			if err != nil {
				return usageError{err}
			}
			return openAndChat(cmd.Context(), p, &f, channels)
		},
	}
	flags := cmd.Flags()
	flags.StringVar(&f.as, "as", "", "login or id of the account that reads and writes (default: the only one)")
	flags.BoolVar(&f.anonymous, "anonymous", false, "read without an account; nothing can be written")
	flags.BoolVar(&f.json, "json", false, "print JSON lines")
	flags.BoolVar(&f.raw, "raw", false, "print the lines of IRC as they arrive")
	flags.BoolVar(&f.noColor, "no-color", false, "print text without colours (or NO_COLOR); default unless a terminal shows it")
	flags.DurationVar(&f.length, "for", 0, "end after this long")
	flags.StringVar(&f.log, "log", "", "also write to this file")
	flags.IntVar(&f.logSize, "log-size", defaultLogSize, "with --log: MB after which a new file begins")
	flags.IntVar(&f.logFiles, "log-files", defaultLogFiles, "with --log: how many files are kept")
	f.app.register(p, cmd, true)
	complete(cmd, "as", completeLogin(p))
	return cmd
}

// check finds mistakes before anything is sent.
func (f *chatFlags) check(cmd *cobra.Command) error {
	changed := cmd.Flags().Changed
	switch {
	case f.json && f.raw:
		return errors.New("--json and --raw exclude each other")
	case f.anonymous && f.as != "":
		return errors.New("--anonymous and --as exclude each other")
	case changed("for") && f.length <= 0:
		return fmt.Errorf("--for %s: want a duration above zero, such as 30s", f.length)
	case f.log == "" && (changed("log-size") || changed("log-files")):
		return errors.New("--log-size and --log-files need --log")
	case f.logSize < 1 || f.logSize > 100_000:
		return errors.New("--log-size: want a number of MB above zero")
	case f.logFiles < 1 || f.logFiles > 10_000:
		return errors.New("--log-files: want a number from 1 to 10000")
	}
	return nil
}

var channelName = regexp.MustCompile(`^[a-z0-9_]{1,25}$`)

// channelArg returns the login that names a channel: "#Ada" is ada.
func channelArg(text string) (string, error) {
	login := strings.ToLower(strings.TrimLeft(text, "#@"))
	if !channelName.MatchString(login) {
		return "", fmt.Errorf("%q is not a channel: a login has at most 25 letters, digits and underscores", cut(text, maxName))
	}
	return login, nil
}

func channelArgs(args []string) (logins []string, err error) {
	for _, arg := range args {
		login, err := channelArg(arg)
		if err != nil {
			return nil, err
		}
		if !slices.Contains(logins, login) {
			logins = append(logins, login)
		}
	}
	return logins, nil
}
