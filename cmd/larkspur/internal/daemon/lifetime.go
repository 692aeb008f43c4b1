package daemon

import (
	"context"
	"time"

	"github.com/larkspur-dev/larkspur/skill"
)

// runSkills runs the skills for the start of the bot once it is ready, and then the timers,
// until ctx ends.
func runSkills(ctx context.Context, engine *skill.Engine, ready <-chan struct{}) error {
	select {
	case <-ready:
	case <-ctx.Done():
		return ctx.Err()
	}
	_ = engine.Start(ctx) // reported
	return engine.Run(ctx)
}

// lastWords is how long the skills may take to act at the end of the bot.
const lastWords = time.Second

// stopSkills waits until ctx ends, and runs the skills for the end of the bot while it can
// still act. It returns early when running ends.
func stopSkills(ctx, running context.Context, cfg *Config, engine *skill.Engine, actions *queues) {
	select {
	case <-running.Done():
		return
	case <-ctx.Done():
	}
	if !cfg.Skills.Needs().Stop {
		return
	}
	_ = engine.Stop(running) // reported
	wait, cancel := context.WithTimeout(running, lastWords)
	defer cancel()
	actions.waitIdle(wait)
}
