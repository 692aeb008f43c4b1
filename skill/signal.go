package skill

import (
	"context"
	"errors"
)

// Join runs the skills that a user joining the chat triggers.
func (e *Engine) Join(ctx context.Context, m Membership) error {
	return e.membership(ctx, signalJoin, m)
}

// Part runs the skills that a user leaving the chat triggers.
func (e *Engine) Part(ctx context.Context, m Membership) error {
	return e.membership(ctx, signalPart, m)
}

func (e *Engine) membership(ctx context.Context, kind string, m Membership) error {
	return e.signal(ctx, kind, chatter{login: m.UserLogin}, map[string]any{
		"user": m.UserLogin, "user_id": "", "target": "#" + m.BroadcasterLogin,
		"connector": "twitch", "event_id": "", "raw_event": m.Raw,
	})
}

// Start runs the skills with on: start. Call it once the bot can act.
func (e *Engine) Start(ctx context.Context) error { return e.bot(ctx, signalStart) }

// Stop runs the skills with on: stop. Call it while the bot can still act.
func (e *Engine) Stop(ctx context.Context) error { return e.bot(ctx, signalStop) }

func (e *Engine) bot(ctx context.Context, kind string) error {
	return e.signal(ctx, kind, chatter{}, map[string]any{"name": kind})
}

// signal runs the skills that a signal triggers.
func (e *Engine) signal(ctx context.Context, kind string, who chatter, fields map[string]any) error {
	var errs []error
	for _, r := range e.set.rules {
		for _, t := range r.triggers {
			if t.signal != kind {
				continue
			}
			c := e.call(r, t.name, fields, t.shape)
			c.chatter = who
			_, err := e.react(ctx, c)
			errs = append(errs, err)
		}
	}
	return errors.Join(errs...)
}
