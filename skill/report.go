package skill

import (
	"log/slog"
	"time"
)

// Outcome is the result of a skill's reaction to an event.
type Outcome string

// The outcomes.
const (
	Done    Outcome = "done"    // the action was carried out
	Failed  Outcome = "failed"  // the action or an expression failed; see Err
	Denied  Outcome = "denied"  // allow or deny refused the user
	Cooling Outcome = "cooling" // the skill's cooldown is not over
	Usage   Outcome = "usage"   // the command has wrong arguments; Detail is its pattern
	Dropped Outcome = "dropped" // the [Executor] dropped the action; see Err
)

// A Report describes what a skill did or did not do, and why.
type Report struct {
	Skill    string
	Trigger  string // what triggered the skill: "channel.follow", "!title", "/spam/"
	User     string // login of the user who caused it, if known
	Outcome  Outcome
	Action   string // "say"; empty if no action was reached
	Detail   string // what was done: the text that was sent, the user who was banned
	Err      error  // why it failed
	Duration time.Duration
	Waited   time.Duration // from the event to the start of the action
}

// LogValue returns the report as attributes. Detail is left out, since it may contain
// text of viewers.
func (r Report) LogValue() slog.Value {
	attrs := []slog.Attr{
		slog.String("skill", r.Skill), slog.String("trigger", r.Trigger),
		slog.String("outcome", string(r.Outcome)), slog.Duration("duration", r.Duration),
	}
	if r.User != "" {
		attrs = append(attrs, slog.String("user", r.User))
	}
	if r.Action != "" {
		attrs = append(attrs, slog.String("action", r.Action))
	}
	if r.Err != nil {
		attrs = append(attrs, slog.Any("error", r.Err))
	}
	return slog.GroupValue(attrs...)
}
