package cli

import (
	"encoding/json"
	"fmt"
	"io"
	"strings"
	"sync"
	"time"
	"unicode"
)

// An entry is one thing that happened: a line of text, or a JSON object.
type entry struct {
	AtMS  int64  `json:"at_ms"`           // since the process started
	Kind  string `json:"kind"`            // chat, event, action, note, warning
	Who   string `json:"who,omitempty"`   // who said or did it
	What  string `json:"what,omitempty"`  // event type or action
	Skill string `json:"skill,omitempty"` // the skill that acted
	Why   string `json:"why,omitempty"`   // the trigger of the skill
	Text  string `json:"text,omitempty"`
	Error string `json:"error,omitempty"`

	command string // solves a problem when typed; on a line of its own
}

// A display prints entries in the order in which they come, one at a time.
type display struct {
	started time.Time
	json    bool
	clock   bool // lines begin with the time of day, else with the time since started
	color   bool

	width func() int // columns of the terminal; 0: do not wrap

	mu     sync.Mutex
	w      io.Writer // guarded by mu
	counts map[string]int
	recent map[string]*repeats // guarded by mu; problems of the last minute, by their text
}

func newDisplay(w io.Writer, started time.Time, asJSON, color bool) *display {
	return &display{w: w, started: started, json: asJSON, color: color, counts: map[string]int{}, recent: map[string]*repeats{}}
}

func (d *display) show(e entry) {
	e.AtMS = time.Since(d.started).Milliseconds()
	d.mu.Lock()
	defer d.mu.Unlock()
	d.counts[e.Kind]++
	if d.json {
		_ = json.NewEncoder(d.w).Encode(e)
		return
	}
	if isProblem(e) {
		d.problem(e)
		return
	}
	d.print(e)
}

// print prints an entry as text. d.mu must be held.
func (d *display) print(e entry) {
	fmt.Fprintln(d.w, wrap(d.line(e), d.columns()))
	if e.command != "" {
		fmt.Fprintln(d.w, strings.Repeat(" ", indent)+"  "+printable(e.command)) // not wrapped, so that it can be copied
	}
}

// to sends further entries to another writer.
func (d *display) to(w io.Writer) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.w = w
}

func (d *display) columns() int {
	if d.width == nil {
		return 0
	}
	return d.width()
}

// gap prints an empty line, except in JSON.
func (d *display) gap() {
	d.mu.Lock()
	defer d.mu.Unlock()
	if !d.json {
		fmt.Fprintln(d.w)
	}
}

// object prints any value as one JSON object, after all entries so far.
func (d *display) object(v any) {
	d.mu.Lock()
	defer d.mu.Unlock()
	_ = json.NewEncoder(d.w).Encode(v)
}

// count returns how many entries of a kind were shown.
func (d *display) count(kind string) int {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.counts[kind]
}

// Colours of the terminal, by what an entry is.
const (
	dim     = "2"
	yellow  = "33"
	green   = "32"
	red     = "31"
	magenta = "35"
)

func (d *display) line(e entry) string {
	at := d.paint(dim, d.at(e.AtMS))
	switch e.Kind {
	case "chat":
		return fmt.Sprintf("%s  %s %s", at, d.paint(nameColor(e.Who), printable(e.Who)+":"), printable(e.Text))
	case "event":
		return fmt.Sprintf("%s  %s %s", at, d.paint(magenta, "* "+e.What), printable(e.Text))
	case "action":
		if isProblem(e) {
			return fmt.Sprintf("%s  %s %s", at, d.paint(red, "! "+problemText(e)), d.paint(dim, "("+e.Skill+")"))
		}
		text := d.paint(green, fmt.Sprintf("> %s: %s", e.What, printable(e.Text)))
		return fmt.Sprintf("%s  %s %s", at, text, d.paint(dim, "("+e.Skill+", because of "+printable(e.Why)+")"))
	case "warning":
		return fmt.Sprintf("%s  %s", at, d.paint(red, "! "+printable(e.Text)))
	default:
		return fmt.Sprintf("%s  %s", at, d.paint(yellow, printable(e.Text)))
	}
}

// at returns the time at the beginning of a line.
func (d *display) at(ms int64) string {
	if d.clock {
		return d.started.Add(time.Duration(ms) * time.Millisecond).Format(time.TimeOnly)
	}
	return fmt.Sprintf("%7.2fs", float64(ms)/1000)
}

func (d *display) paint(code, text string) string {
	if !d.color {
		return text
	}
	return "\x1b[" + code + "m" + text + "\x1b[0m"
}

// nameColor returns one of the terminal's six colours, always the same for a name.
func nameColor(name string) string {
	sum := 0
	for _, r := range name {
		sum += int(r)
	}
	return fmt.Sprintf("1;3%d", 1+sum%6)
}

// printable drops control characters, so that chat cannot control the terminal.
func printable(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsControl(r) {
			return -1
		}
		return r
	}, s)
}
