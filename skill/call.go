package skill

import (
	"context"
	"errors"
	"fmt"
	"runtime/debug"
	"slices"
	"sync"
	"time"

	"github.com/larkspur-dev/larkspur/skill/internal/expr"
)

var errNoObject = errors.New("event: not an object")

// A call is one reaction of one rule to one event.
type call struct {
	engine    *Engine
	rule      *rule
	trigger   string
	fields    map[string]any // of the event
	chatter   chatter
	people    map[string]string // names in the event, in small letters, to ids
	messageID string
	usage     string         // how the command goes, where it was called wrongly
	values    map[string]any // what the matcher found
	event     *expr.Record
	env       *expr.Env // what expressions know
	prepare   func(context.Context) error
	channel   *expr.Lazy

	loadChannel func() (*expr.Record, error)
	acts        int // of a script so far
}

// call begins a reaction.
func (e *Engine) call(r *rule, trigger string, fields map[string]any, s *expr.Shape) *call {
	c := &call{engine: e, rule: r, trigger: trigger, fields: fields}
	c.people = people(fields)
	c.event = expr.NewRecord(fields, s)
	c.channel = expr.NewLazy(channelShape, func() (*expr.Record, error) { return c.loadChannel() })
	c.env = expr.NewEnv(map[string]any{"event": c.event, "channel": c.channel, "now": time.Now(), "config": r.config})
	return c
}

// found notes what the matcher found, for expressions and scripts.
func (c *call) found(values map[string]any) {
	c.values = values
	for name, v := range values {
		c.env.Set(name, v)
	}
}

func (c *call) host() Host { return c.engine.o.Host }

// run carries a call through: who may, when, how often, and then the actions.
// Nothing that goes wrong in it, not even a panic, reaches other skills.
func (e *Engine) run(ctx context.Context, c *call) (err error) {
	start := time.Now()
	defer func() {
		if p := recover(); p != nil {
			e.o.Logger.ErrorContext(ctx, "skill panicked", "skill", c.rule.skill, "panic", fmt.Sprint(p), "stack", string(debug.Stack()))
			err = c.fail(errPanic, time.Since(start))
		}
	}()
	ctx, cancel := context.WithTimeout(expr.WithClock(ctx), e.o.Timeout)
	defer cancel()
	c.loadChannel = sync.OnceValues(func() (*expr.Record, error) {
		defer expr.PauseClock(ctx)()
		info, err := e.o.Host.Channel(ctx)
		return channelRecord(info), err
	})

	admitted, err := c.admitted(ctx)
	if err != nil {
		return c.fail(err, time.Since(start))
	}
	if !admitted {
		return nil
	}
	if c.rule.script != nil {
		if err := c.rule.script.run(ctx, c); err != nil {
			return c.fail(err, time.Since(start))
		}
		return nil
	}
	return c.steps(ctx)
}

// admitted reports whether the actions are to run, and reports why not where
// somebody wants to know.
func (c *call) admitted(ctx context.Context) (bool, error) {
	r := c.rule
	if r.refuses(c.chatter) {
		c.report(Denied, "", "", nil, 0)
		return false, nil
	}
	if c.usage != "" {
		c.report(Usage, "", c.usage, nil, 0)
		return false, nil
	}
	if c.prepare != nil {
		if err := c.prepare(ctx); err != nil {
			return false, err
		}
	}
	if r.when != nil {
		holds, err := r.when.True(ctx, c.env)
		if err != nil {
			return false, fmt.Errorf("when: %w", err)
		}
		if !holds {
			return false, nil
		}
	}
	if !r.cooldown.take(c.chatter.key(), time.Now()) {
		c.report(Cooling, "", "", nil, 0)
		return false, nil
	}
	return true, nil
}

// refuses reports whether allow or deny keep somebody from setting off the rule.
func (r *rule) refuses(c chatter) bool {
	if r.deny != nil && r.deny.includes(c, false) {
		return true
	}
	return slices.ContainsFunc(r.allow, func(w *who) bool { return !w.includes(c, true) })
}

// steps carries out the actions until one fails.
func (c *call) steps(ctx context.Context) error {
	for i, s := range c.rule.steps {
		began := time.Now()
		detail, err := s.run(ctx, c)
		if err != nil {
			err = fmt.Errorf("do[%d]: %w", i, err)
		}
		if c.done(s.action.name, detail, err, time.Since(began)); err != nil {
			return fmt.Errorf("skill %s: %w", c.rule.skill, err)
		}
	}
	return nil
}

// fail reports that something other than an action went wrong.
func (c *call) fail(err error, took time.Duration) error {
	c.report(Failed, "", "", err, took)
	return fmt.Errorf("skill %s: %w", c.rule.skill, err)
}

var errPanic = errors.New("the skill broke; the log has the place")

// done reports an action.
func (c *call) done(action, detail string, err error, took time.Duration) {
	outcome := Done
	if err != nil {
		outcome = Failed
	}
	c.report(outcome, action, detail, err, took)
}

func (c *call) report(outcome Outcome, action, detail string, err error, took time.Duration) {
	c.engine.o.Report(Report{
		Skill: c.rule.skill, Trigger: c.trigger, User: c.chatter.login,
		Outcome: outcome, Action: action, Detail: detail, Err: err, Duration: took,
	})
}

// key tells users apart for cooldowns.
func (c chatter) key() string {
	if c.id != "" {
		return c.id
	}
	return c.login
}
