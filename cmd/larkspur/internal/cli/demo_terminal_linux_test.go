package cli_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"github.com/larkspur-dev/larkspur/cmd/larkspur/internal/cli"
)

// demo runs the demo at the terminal until it ends.
func (tt *terminal) demo(ctx context.Context, term string, args ...string) <-chan int {
	code := make(chan int, 1)
	go func() {
		code <- cli.Main(ctx, cli.Process{
			Args: append([]string{"demo", "--pace", "50ms"}, args...), Stdin: tt.program, Stdout: tt.program, Stderr: tt,
			Getenv: func(name string) (string, bool) { return term, name == "TERM" }, Started: time.Now(),
		})
	}()
	return code
}

func (tt *terminal) types(keys string) {
	tt.t.Helper()
	if _, err := tt.person.WriteString(keys); err != nil {
		tt.t.Fatal(err)
	}
}

func (tt *terminal) ends(code <-chan int) {
	tt.t.Helper()
	select {
	case got := <-code:
		if got != 0 {
			tt.t.Errorf("got exit code %d, want 0; the screen:\n%s", got, tt.screen())
		}
	case <-time.After(patience):
		tt.t.Fatalf("no end; the screen:\n%s", tt.screen())
	}
}

// What is half typed is drawn again below what the crowd says, Ctrl-C ends the demo
// with its summary, and the terminal is as it was.
func TestDemoAtTerminal(t *testing.T) {
	tt := openTerminal(t)
	code := tt.demo(t.Context(), "xterm")
	tt.until("the prompt", func() bool { return strings.Contains(tt.screen(), "you: ") && !tt.echoes() })
	tt.types("good evening, every")
	before := len(tt.screen())
	tt.until("the crowd talking around a half typed line", func() bool {
		return strings.Count(tt.screen()[before:], "good evening, every") >= 3
	})
	tt.types("body\r")
	tt.until("the whole line in chat", func() bool { return strings.Contains(tt.screen(), "good evening, everybody\r\n") })
	tt.until("the bot", func() bool { return strings.Contains(tt.screen(), "larkspur_bot:") })
	tt.types("half\x03")
	tt.ends(code)
	if !tt.echoes() {
		t.Error("the terminal does not show what is typed")
	}
	tt.until("the summary", func() bool { return strings.Contains(tt.screen(), "first reply") })
}

func TestDemoAtTerminalIsStoppedFromOutside(t *testing.T) {
	tt := openTerminal(t)
	ctx, cancel := context.WithCancel(t.Context())
	code := tt.demo(ctx, "xterm")
	tt.until("the bot", func() bool { return strings.Contains(tt.screen(), "larkspur_bot:") })
	cancel()
	tt.ends(code)
	if !tt.echoes() {
		t.Error("the terminal does not show what is typed")
	}
	tt.types("\r") // ends the reading
}

// A terminal that can only print gets no prompt, and neither does JSON.
func TestDemoWithoutPrompt(t *testing.T) {
	for _, row := range [][]string{{"dumb"}, {"xterm", "--json"}} {
		tt := openTerminal(t)
		ctx, cancel := context.WithCancel(t.Context())
		code := tt.demo(ctx, row[0], row[1:]...)
		tt.until("the bot", func() bool { return strings.Count(tt.screen(), "larkspur_bot") >= 2 })
		if !tt.echoes() {
			t.Errorf("%v: the terminal does not show what is typed", row)
		}
		tt.types("hello from here\n")
		tt.until("chat", func() bool { return strings.Count(tt.screen(), "hello from here") >= 2 }) // echoed and said
		tt.until("the bot's word", func() bool {
			return strings.Contains(tt.screen(), "larkspur_bot:") || strings.Contains(tt.screen(), `"who":"larkspur_bot","text"`)
		})
		cancel()
		tt.ends(code)
		if strings.Contains(tt.screen(), "you: \x1b") {
			t.Errorf("%v: got a prompt:\n%s", row, tt.screen())
		}
		tt.types("\n")
	}
}
