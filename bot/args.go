package bot

import (
	"context"
	"errors"
	"fmt"
	"reflect"
	"strings"
)

// A plan describes how words become the fields of a struct. It is made once, when
// the command is registered.
type plan struct {
	fields []field // in order
	flags  map[string]field
	usage  []string
}

func newPlan[A any]() (*plan, error) {
	t := reflect.TypeFor[A]()
	if t.Kind() != reflect.Struct {
		return nil, fmt.Errorf("the arguments must be a struct, not %v", t)
	}
	p := &plan{flags: map[string]field{}}
	var flags []string
	for i := range t.NumField() {
		sf := t.Field(i)
		f, err := newField(sf, i)
		if err == nil && f.flag {
			err = p.addFlag(f)
			flags = append(flags, f.usage())
		} else if err == nil {
			err = p.add(f)
		}
		if err != nil {
			return nil, fmt.Errorf("field %s: %w", sf.Name, err)
		}
	}
	p.usage = append(flags, p.usage...)
	return p, nil
}

func (p *plan) add(f field) error {
	if n := len(p.fields); n > 0 {
		switch last := p.fields[n-1]; {
		case last.rest:
			return errors.New("nothing can follow the rest")
		case last.list:
			return errors.New("nothing can follow a list")
		case last.optional && !f.optional:
			return errors.New("only optional fields can follow an optional one")
		}
	}
	p.fields = append(p.fields, f)
	p.usage = append(p.usage, f.usage())
	return nil
}

func (p *plan) addFlag(f field) error {
	if _, taken := p.flags[f.name]; taken {
		return fmt.Errorf("there are two flags --%s", f.name)
	}
	p.flags[f.name] = f
	return nil
}

// parse parses the words of a call into the struct that args points to. Errors that the
// chatter can correct are of type *UserError.
func (p *plan) parse(ctx context.Context, c *Call, args any) error {
	v := reflect.ValueOf(args).Elem()
	rest := c.Args
	for _, f := range p.fields {
		f.setDefault(v)
	}
	for _, f := range p.flags {
		f.setDefault(v)
	}
	for _, f := range p.fields {
		var err error
		if rest, err = p.takeFlags(ctx, c, v, rest); err != nil {
			return err
		}
		if rest, err = p.take(ctx, c, f, v, rest); err != nil {
			return err
		}
	}
	_, err := p.takeFlags(ctx, c, v, rest)
	return err
}

// take parses the words of one field and returns what follows them.
func (p *plan) take(ctx context.Context, c *Call, f field, args reflect.Value, rest string) (string, error) {
	v := args.Field(f.index)
	if f.rest {
		return "", p.set(ctx, c, f, v, rest, rest != "")
	}
	if !f.list {
		arg, tail, quoted := cutArgument(rest)
		return tail, p.set(ctx, c, f, v, arg, arg != "" || quoted)
	}
	list := reflect.MakeSlice(v.Type(), 0, 4)
	for rest != "" {
		if list.Len() == maxList {
			return "", c.wrongArgument(f.name, &textError{TextTooMany, []any{maxList}})
		}
		arg, tail, _ := cutArgument(rest)
		item := reflect.New(v.Type().Elem()).Elem()
		if err := p.set(ctx, c, f, item, arg, true); err != nil {
			return "", err
		}
		list = reflect.Append(list, item)
		var err error
		if rest, err = p.takeFlags(ctx, c, args, tail); err != nil {
			return "", err
		}
	}
	if list.Len() == 0 {
		return "", p.set(ctx, c, f, v, "", false)
	}
	v.Set(list)
	return "", nil
}

// set parses one word into a field.
func (p *plan) set(ctx context.Context, c *Call, f field, v reflect.Value, word string, given bool) error {
	switch {
	case given:
	case f.optional:
		return nil
	default:
		return &UserError{Text: c.usageHint()}
	}
	err := f.parse(ctx, c, word, v)
	if _, sorry := asUserError(err); err == nil || sorry || isTechnical(err) {
		return err
	}
	return c.wrongArgument(f.shown(), err)
}

// takeFlags parses the flags at the beginning of rest: "--amount 5", "--amount=5" and
// "--quiet". A word "--" ends them and is left out.
func (p *plan) takeFlags(ctx context.Context, c *Call, v reflect.Value, rest string) (string, error) {
	for len(p.flags) > 0 && !c.flagsEnded {
		word, tail := cutWord(rest)
		name, ok := strings.CutPrefix(word, "--")
		if !ok {
			break
		}
		if name == "" {
			c.flagsEnded = true
			return tail, nil
		}
		name, _, given := strings.Cut(name, "=")
		value := "on"
		f, known := p.flags[strings.ToLower(name)]
		switch {
		case !known:
			return "", c.sorry(TextUnknownFlag, name, c.usageHint())
		case given: // its value may be quoted
			value, tail, _ = cutArgument(strings.TrimSpace(rest)[len("--")+len(name)+1:])
		case f.kind == reflect.Bool:
		default:
			value, tail, given = cutArgument(tail)
			given = given || value != ""
			if !given {
				return "", c.wrongArgument(f.shown(), &textError{text: TextNeedsValue})
			}
		}
		if err := p.set(ctx, c, f, v.Field(f.index), value, true); err != nil {
			return "", err
		}
		rest = tail
	}
	return rest, nil
}
