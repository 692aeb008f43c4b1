package skill

import (
	"context"
	"errors"
	"fmt"
	"runtime/debug"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/larkspur-dev/larkspur/chat"
	"github.com/larkspur-dev/larkspur/skill/internal/expr"
)

var (
	errNoObject = errors.New("event: not an object")
	errPanic    = errors.New("the skill panicked; the log has the stack trace")
)

// A call is one reaction of one rule to one event.
type call struct {
	engine    *Engine
	rule      *rule
	trigger   string
	since     time.Time
	fields    map[string]any // of the event
	chatter   chatter
	people    map[string]string // lower-case names in the event to ids
	messageID string
	usage     string         // the pattern of the command, if its arguments are wrong
	values    map[string]any // what the matcher found
	event     *expr.Record
	channel   *expr.Lazy
	env       *expr.Env // of expressions
	prepare   func(context.Context) error
	run       *run
	acts      int // of the script so far
	depth     int // how many skills have run each other

	mu   sync.Mutex
	info *expr.Record // of the channel, once fetched; guarded by mu
}

// call returns a new reaction.
func (e *Engine) call(r *rule, trigger string, fields map[string]any, s *expr.Shape) *call {
	c := &call{engine: e, rule: r, trigger: trigger, since: time.Now(), fields: fields}
	c.people = people(fields)
	c.event = expr.NewRecord(fields, s)
	c.channel = expr.NewLazy(channelShape, c.fetchChannel)
	c.env = expr.NewEnv(functions, map[string]any{"event": c.event, "channel": c.channel, "now": c.since, "config": r.config, "memory": c.memoryValue(), "viewer": expr.NewLazy(viewerShape, c.fetchViewer), "uptime": expr.Func(c.uptime)})
	return c
}

// found sets the values that the matcher found.
func (c *call) found(values map[string]any) {
	c.values = values
	c.env.Set(values)
}

// state returns what the engine remembers of the rule.
func (c *call) state() *ruleState { return c.engine.states[c.rule] }

func (c *call) host() Host { return c.engine.o.Host }

// react checks allow and deny, the condition and the cooldown, and then submits the
// actions. With an [Executor] it returns before the actions run, else after them. Errors
// and panics end this reaction only.
func (e *Engine) react(ctx context.Context, c *call) (ran bool, err error) {
	if !c.rule.inChannel(c.fields) {
		return false, nil
	}
	if c.rule.refuses(c.chatter) {
		c.deny(ctx)
		return false, nil
	}
	if c.usage != "" {
		c.report(Report{Outcome: Usage, Detail: c.usage})
		return true, nil
	}
	c.run = &run{submit: e.submitter(ctx), strict: e.o.Executor == nil}
	var refused error
	admitted := false
	check := &Step{Class: c.rule.class(ClassScript), do: func(ctx context.Context) {
		if !c.admit(ctx) {
			refused = c.run.failure()
			return
		}
		admitted = true
		c.begin()
	}}
	if e.o.Executor != nil && c.rule.looksUp {
		c.submit(check)
		return true, nil
	}
	c.prepareStep(check)
	check.Run(ctx)
	err = refused
	if c.run.strict {
		err = c.run.failure()
	}
	if err != nil && !errors.Is(err, errStop) {
		return admitted, fmt.Errorf("skill %s: %w", c.rule.skill, err)
	}
	return admitted, nil
}

// submitter returns the function that takes the steps of a reaction. Without an executor
// it runs them in the calling goroutine.
func (e *Engine) submitter(ctx context.Context) func(*Step) {
	if e.o.Executor == nil {
		return func(s *Step) { s.Run(ctx) }
	}
	inner := context.WithoutCancel(ctx)
	return func(s *Step) {
		if s.Class == ClassInner {
			s.Run(inner)
			return
		}
		e.o.Executor.Submit(s)
	}
}

