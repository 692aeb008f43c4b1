package bench_test

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"strings"
	"testing"
)

// captured is real chat, which lies beside the repository where we have it and is
// read in place. written is ours, and much shorter.
const (
	captured = "../../shared/corpus/irc.txt"
	written  = "testdata/chat.txt"
)

// corpus returns lines of chat that both libraries understand and that ask for no
// answer: with one of the commands, or with any of those that go to channels.
func corpus(b *testing.B, commands ...string) []string {
	b.Helper()
	if len(commands) == 0 {
		commands = []string{"PRIVMSG", "USERNOTICE", "CLEARCHAT", "CLEARMSG"}
	}
	name := captured
	src, err := os.ReadFile(name)
	if errors.Is(err, fs.ErrNotExist) {
		name = written
		src, err = os.ReadFile(name)
	}
	if err != nil {
		b.Fatal(err)
	}
	var lines []string
	for line := range strings.Lines(string(src)) {
		line = strings.TrimRight(line, "\r\n")
		for _, command := range commands {
			if strings.Contains(line, "tmi.twitch.tv "+command+" #") {
				lines = append(lines, line)
			}
		}
	}
	note(fmt.Sprintf("chat: %s", name))
	return lines
}
