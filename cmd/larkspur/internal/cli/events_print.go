package cli

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/larkspur-dev/larkspur/eventsub"
)

// An eventPrinter prints events as lines of text or of JSON.
type eventPrinter struct {
	json    bool
	display *display // formats lines of text
	several bool     // several channels are followed: each line names its channel
	limit   int      // how many events to print; 0: all
	enough  func()   // called when they are printed
	failed  func(error)
	wants   func(t eventsub.Type, condition map[string]string) bool

	mu      sync.Mutex
	w       io.Writer // guarded by mu
	printed int       // guarded by mu; gaps do not count
}

func newEventPrinter(p Process, f *followFlags, plan *followPlan) *eventPrinter {
	d := newDisplay(p.Stdout, p.Started, f.json, isTerminal(p.Stdout) && wantColor(p))
	d.width = columnsOf(p.Stdout)
	return &eventPrinter{w: p.Stdout, json: f.json, display: d, several: len(plan.channels) > 1, limit: f.count, wants: plan.wants}
}

// A printedEvent is the JSON form of an event.
type printedEvent struct {
	Type    string          `json:"type"`
	Version string          `json:"version"`
	Meta    printedMeta     `json:"meta"`
	Event   json.RawMessage `json:"event"`
}

// A printedMeta is the JSON form of [eventsub.Meta].
type printedMeta struct {
	MessageID    string                 `json:"message_id"`
	Timestamp    time.Time              `json:"timestamp"`
	Retry        int                    `json:"retry"`
	Late         bool                   `json:"late"`
	Recovered    bool                   `json:"recovered"`
	Source       string                 `json:"source,omitzero"`
	Subscription *eventsub.Subscription `json:"subscription,omitempty"`
}

// event prints a notification. It is a handler of a Mux.
func (e *eventPrinter) event(_ context.Context, n eventsub.Notification) error {
	gap := n.Type == eventsub.GapType
	if sub := n.Meta.Subscription; sub.ID != "" && !e.wants(n.Type, sub.Condition) {
		return nil // a shared conduit delivers what other processes want, too
	}
	line, err := e.line(n)
	if err != nil {
		return err
	}
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.limit > 0 && e.printed == e.limit {
		return nil
	}
	if _, err := e.w.Write(line); err != nil {
		e.failed(err)
		return err
	}
	if gap {
		return nil
	}
	if e.printed++; e.printed == e.limit {
		e.enough()
	}
	return nil
}

// count returns how many events were printed.
func (e *eventPrinter) count() int {
	e.mu.Lock()
	defer e.mu.Unlock()
	return e.printed
}

// line formats a notification as one line.
func (e *eventPrinter) line(n eventsub.Notification) ([]byte, error) {
	if !e.json {
		return []byte(wrap(e.text(n), e.display.columns()) + "\n"), nil
	}
	printed := printedEvent{Type: n.Type.Name, Version: n.Type.Version, Event: n.Event, Meta: printedMeta{
		MessageID: n.Meta.MessageID, Timestamp: n.Meta.Timestamp, Retry: n.Meta.Retry,
		Late: n.Meta.Late, Recovered: n.Meta.Recovered, Source: n.Meta.Source,
	}}
	if n.Meta.Subscription.ID != "" {
		printed.Meta.Subscription = &n.Meta.Subscription
	}
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(printed); err != nil {
		return nil, err
	}
	return escapeControls(b.Bytes()), nil
}

// escapeControls escapes the control characters that JSON allows in texts: a terminal
// could take U+009B for the start of a command. Outside of texts JSON has none.
func escapeControls(line []byte) []byte {
	isControl := func(r rune) bool { return r >= 0x7f && r <= 0x9f }
	if !bytes.ContainsFunc(line, isControl) {
		return line
	}
	var b bytes.Buffer
	for _, r := range string(line) {
		if isControl(r) {
			fmt.Fprintf(&b, `\u%04x`, r)
		} else {
			b.WriteRune(r)
		}
	}
	return b.Bytes()
}

// text describes a notification: "20:15:31  * channel.follow Grace follows".
func (e *eventPrinter) text(n eventsub.Notification) string {
	d := e.display
	at := d.paint(dim, n.Meta.Timestamp.Local().Format(time.TimeOnly))
	if n.Type == eventsub.GapType {
		var gap eventsub.Gap
		if json.Unmarshal(n.Event, &gap) == nil {
			return at + "  " + d.paint(red, "! "+gapText(gap))
		}
	}
	text := sentence(n.Type.Name, n.Event)
	if e.several {
		if name := broadcasterIn(n.Event); name != "" {
			text = "[" + name + "] " + text
		}
	}
	var marks []string
	if n.Meta.Late {
		marks = append(marks, "late")
	}
	if n.Meta.Recovered {
		marks = append(marks, "recovered")
	}
	if len(marks) > 0 {
		text += " " + d.paint(dim, "("+strings.Join(marks, ", ")+")")
	}
	return fmt.Sprintf("%s  %s %s", at, d.paint(magenta, "* "+printable(n.Type.Name)), text)
}

// broadcasterIn returns the name of the channel that an event is about.
func broadcasterIn(event json.RawMessage) string {
	var fields map[string]any
	if json.Unmarshal(event, &fields) != nil {
		return ""
	}
	name, _ := valueOf("broadcaster_user_name|broadcaster_name|to_broadcaster_user_name", fields)
	return oneLine(name)
}

// gapText describes a gap.
func gapText(g eventsub.Gap) string {
	text := fmt.Sprintf("events may be missing from %s to %s: %s", g.From.Local().Format(time.TimeOnly), g.To.Local().Format(time.TimeOnly), oneLine(g.Reason))
	if names := namesOf(g.Lost); names != "" {
		text += "; types: " + names
	}
	if g.Dropped > 0 {
		text += fmt.Sprintf("; %s dropped", number(g.Dropped, "event"))
	}
	return text
}

// namesOf lists types by name, and no more than fit into a line or two.
func namesOf(types []eventsub.Type) string {
	const most = 8
	var names []string
	for _, t := range types {
		names = append(names, printable(t.Name))
	}
	slices.Sort(names)
	names = slices.Compact(names)
	if more := len(names) - most; more > 1 {
		names = append(names[:most], fmt.Sprintf("and %d more", more))
	}
	return strings.Join(names, ", ")
}
