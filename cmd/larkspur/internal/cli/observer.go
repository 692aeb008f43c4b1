package cli

import (
	"context"
	"errors"
	"log/slog"
	"slices"

	"github.com/larkspur-dev/larkspur/chat"
	"github.com/larkspur-dev/larkspur/cmd/larkspur/internal/daemon"
	"github.com/larkspur-dev/larkspur/eventsub"
	"github.com/larkspur-dev/larkspur/skill"
)

// twice are the events that repeat what the display already shows.
var twice = []string{"channel.chat.message"}

// observer shows what a bot sees and does, and why. With quiet it shows neither chat
// nor events.
func (d *display) observer(quiet bool) daemon.Observer {
	o := daemon.Observer{Did: d.did, Note: d.note, Warning: d.warning}
	if !quiet {
		o.Chat, o.Event = d.message, d.event
	}
	return o
}

func (d *display) message(m *chat.Message) {
	d.show(entry{Kind: "chat", Who: m.Chatter.Name, Text: m.Text})
}

func (d *display) event(n eventsub.Notification) {
	if !slices.Contains(twice, n.Type.Name) {
		d.show(entry{Kind: "event", What: n.Type.Name, Text: summarize(n.Event)})
	}
}

// did shows an outcome. Dropped actions are announced with their count.
func (d *display) did(r skillReport) {
	if r.Outcome == skill.Dropped {
		return
	}
	e := entry{Kind: "action", What: r.Action, Skill: r.Skill, Why: because(r), Text: r.Detail}
	if r.Action == "" {
		e.What = string(r.Outcome)
	}
	if r.Outcome == skill.Denied {
		e.Who, e.Text = r.User, r.Trigger
	}
	if r.Err != nil {
		e.Error = r.Err.Error()
		if f, ok := errors.AsType[*daemon.ActionError](r.Err); ok {
			e.Error, e.command = f.Reason, f.Command
		}
	}
	d.show(e)
}

func (d *display) note(text string) { d.show(entry{Kind: "note", Text: text}) }

func (d *display) warning(text string) { d.show(entry{Kind: "warning", Text: text}) }

// because describes the trigger of a skill.
func because(r skillReport) string {
	if r.User == "" {
		return r.Trigger
	}
	return r.Trigger + " by " + r.User
}

// logObserver logs what a bot sees and does. What viewers write is logged at the level
// debug only. With quiet, neither events nor what went well are logged.
func logObserver(ctx context.Context, log *slog.Logger, quiet bool) daemon.Observer {
	did := slog.LevelInfo
	if quiet {
		did = slog.LevelDebug
	}
	o := daemon.Observer{Did: func(r skillReport) {
		switch {
		case r.Outcome == skill.Dropped:
			log.DebugContext(ctx, "skill", "report", r) // the announcer reports the count
		case r.Err != nil:
			log.WarnContext(ctx, "skill failed", "report", r)
		default:
			log.Log(ctx, did, "skill", "report", r)
		}
	}}
	if !quiet {
		o.Chat = func(m *chat.Message) {
			log.DebugContext(ctx, "chat", "user", m.Chatter.Login, "broadcaster", m.Broadcaster.Login, "text", m.Text)
		}
		o.Event = func(n eventsub.Notification) {
			attrs := []any{"type", n.Type.Name, "version", n.Type.Version, "message_id", n.Meta.MessageID}
			if n.Meta.Recovered {
				attrs = append(attrs, "recovered", n.Meta.Source)
			}
			if log.Enabled(ctx, slog.LevelDebug) {
				attrs = append(attrs, "body", string(n.Event))
			}
			log.InfoContext(ctx, "event", attrs...)
		}
	}
	return o
}
