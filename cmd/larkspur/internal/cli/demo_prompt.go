package cli

import (
	"context"
	"io"
	"iter"
	"os"

	"golang.org/x/term"
)

// promptText stands before what a person types.
const promptText = demoPerson + ": "

// A prompt is the line of a terminal in which a person types while the crowd talks.
// Text that is written to it appears above that line, so that a half-typed line stays
// whole.
type prompt struct {
	*term.Terminal

	size          func() (columns, rows int) // nil: not known, 80 by 24
	columns, rows int                        // as last told to the terminal
	restore       func()                     // gives the terminal back as it was
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
			_ = p.SetSize(columns, rows) // fails with the screen only, as Write does
		}
	}
	return p.Terminal.Write(text)
}

// sitDown returns what is typed: at a prompt, where there can be one. Then stop is
// called when the person has had enough. leave gives the terminal back; it may be
// called again.
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

// lines reads what is typed until the person presses Ctrl-C or Ctrl-D, and calls
// stop then: in this mode the terminal makes no signal of it.
func (p *prompt) lines(ctx context.Context, stop func()) <-chan string {
	typed := make(chan string, 16) // for what is typed before the bot is there
	go func() {                    // ends with the terminal or a key, which nothing can interrupt
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
