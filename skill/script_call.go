package skill

import (
	"context"
	"fmt"
	"time"

	"github.com/larkspur-dev/larkspur/skill/internal/action"
	"github.com/larkspur-dev/larkspur/skill/internal/expr"
)

// scriptCall returns the argument of a script's functions: the event, and the actions.
//
//	call.event, call.channel       as in expressions
//	call.user, call.user_id, call.user_name
//	call.args                      what follows the command
//	call.match                     the regular expression's groups
//	call.say(text), call.ban(user, reason=""), …   every action
//
// An action's arguments are its fields, in their order; see [action.Action]. One with an
// outcome returns it.
func (c *call) scriptCall() *expr.Object {
	attrs := map[string]any{
		"event": c.event, "channel": c.channel, "args": c.values["args"], "match": c.values["match"],
		"user": c.chatter.login, "user_id": c.chatter.id, "user_name": c.chatter.name,
	}
	for _, a := range action.All {
		attrs[scriptName(a.Name)] = c.verb(a)
	}
	return expr.NewObject("call", attrs)
}

// callShape returns the shape of call for an event of the given shape.
func callShape(event *expr.Shape, isMessage bool) *expr.Shape {
	attrs := map[string]*expr.Shape{
		"event": event, "channel": channelShape, "args": expr.Any, "match": expr.Any,
		"user": expr.Text, "user_id": expr.Text, "user_name": expr.Text,
	}
	if isMessage {
		attrs["args"], attrs["match"] = expr.Text, expr.TextList
	}
	for _, a := range action.All {
		attrs[scriptName(a.Name)] = expr.Any
	}
	return expr.NewShape("call", attrs)
}

// maxActs is how many actions a script can take for one event, so that a loop cannot
// flood the chat.
const maxActs = 50

var errActs = fmt.Errorf("stopped: more than %d actions for one event", maxActs)

// verb returns the function behind call.name. It adds a step to the run; with an
// [Executor] the script continues before the step has run. An action with an outcome is
// carried out at once, since the function returns the outcome.
func (c *call) verb(a *action.Action) expr.Func {
	return func(ctx context.Context, args *expr.Args) (any, error) {
		if err := c.act(); err != nil {
			return nil, err
		}
		e, err := c.bind(a, args)
		if err != nil {
			c.report(Report{Outcome: Failed, Action: a.Name, Detail: a.Describe(e), Err: err})
			return nil, err
		}
		if a.Result != "" {
			return c.doNow(ctx, a, e)
		}
		c.run.add(c.step(a.Name, a.Class, e.Text("to"), func(ctx context.Context) (string, error) {
			_, err := c.carryOut(ctx, a, e)
			return a.Describe(e), err
		}))
		return nil, c.run.failure()
	}
}

// act counts an action. It returns an error if the limit is reached or the run has failed.
func (c *call) act() error {
	if c.acts++; c.acts > maxActs {
		return errActs
	}
	return c.run.failure()
}

// doNow carries an action out before the script goes on.
func (c *call) doNow(ctx context.Context, a *action.Action, e Effect) (any, error) {
	began := time.Now()
	out, err := c.carryOut(ctx, a, e)
	r := Report{Outcome: Done, Action: a.Name, Detail: a.Describe(e), Err: err, Duration: time.Since(began), Waited: began.Sub(c.since)}
	if err != nil {
		r.Outcome = Failed
	}
	c.report(r)
	if err != nil || out == nil {
		return nil, err
	}
	return expr.NewRecord(out, outcomeShape(a)), nil
}

// now is the function now() of scripts.
func now(_ context.Context, args *expr.Args) (any, error) {
	return time.Now(), args.Unpack()
}
