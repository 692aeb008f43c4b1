package cli

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"iter"
	"strconv"
	"strings"
	"time"

	"github.com/larkspur-dev/larkspur/emulator"
	"github.com/larkspur-dev/larkspur/internal/retry"
)

var errSilentBot = errors.New("the bot wrote nothing during the demo; see the notes above, or run it longer with --for")

// typingPace is the time between two lines that come from a file.
const typingPace = 300 * time.Millisecond

// A person is the user, who types while the demo runs.
type person struct {
	tw      *emulator.Server
	display *display
	pace    time.Duration // between lines; 0 at a terminal
}

// typed passes lines to the person, from the time the bot is ready until the lines or
// ctx end.
func typed(ctx context.Context, lines iter.Seq[string], ready <-chan struct{}, p *person) {
	select {
	case <-ready:
	case <-ctx.Done():
		return
	}
	for line := range lines {
		if ctx.Err() != nil {
			return
		}
		p.line(strings.TrimSpace(line))
		if err := retry.Sleep(ctx, p.pace); err != nil {
			return
		}
	}
}

// linesOf yields the lines of a file, or of a terminal that echoes what is typed. Nil
// has no lines.
func linesOf(in io.Reader) iter.Seq[string] {
	return func(yield func(string) bool) {
		if in == nil {
			return
		}
		for lines := bufio.NewScanner(in); lines.Scan(); {
			if !yield(lines.Text()) {
				return
			}
		}
	}
}

// received yields the lines of a channel.
func received(lines <-chan string) iter.Seq[string] {
	return func(yield func(string) bool) {
		for line := range lines {
			if !yield(line) {
				return
			}
		}
	}
}

// line carries out a typed line: a command, or else chat.
func (p *person) line(text string) {
	if text == "" {
		return
	}
	if !strings.HasPrefix(text, "/") {
		p.tw.Say(demoChannel, demoPerson, text)
		return
	}
	words := strings.Fields(text)
	if words[0] == "/help" {
		p.help()
		return
	}
	for _, c := range demoCommands {
		if c.name != words[0] {
			continue
		}
		if err := c.do(p, words[1:]); err != nil {
			p.tell(c.name + ": " + err.Error())
		}
		return
	}
	p.tell("unknown command " + words[0] + "; /help lists them")
}

func (p *person) tell(text string) { p.display.show(entry{Kind: "note", Text: text}) }

// A demoCommand is a command that causes an event.
type demoCommand struct {
	name, args, help string
	do               func(p *person, args []string) error
}

// demoCommands are all commands, in the order of /help.
var demoCommands = []demoCommand{
	{"/follow", "NAME", "a viewer follows", func(p *person, args []string) error {
		p.tw.Follow(demoChannel, name(args, "ada"))
		return nil
	}},
	{"/sub", "NAME", "a viewer subscribes", func(p *person, args []string) error {
		p.tw.Subscribe(demoChannel, name(args, "ada"), "1000")
		return nil
	}},
	{"/gift", "NAME", "a viewer gives a subscription", func(p *person, args []string) error {
		p.tw.Gift(demoChannel, name(args, "ada"), "lucky_viewer_"+strconv.FormatInt(time.Now().Unix(), 36))
		return nil
	}},
	{"/raid", "VIEWERS", "another channel raids", func(p *person, args []string) error {
		viewers := 42
		if len(args) > 0 {
			n, err := strconv.Atoi(args[0])
			if err != nil || n < 1 || n > 1_000_000 {
				return fmt.Errorf("%q is not a number of viewers; try /raid 42", args[0])
			}
			viewers = n
		}
		p.tw.Raid("ada", demoChannel, viewers)
		return nil
	}},
	{"/spam", "NAME", "a spammer advertises followers", func(p *person, args []string) error {
		p.tw.Advertise(demoChannel, name(args, "best_viewers"))
		return nil
	}},
	{"/offline", "", "the stream ends", func(p *person, _ []string) error {
		p.tw.GoOffline(demoChannel)
		return nil
	}},
	{"/live", "", "the stream starts", func(p *person, _ []string) error {
		p.tw.GoLive(demoChannel)
		return nil
	}},
}

// name returns the first argument as a login.
func name(args []string, otherwise string) string {
	if len(args) == 0 {
		return otherwise
	}
	return strings.ToLower(strings.TrimPrefix(args[0], "@"))
}

// help lists the commands.
func (p *person) help() {
	p.tell("what you type is chat, as " + demoPerson + ", a moderator; try !hello or !title Chess")
	for _, c := range demoCommands {
		p.tell(fmt.Sprintf("%-17s %s", c.name+" "+c.args, c.help))
	}
}
