package cli_test

import (
	"bytes"
	"context"
	"os"
	"strings"
	"testing"

	"github.com/larkspur-dev/larkspur/cmd/larkspur/internal/cli"
	"github.com/larkspur-dev/larkspur/emulator"
)

// Every command of the guide to chat works.
func TestChatGuideCommands(t *testing.T) {
	t.Parallel()
	text, err := os.ReadFile("../../../../docs/guides/chat-in-the-terminal.md")
	if err != nil {
		t.Fatal(err)
	}
	commands := 0
	for _, block := range shellBlock.FindAllStringSubmatch(string(text), -1) {
		for line := range strings.Lines(block[1]) {
			commands++
			t.Run(strings.TrimSpace(line), func(t *testing.T) { chatGuideCommand(t, strings.TrimSpace(line)) })
		}
	}
	if commands < 6 {
		t.Errorf("got %d commands in the guide, want more", commands)
	}
}

// chatGuideCommand runs a command until it is in chat, or has sent what is piped in.
func chatGuideCommand(t *testing.T, line string) {
	tw, state := emulator.Start(t, emulator.Channel("ada"), emulator.Channel("hedy"), emulator.NoLimits()), t.TempDir()
	storeLogin(t, tw, state, "larkbot", "chat:read", "user:write:chat")
	variables := map[string]string{
		"TWITCH_CLIENT_ID": tw.ClientID(), "TWITCH_CLIENT_SECRET": tw.ClientSecret(), "LARKSPUR_TWITCH": tw.URL(), "LARKSPUR_STATE": state,
	}
	input, rest, piped := strings.Cut(line, " | ")
	if !piped {
		input, rest = "", line
	}
	rest = strings.TrimSuffix(rest, " </dev/null")
	args := words(t, strings.ReplaceAll(rest, "chat.log", state+"/chat.log"))
	if piped {
		input = words(t, strings.TrimPrefix(input, "echo "))[0] + "\n"
	}
	if args[0] != "larkspur" {
		t.Fatalf("%q is no command of larkspur", line)
	}
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	var out bytes.Buffer
	errOut := &stopper{stop: cancel, at: "in the chat of ada"}
	if piped {
		errOut.at = "nothing"
	}
	code := cli.Main(ctx, cli.Process{
		Args: args[1:], Stdin: strings.NewReader(input), Stdout: &out, Stderr: errOut,
		Getenv: func(name string) (string, bool) { v, ok := variables[name]; return v, ok },
	})
	if code != 0 || (!piped && ctx.Err() == nil) {
		t.Errorf("got exit code %d, output %q and errors %q", code, out.String(), errOut.all.String())
	}
	if piped && !said(tw, "ada", "larkbot", strings.TrimSpace(input))() {
		t.Errorf("%q was not written; errors %q", input, errOut.all.String())
	}
}
