package skill

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"strings"

	"github.com/larkspur-dev/larkspur/chat"
	"github.com/larkspur-dev/larkspur/skill/internal/action"
	"github.com/larkspur-dev/larkspur/skill/internal/expr"
)

// scriptName returns the name of an action or field in scripts.
func scriptName(name string) string {
	if name == "for" { // a keyword
		return "length"
	}
	return strings.ReplaceAll(name, "-", "_")
}

// bind makes an effect of the arguments of a script's call. They are the fields in their
// order, or by name; a field that the event can fill is optional.
func (c *call) bind(a *action.Action, args *expr.Args) (Effect, error) {
	e := Effect{Action: a.Name, Args: map[string]any{}}
	values := make([]expr.Value, len(a.Fields))
	var pairs []any
	for _, required := range []bool{true, false} {
		for i := range a.Fields {
			f := &a.Fields[i]
			if f.Name == "say" && a.Say != "" || (f.Required && f.From == action.FromNothing || f.From == action.FromAuthor) != required {
				continue
			}
			name := scriptName(f.Name)
			if f.Alias != "" {
				args.Rename(scriptName(f.Alias), name)
			}
			if !required {
				name += "?"
			}
			pairs = append(pairs, name, &values[i])
		}
	}
	if err := args.Unpack(pairs...); err != nil {
		return e, err
	}
	for i := range a.Fields {
		f := &a.Fields[i]
		v, err := c.scriptValue(f, values[i])
		if err != nil {
			return e, err
		}
		if v != nil {
			e.Args[f.Name] = v
		}
	}
	return e, nil
}

// scriptValue converts a value of a script to the type of a field. None means that the
// field has no value.
func (c *call) scriptValue(f *action.Field, v expr.Value) (any, error) {
	if v.IsNone() && f.Required && f.From == action.FromNothing {
		return nil, errEmptyText
	}
	if v.IsNone() {
		return c.scriptDefault(f)
	}
	switch f.Kind {
	case action.KindMessage:
		return filled(f, noCommand(chat.OneLine(v.String())))
	case action.KindUser:
		return c.fieldValue(f, chat.OneLine(v.String()))
	case action.KindDuration:
		return scriptDuration(f, v)
	case action.KindBool:
		return v.Truth(), nil
	case action.KindTexts:
		return scriptTexts(f, v)
	case action.KindAny, action.KindValue:
		return v.Go(maxValue)
	case action.KindChoices, action.KindRotation:
		n, ok := v.Len()
		if _, isText := v.AsString(); !ok || isText || n == 0 {
			return nil, fmt.Errorf("%s: want a list of texts", f.Name)
		}
		return filled(f, noCommand(chat.OneLine(v.Index(rand.IntN(n)).String()))) //nolint:gosec // no secret
	case action.KindText, action.KindURL, action.KindInt, action.KindNumber, action.KindEnum, action.KindConnector, action.KindSkill:
	}
	return filled(f, chat.OneLine(v.String()))
}

// filled checks a text of a script. An optional field may be empty.
func filled(f *action.Field, text string) (any, error) {
	line, err := finish(text, nil)
	if errors.Is(err, errEmptyText) && f.Absent != "" {
		return nil, errors.New(f.Absent)
	}
	if errors.Is(err, errEmptyText) && !f.Required {
		return nil, nil //nolint:nilnil // no value
	}
	if err != nil {
		return nil, err
	}
	return parseField(f, line)
}

// scriptDefault returns the value of a field that a script does not give.
func (c *call) scriptDefault(f *action.Field) (any, error) {
	switch f.From {
	case action.FromMessage, action.FromMessageOr:
		if c.messageID != "" {
			return c.messageID, nil
		}
		if f.Required {
			return nil, errors.New(f.Absent)
		}
	case action.FromActor:
		return c.actor()
	case action.FromHeld, action.FromRedemption, action.FromReward:
		return c.fromEvent(f)
	case action.FromAuthor, action.FromNothing:
		if f.Default != "" {
			return parseField(f, f.Default)
		}
	}
	return nil, nil //nolint:nilnil // no value
}

func scriptDuration(f *action.Field, v expr.Value) (any, error) {
	d, err := length(v)
	if err == nil && (d < f.Shortest || f.Longest > 0 && d > f.Longest) {
		err = fmt.Errorf("%s, not %s", rangeOf(f), d)
	}
	if err != nil {
		return nil, err
	}
	return d, nil
}

// scriptTexts converts a list, or a text with commas.
func scriptTexts(f *action.Field, v expr.Value) (any, error) {
	list, err := v.Texts()
	if err != nil {
		return nil, fmt.Errorf("%s: %w", scriptName(f.Name), err)
	}
	out := []string{}
	for _, text := range list {
		if text = chat.OneLine(text); text != "" {
			out = append(out, text)
		}
	}
	if f.Max > 0 && (int64(len(out)) < f.Min || int64(len(out)) > f.Max) {
		return nil, fmt.Errorf("%s: want %d to %d texts, these are %d", scriptName(f.Name), f.Min, f.Max, len(out))
	}
	return out, nil
}
