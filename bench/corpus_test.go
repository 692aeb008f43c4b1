package bench_test

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"strings"
	"testing"
)

// captured is recorded chat outside the repository, which may be absent. written is part
// of the repository, and much shorter.
const (
	captured = "../../shared/corpus/irc.txt"
	written  = "testdata/chat.txt"
)

// corpus returns lines of chat that both libraries support and that need no reply. If
// commands are given, it returns only their lines, else all lines that go to channels.
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
