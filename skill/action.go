package skill

import (
	"context"
	"errors"
	"fmt"

	"github.com/larkspur-dev/larkspur/skill/internal/action"
	"github.com/larkspur-dev/larkspur/skill/internal/expr"
)

// An Effect is an action of a skill with all its values, ready to be carried out by a
// [Host]. It is plain data.
type Effect = action.Effect

// A User names the user of an [Effect] by id or by login.
type User = action.User

// A loadedStep is an action in the do: of a skill.
type loadedStep struct {
	action    *action.Action
	class     Class // of the action, unless a later action makes it more urgent
	connector string
	fields    []loadedField
	when      *expr.Condition // if:; nil: always
	as        string          // the name of the outcome; "" if there is none
	goOn      bool            // on-error: continue

	needsResult bool // it reads the result of an earlier action
}

// A loadedField is a field of an action and how its value is found.
type loadedField struct {
	name  string
	value func(ctx context.Context, c *call) (any, error) // nil: no value
}

// moderates reports whether the step bans, times out or deletes.
func (s loadedStep) moderates() bool {
	return s.class == ClassModeration || s.class == ClassDelete
}

// run evaluates the fields and carries the action out. detail describes what was done or
// tried.
func (s loadedStep) run(ctx context.Context, c *call) (detail string, err error) {
	if s.when != nil {
		holds, err := s.when.True(ctx, c.env)
		if err != nil {
			return "", fmt.Errorf("if: %w", err)
		}
		if !holds {
			return "", errSkipped
		}
	}
	e := Effect{Action: s.action.Name, Args: make(map[string]any, len(s.fields))}
	for _, f := range s.fields {
		v, err := f.value(ctx, c)
		if err != nil {
			return s.action.Describe(e), err
		}
		if v != nil {
			e.Args[f.name] = v
		}
	}
	out, err := c.carryOut(ctx, s.action, e)
	if err == nil && s.as != "" {
		c.env.Set(map[string]any{s.as: expr.NewRecord(out, outcomeShape(s.action))})
	}
	return s.action.Describe(e), err
}

// errSkipped ends a step whose if: does not hold. The reaction continues.
var errSkipped = errors.New("skipped")

// carryOut carries an effect out: by the engine, or by the host.
func (c *call) carryOut(ctx context.Context, a *action.Action, e Effect) (map[string]any, error) {
	if a.Do == nil {
		return c.inner(ctx, e)
	}
	if a.Class == ClassChannel {
		defer c.engine.channel.forget()
	}
	return c.host().Do(ctx, e)
}

// outcomeShape returns the shape of what an action results in.
func outcomeShape(a *action.Action) *expr.Shape {
	attrs := make(map[string]*expr.Shape, len(a.Outcome))
	for _, attr := range a.Outcome {
		attrs[attr.Name] = shapeOfKind(attr.Kind)
	}
	return expr.NewShape(a.Result, attrs)
}

func shapeOfKind(k action.Kind) *expr.Shape {
	switch k {
	case action.KindText, action.KindMessage, action.KindEnum, action.KindURL:
		return expr.Text
	case action.KindInt, action.KindNumber:
		return expr.Number
	case action.KindBool:
		return expr.Bool
	case action.KindTexts:
		return expr.TextList
	case action.KindUser, action.KindDuration, action.KindAny, action.KindConnector, action.KindSkill, action.KindValue, action.KindChoices, action.KindRotation:
	}
	return expr.Any
}