// admit reports whether the actions may run. A failed check or a running cooldown is
// reported; a false condition is not.
func (c *call) admit(ctx context.Context) bool {
	if c.prepare != nil {
		if err := c.prepare(ctx); err != nil {
			c.fail(err)
			return false
		}
	}
	if c.rule.live != nil {
		info, err := c.engine.channel.get(ctx)
		if err != nil {
			c.fail(fmt.Errorf("live: %w", err))
			return false
		}
		if info.Live != *c.rule.live {
			return false
		}
	}
	if old, err := c.rule.ages.admits(ctx, c); err != nil || !old {
		if err != nil {
			c.fail(fmt.Errorf("allow: %w", err))
			return false
		}
		c.deny(ctx)
		return false
	}
	lines := c.engine.lines.Load()
	if c.rule.minLines > 0 && lines-c.state().ranAt.Load() < c.rule.minLines {
		return false
	}
	if c.rule.when != nil {
		holds, err := c.rule.when.True(ctx, c.env)
		if err != nil {
			c.fail(fmt.Errorf("when: %w", err))
			return false
		}
		if !holds {
			return false
		}
	}
	if !c.state().cooldown.take(c.chatter.key(), time.Now()) {
		c.report(Report{Outcome: Cooling})
		c.answer(ctx, c.rule.cooling)
		return false
	}
	c.state().ranAt.Store(lines)
	return true
}

// begin submits the script or the actions of the rule.
func (c *call) begin() {
	if c.rule.script != nil {
		s := &Step{Class: c.rule.class(ClassScript), do: c.runScript}
		if q := c.state().serial; q != nil {
			c.prepareStep(s)
			q.add(s)
			return
		}
		c.submit(s)
		return
	}
	steps := make([]*runStep, len(c.rule.steps))
	for i, s := range c.rule.steps {
		steps[i] = c.step(s.action.Name, s.class, s.connector, func(ctx context.Context) (string, error) {
			detail, err := s.run(ctx, c)
			if err != nil && !errors.Is(err, errStop) && !errors.Is(err, errSkipped) {
				err = fmt.Errorf("do[%d]: %w", i, err)
			}
			return detail, err
		})
		steps[i].needsResult, steps[i].goOn = s.needsResult, s.goOn
	}
	c.run.add(steps...)
}

// step returns the step of an action.
func (c *call) step(action string, class Class, connector string, do func(context.Context) (detail string, err error)) *runStep {
	s := &runStep{Step: &Step{Action: action, Class: c.rule.class(class), Connector: connector}}
	s.do = func(ctx context.Context) {
		if c.run.failure() != nil {
			return // an earlier step ended the run
		}
		began := time.Now()
		err := errPanic // unless do returns
		paused := false
		defer func() {
			if !paused {
				c.run.ended(s, err)
			}
		}()
		detail, failed := do(ctx)
		err = failed
		if p, ok := errors.AsType[*pause](err); ok {
			paused = true
			c.report(Report{Outcome: Done, Action: action, Detail: detail, Waited: began.Sub(c.since)})
			c.resume(s, p.length)
			return
		}
		if errors.Is(err, errSkipped) {
			err = nil
			return
		}
		if errors.Is(failed, ErrExpired) { // the host gave up waiting for Twitch's limits
			err = s.expired(c, Report{Action: action, Detail: detail, Err: failed, Duration: time.Since(began), Waited: began.Sub(c.since)})
			return
		}
		r := Report{Outcome: Done, Action: action, Detail: detail, Err: err, Duration: time.Since(began), Waited: began.Sub(c.since)}
		switch {
		case errors.Is(err, errStop):
			r.Err = nil
		case err != nil:
			r.Outcome = Failed
		}
		c.report(r)
		if s.goOn {
			err = nil
		}
	}
	s.dropped = func(reason error) {
		c.report(Report{Outcome: Dropped, Action: action, Err: reason, Waited: time.Since(c.since)})
		if s.optional() {
			reason = nil
		}
		c.run.ended(s, reason)
	}
	c.prepareStep(s.Step)
	return s
}

