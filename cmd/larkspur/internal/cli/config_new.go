package cli

import (
	"bufio"
	"cmp"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"strings"

	"github.com/spf13/cobra"

	"github.com/larkspur-dev/larkspur/cmd/larkspur/internal/daemon"
)

// usualSkills are what config new takes if nobody says otherwise.
const usualSkills = "thank-follows,quotes,eight-ball"

func newConfigNew(p Process) *cobra.Command {
	var channel, bot, skills string
	var yes bool
	cmd := &cobra.Command{
		Use:   "new [FILE]",
		Short: "Writes a working configuration with comments",
		Long: `Writes a working configuration with comments to FILE, larkspur.yaml unless it is given. The
file must not exist yet.

At a terminal it asks for what no flag says. Elsewhere, and with --yes, --channel is needed.
larkspur skill list lists the skills that --skills can name.`,
		Example: `  larkspur config new
  larkspur config new --channel ada --skills quotes,timer,points --yes`,
		Args: usageArgs(cobra.MaximumNArgs(1)),
		RunE: func(_ *cobra.Command, args []string) error {
			file := "larkspur.yaml"
			if len(args) > 0 {
				file = args[0]
			}
			if _, err := os.Stat(file); !errors.Is(err, fs.ErrNotExist) {
				return usageError{fmt.Errorf("%s exists already; name another file", file)}
			}
			if !yes && isTerminal(p.Stdin) {
				if err := askConfig(p, &channel, &bot, &skills); err != nil {
					return err
				}
			}
			src, err := configSource(channel, bot, cmp.Or(skills, usualSkills))
			if err != nil {
				return usageError{err}
			}
			known := func(string) (string, bool) { return "x", true } // what the variables contain does not matter yet
			if _, err := daemon.Load(file, []byte(src), daemon.LoadOptions{LookupEnv: known}); err != nil {
				return usageError{fmt.Errorf("%w\nNothing was written; leave the skill out and add it later with larkspur skill add", err)}
			}
			if err := writeNew(file, []byte(src)); err != nil {
				return err
			}
			fmt.Fprintf(p.Stdout, `%[1]s is written. What is next:
  1. register an application at https://dev.twitch.tv/console, and set its id and secret:
     export TWITCH_CLIENT_ID=… TWITCH_CLIENT_SECRET=…
  2. larkspur login --config %[2]s
  3. larkspur run %[2]s
`, file, daemon.Quote(file))
			return nil
		},
	}
	flags := cmd.Flags()
	flags.StringVar(&channel, "channel", "", "login of the channel")
	flags.StringVar(&bot, "bot-name", "", "login of the bot's account (default: the channel's own)")
	flags.StringVar(&skills, "skills", "", "skills to take, with commas (default: "+usualSkills+")")
	flags.BoolVarP(&yes, "yes", "y", false, "do not ask")
	return cmd
}

// askConfig asks for what no flag says.
func askConfig(p Process, channel, bot, skills *string) error {
	in := bufio.NewReader(p.Stdin)
	for _, q := range []struct {
		text, usual string
		value       *string
	}{
		{"Login of the channel", "", channel},
		{"Login of the bot's account, if it has one of its own", "the channel's", bot},
		{"Skills to take (larkspur skill list lists them)", usualSkills, skills},
	} {
		if *q.value != "" {
			continue
		}
		fmt.Fprint(p.Stderr, q.text)
		if q.usual != "" {
			fmt.Fprintf(p.Stderr, " [%s]", q.usual)
		}
		fmt.Fprint(p.Stderr, ": ")
		line, err := uninterruptible(p, func() (string, error) { return in.ReadString('\n') })
		if err != nil {
			fmt.Fprintln(p.Stderr)
			return errNotConfirmed
		}
		*q.value = strings.TrimSpace(line)
	}
	return nil
}

// configSource returns a configuration.
func configSource(channel, bot, skills string) (string, error) {
	if channel == "" {
		return "", errors.New("which channel? name it with --channel LOGIN")
	}
	channel, err := channelArg(channel)
	if err != nil {
		return "", err
	}
	var b strings.Builder
	b.WriteString(`# A bot for Twitch. larkspur config check finds mistakes, larkspur run runs it.
connectors:
  twitch:
    client-id: ${TWITCH_CLIENT_ID}
    client-secret: ${TWITCH_CLIENT_SECRET}
    channel: ` + channel + "\n")
	if bot != "" {
		if bot, err = channelArg(bot); err != nil {
			return "", err
		}
		b.WriteString("    bot-name: " + bot + "   # the account that speaks; it should be moderator of the channel\n")
	}
	b.WriteString(`    always-listening: true   # false: only while the stream is live
  # Another chat that skills can send to, by the name team:
  # team: {url: "discord://TOKEN@WEBHOOK_ID"}

# What the bot does. larkspur skill list lists more, docs/guides/skills.md explains how to
# write your own.
skills:
`)
	for i, name := range strings.Split(skills, ",") {
		about, body, err := shelfSkill(strings.TrimSpace(name))
		if err != nil {
			return "", err
		}
		if i > 0 {
			b.WriteString("\n")
		}
		b.WriteString("  # " + about + "\n" + body)
	}
	return b.String(), nil
}
