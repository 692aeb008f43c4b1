package cli

import (
	"context"
	"errors"
	"io"
	"iter"
	"os"

	"golang.org/x/term"
)

// promptText is printed before the line that the user types.
const promptText = demoPerson + ": "

// A prompt is the line of a terminal in which the user types while the crowd chats.
// Text written to it appears above that line, so that a half-typed line is not torn.
type prompt struct {
	*term.Terminal

	size          func() (columns, rows int) // nil: not known, 80 by 24
	columns, rows int                        // the size that was last set
	restore       func()                     // restores the mode of the terminal
}

func newPrompt(keyboard io.Reader, screen io.Writer) *prompt {
	both := struct {
		io.Reader
		io.Writer
	}{keyboard, screen}
	return &prompt{Terminal: term.NewTerminal(both, promptText), restore: func() {}}
}

// openPrompt takes over the terminal. It returns nil if there is none, or if it cannot
// move the cursor; then the terminal echoes what is typed.
func openPrompt(p Process) *prompt {
	in, isFile := p.Stdin.(*os.File)
	out, alsoFile := p.Stdout.(*os.File)
	if !isFile || !alsoFile || !isTerminal(in) || !isTerminal(out) || env(p, "TERM") == "dumb" {
		return nil
	}
	before, err := term.MakeRaw(int(in.Fd()))
	if err != nil {
		return nil
	}
	pr := newPrompt(in, out)
	pr.restore = func() { _ = term.Restore(int(in.Fd()), before) }
	pr.size = func() (columns, rows int) {
		columns, rows, err := term.GetSize(int(out.Fd()))
		if err != nil {
			return 0, 0
		}
		return columns, rows
	}
	return pr
}

// Write shows text above the line that is typed.
func (p *prompt) Write(text []byte) (int, error) {
	if p.size != nil {
		if columns, rows := p.size(); columns > 0 && (columns != p.columns || rows != p.rows) {
			p.columns, p.rows = columns, rows
			_ = p.SetSize(columns, rows) // fails only if the screen fails, as Write does
		}
	}
	return p.Terminal.Write(text)
}

// sitDown returns the lines that the user types, at a prompt if the terminal supports
// one. With a prompt, stop is called when the user presses Ctrl-C or Ctrl-D. leave
// restores the terminal; it may be called more than once.
func sitDown(ctx context.Context, p Process, d *display, stop func()) (lines iter.Seq[string], leave func()) {
	if d.json {
		return linesOf(p.Stdin), func() {}
	}
	at := openPrompt(p)
	if at == nil {
		return linesOf(p.Stdin), func() {}
	}
	d.to(at)
	return received(at.lines(ctx, stop)), func() {
		d.to(p.Stdout)
		at.restore()
	}
}

// errKeyPressed is why a program ends at a terminal that sends no signal for Ctrl-C.
var errKeyPressed = errors.New("Ctrl-C or Ctrl-D was pressed")

// lines reads lines until the user presses Ctrl-C or Ctrl-D, and then calls stop: in
// this mode the terminal sends no signal for Ctrl-C.
func (p *prompt) lines(ctx context.Context, stop func()) <-chan string {
	typed := make(chan string, 16) // buffers lines typed before the bot is ready
	go func() {                    // ends with the terminal or a key; reading cannot be interrupted
		defer close(typed)
		for {
			line, err := p.ReadLine()
			if err != nil {
				p.restore() // a second Ctrl-C is a signal again
				stop()
				return
			}
			select {
			case typed <- line:
			case <-ctx.Done():
				return
			}
		}
	}()
	return typed
}
