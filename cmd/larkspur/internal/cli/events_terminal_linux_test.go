package cli_test

import (
	"strings"
	"testing"

	"github.com/larkspur-dev/larkspur/cmd/larkspur/internal/cli"
	"github.com/larkspur-dev/larkspur/emulator"
	"github.com/larkspur-dev/larkspur/helix"
)

// at runs the program at the terminal, with the application of an emulator. Standard
// output is the terminal itself.
func (tt *terminal) at(tw *emulator.Server, state string, args ...string) <-chan int {
	variables := map[string]string{
		"TWITCH_CLIENT_ID": tw.ClientID(), "TWITCH_CLIENT_SECRET": tw.ClientSecret(), "LARKSPUR_TWITCH": tw.URL(), "LARKSPUR_STATE": state,
	}
	code := make(chan int, 1)
	go func() {
		code <- cli.Main(tt.t.Context(), cli.Process{
			Args: args, Stdin: tt.program, Stdout: tt.program, Stderr: tt,
			Getenv: func(name string) (string, bool) { v, ok := variables[name]; return v, ok },
		})
	}()
	return code
}

// A command that deletes asks at a terminal, and does nothing without a yes.
func TestConfirmAtTerminal(t *testing.T) {
	t.Parallel()
	tw, state := emulator.Start(t, emulator.NoLimits()), t.TempDir()
	client := helix.New(tw.ClientID(), helix.StaticToken("", tw.AppToken()), helix.Options{BaseURL: tw.HelixURL()})
	conduit, err := client.Conduits.Create(t.Context(), helix.CreateConduitsParams{ShardCount: 1})
	if err != nil {
		t.Fatal(err)
	}
	tt := openTerminal(t)
	for i, c := range []struct {
		typed string
		code  int
		left  int
	}{{"\n", 1, 1}, {"n\n", 1, 1}, {"\x04", 1, 1}, {"Yes\n", 0, 0}} {
		code := tt.at(tw, state, "conduit", "delete", conduit.ID)
		tt.until("the question", func() bool { return strings.Count(tt.screen(), "subscriptions? [y/N] ") == i+1 })
		if _, err := tt.person.WriteString(c.typed); err != nil {
			t.Fatal(err)
		}
		if got := <-code; got != c.code {
			t.Errorf("%q: got exit code %d, want %d\n%s", c.typed, got, c.code, tt.screen())
		}
		all, err := client.Conduits.Get(t.Context())
		if err != nil || len(all) != c.left {
			t.Errorf("%q: got %v (%v), want %d conduits", c.typed, all, err, c.left)
		}
	}
	if screen := tt.screen(); strings.Count(screen, "not confirmed; nothing was changed") != 3 {
		t.Errorf("got %s", screen)
	}
}

// At a terminal, an event is a line of text.
func TestEventsAtTerminal(t *testing.T) {
	t.Parallel()
	tw, tt := emulator.Start(t, emulator.Channel("ada"), emulator.NoLimits()), openTerminal(t)
	code := tt.at(tw, t.TempDir(), "events", "stream.online", "--channel", "ada", "--conduit", "--count", "1")
	tt.until("subscribed", func() bool { return strings.Contains(tt.screen(), "subscribed to stream.online in the channel ada") })
	tw.GoLive("ada")
	if got := <-code; got != 0 {
		t.Errorf("got exit code %d\n%s", got, tt.screen())
	}
	tt.until("the event", func() bool { return strings.Contains(tt.screen(), "* stream.online\x1b[0m the stream begins") })
}
