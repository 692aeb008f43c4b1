package skill

import (
	"log/slog"
	"time"
)

// Outcome says how a [Report] came about.
type Outcome string

// The outcomes of a skill's reaction to an event.
const (
	Done    Outcome = "done"    // the action was carried out
	Failed  Outcome = "failed"  // the action or an expression failed; see Err
	Denied  Outcome = "denied"  // allow or deny refused the user
	Cooling Outcome = "cooling" // the skill's cooldown is not over
	Usage   Outcome = "usage"   // the command was called wrongly; Detail says how it goes
	Dropped Outcome = "dropped" // the [Executor] gave the action up; see Err
)

// A Report says what a skill did, or did not do, and why.
type Report struct {
	Skill    string
	Trigger  string // what set the skill off: "channel.follow", "!title", "/spam/"
	User     string // login of who caused it, where known
	Outcome  Outcome
	Action   string // "say"; empty where none was reached
	Detail   string // what was done, in words: the text said, who was banned
	Err      error  // why it failed
	Duration time.Duration
	Waited   time.Duration // from the event to the beginning of the action
}

// LogValue returns the report's parts as attributes, without Detail, which may
// hold what viewers wrote.
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