// expired reports a step that expired while it was carried out. It returns the error
// that ends the run, if any.
func (s *runStep) expired(c *call, r Report) error {
	s.reason, r.Outcome = ErrExpired, Dropped
	c.report(r)
	if s.optional() {
		return nil
	}
	return r.Err
}

// submit submits a step that is not an action.
func (c *call) submit(s *Step) {
	c.prepareStep(s)
	c.run.submit(s)
}

// prepareStep sets the fields that all steps of a call have.
func (c *call) prepareStep(s *Step) {
	o := &c.engine.o
	s.Skill, s.Trigger, s.Since, s.timeout = c.rule.skill, c.trigger, c.since, o.Timeout
	s.BroadcasterID, _ = c.fields["broadcaster_user_id"].(string)
	age := time.Duration(-1)
	switch s.Class {
	case ClassReply, ClassScript, ClassChannel:
		age = o.ReplyAge
	case ClassRelay, ClassHTTP:
		age = o.RelayAge
	case ClassModeration, ClassDecision, ClassDelete, ClassRedemption, ClassInner:
	}
	if age > 0 && o.Executor != nil {
		s.Expires = c.since.Add(age)
	}
	if s.dropped == nil {
		s.dropped = func(reason error) {
			c.report(Report{Outcome: Dropped, Err: reason, Waited: time.Since(c.since)})
		}
	}
	do := s.do
	s.do = func(ctx context.Context) {
		defer c.recover(ctx)
		do(expr.WithClock(ctx))
	}
}

// recover ends a step that panicked.
func (c *call) recover(ctx context.Context) {
	if p := recover(); p != nil {
		c.engine.o.Logger.ErrorContext(ctx, "skill panicked", "skill", c.rule.skill, "panic", fmt.Sprint(p), "stack", string(debug.Stack()))
		c.fail(errPanic)
	}
}

// fail reports a failure outside of an action and ends the run.
func (c *call) fail(err error) {
	c.reportFailure(err)
	c.run.fail(err)
}

func (c *call) reportFailure(err error) {
	c.report(Report{Outcome: Failed, Err: err, Duration: time.Since(c.since)})
}

// report completes a report and passes it on.
func (c *call) report(r Report) {
	r.Skill, r.Trigger, r.User = c.rule.skill, c.trigger, c.chatter.login
	c.engine.o.Report(r)
}

// class returns the class of a step of the rule. own is the class of the action by itself.
func (r *rule) class(own Class) Class {
	switch {
	case own == ClassScript && r.moderates:
		return ClassDecision
	case r.redemption && own != ClassInner && own != ClassModeration && own != ClassDelete && own != ClassRelay && own != ClassHTTP:
		return ClassRedemption
	}
	return own
}

// inChannel reports whether the skill is for the channel of an event. An event that names no
// channel is that of a timer.
func (r *rule) inChannel(fields map[string]any) bool {
	id, _ := fields["broadcaster_user_id"].(string)
	login, _ := fields["broadcaster_user_login"].(string)
	return len(r.channels) == 0 || id == "" && login == "" ||
		slices.Contains(r.channels, id) || slices.Contains(r.channels, strings.ToLower(login))
}

// refuses reports whether allow or deny exclude the chatter.
func (r *rule) refuses(c chatter) bool {
	if r.deny != nil && r.deny.includes(c, false) {
		return true
	}
	return slices.ContainsFunc(r.allow, func(w *userSet) bool { return !w.includes(c, true) })
}

// isBroadcaster reports whether the broadcaster caused the event.
func (c *call) isBroadcaster() bool { return c.chatter.roles&chat.Broadcaster != 0 }

// key identifies the user in cooldowns.
func (c chatter) key() string {
	if c.id != "" {
		return c.id
	}
	return c.login
}
