package cli

import (
	"io"
	"sync"
	"time"
)

// A chatOutput prints events to standard output and to the log.
type chatOutput struct {
	json    bool
	raws    bool // raw lines are printed, no events
	painter *chatPainter
	plain   *chatPainter // of the log
	width   func() int   // columns of the terminal; nil: do not wrap
	clean   bool         // raw lines go to a terminal
	log     *chatLog     // nil: none
	failed  func(error)  // standard output cannot be written

	mu sync.Mutex
	w  io.Writer // guarded by mu
}

func newChatOutput(p Process, f *chatFlags, several func() bool) *chatOutput {
	return &chatOutput{
		json: f.json, raws: f.raw, w: p.Stdout, width: columnsOf(p.Stdout), clean: isTerminal(p.Stdout),
		painter: &chatPainter{depth: depthOf(p, f), layout: time.TimeOnly, several: several},
		plain:   &chatPainter{layout: time.DateTime, several: func() bool { return true }},
	}
}

// to sends further output to another writer.
func (o *chatOutput) to(w io.Writer) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.w = w
}

// event prints an event.
func (o *chatOutput) event(e *chatEvent) {
	if o.json {
		if line, err := jsonLine(e); err == nil { // it has nothing that cannot be JSON
			o.print(line, line)
		}
		return
	}
	text := o.painter.line(e)
	if text == "" {
		return
	}
	if o.width != nil {
		text = wrap(text, o.width())
	}
	o.print([]byte(text+"\n"), []byte(o.plain.line(e)+"\n"))
}

// connection writes a change of the connection to the log, and prints it as JSON; as text the
// user is told on standard error.
func (o *chatOutput) connection(e *chatEvent) {
	if o.raws {
		return
	}
	if o.json {
		o.event(e)
		return
	}
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.log != nil {
		o.log.write([]byte(o.plain.line(e) + "\n"))
	}
}

// raw prints a line of IRC.
func (o *chatOutput) raw(line string) {
	shown := line
	if o.clean {
		shown = visibleLine(line)
	}
	o.print([]byte(shown+"\n"), []byte(escapeRaw(line)+"\n"))
}

// print writes a line in the forms for standard output and for the log.
func (o *chatOutput) print(shown, logged []byte) {
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.log != nil {
		o.log.write(logged)
	}
	if _, err := o.w.Write(shown); err != nil {
		o.failed(err)
	}
}
