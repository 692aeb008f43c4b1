package skill

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"runtime/debug"
	"slices"
	"sync"
	"time"

	startime "go.starlark.net/lib/time"
	"go.starlark.net/starlark"
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
	usage     string              // how the command goes, where it was called wrongly
	values    starlark.StringDict // what the matcher found
	names     starlark.StringDict // what expressions know
	prepare   func(context.Context) error
	channel   *lazy
	acts      int // of a script so far
}

// call begins a reaction.
func (e *Engine) call(r *rule, trigger string, fields map[string]any, s *shape) *call {
	c := &call{engine: e, rule: r, trigger: trigger, fields: fields}
	c.people = people(fields)
	c.channel = &lazy{shape: channelShape}
	c.names = starlark.StringDict{
		"event":   newRecord(fields, s),
		"channel": c.channel,
		"now":     startime.Time(time.Now()),
		"config":  r.config,
	}
	maps.Copy(c.names, guards)
	return c
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
	ctx, cancel := context.WithTimeout(withHostClock(ctx), e.o.Timeout)
	defer cancel()
	c.channel.load = sync.OnceValues(func() (*record, error) {
		defer inHost(ctx)()
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
		v, err := r.when.eval(ctx, c.names)
		if err != nil {
			return false, fmt.Errorf("when: %w", err)
		}
		if !v.Truth() {
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

func channelRecord(i ChannelInfo) *record {
	tags := make([]any, len(i.Tags))
	for n, tag := range i.Tags {
		tags[n] = tag
	}
	return newRecord(map[string]any{
		"id": i.ID, "login": i.Login, "name": i.Name, "title": i.Title,
		"category": i.Category, "category_id": i.CategoryID, "language": i.Language, "tags": tags,
		"live": i.Live, "viewers": i.Viewers, "started_at": i.StartedAt,
	}, channelShape)
}
