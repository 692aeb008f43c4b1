package bot

import (
	"context"
	"errors"
	"fmt"
	"reflect"
	"strconv"
	"strings"
	"time"
)

// A plan describes how words become the fields of a struct. It is made once, when
// the command is registered.
type plan struct {
	fields []field
	usage  []string
}

type field struct {
	name     string // as shown
	index    int
	rest     bool
	optional bool
	parse    parser
}

// A parser parses a word into v. Its errors are for the chatter.
type parser func(ctx context.Context, c *Call, word string, v reflect.Value) error

func newPlan[A any]() (*plan, error) {
	t := reflect.TypeFor[A]()
	if t.Kind() != reflect.Struct {
		return nil, fmt.Errorf("the arguments must be a struct, not %v", t)
	}
	p := &plan{}
	for i := range t.NumField() {
		sf := t.Field(i)
		f, err := newField(sf, i)
		if err != nil {
			return nil, fmt.Errorf("field %s: %w", sf.Name, err)
		}
		if n := len(p.fields); n > 0 {
			switch last := p.fields[n-1]; {
			case last.rest:
				return nil, fmt.Errorf("field %s: nothing can follow the rest", sf.Name)
			case last.optional && !f.optional:
				return nil, fmt.Errorf("field %s: only optional fields can follow an optional one", sf.Name)
			}
		}
		p.fields = append(p.fields, f)
		if f.optional {
			p.usage = append(p.usage, "["+f.name+"]")
		} else {
			p.usage = append(p.usage, "<"+f.name+">")
		}
	}
	return p, nil
}

func newField(sf reflect.StructField, index int) (field, error) {
	f := field{name: strings.ToLower(sf.Name), index: index}
	if !sf.IsExported() {
		return f, errors.New("must be exported")
	}
	if tag := sf.Tag.Get("arg"); tag != "" {
		for word := range strings.SplitSeq(tag, ",") {
			switch word = strings.TrimSpace(word); word {
			case "rest":
				f.rest = true
			case "optional":
				f.optional = true
			default:
				f.name = word
			}
		}
	}
	if f.rest && sf.Type.Kind() != reflect.String {
		return f, errors.New("the rest must be a string")
	}
	f.parse = parserOf(sf.Type)
	if f.parse == nil {
		return f, fmt.Errorf("%v cannot be an argument; use string, bool, a number, time.Duration or bot.User", sf.Type)
	}
	return f, nil
}

// parserOf returns nil for a type that cannot be an argument.
func parserOf(t reflect.Type) parser {
	switch t {
	case reflect.TypeFor[User]():
		return parseUser
	case reflect.TypeFor[time.Duration]():
		return parseDuration
	}
	switch t.Kind() {
	case reflect.String:
		return func(_ context.Context, _ *Call, word string, v reflect.Value) error {
			v.SetString(word)
			return nil
		}
	case reflect.Bool:
		return parseBool
	case reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64:
		return func(_ context.Context, _ *Call, word string, v reflect.Value) error {
			n, err := strconv.ParseInt(word, 10, v.Type().Bits())
			v.SetInt(n)
			return numberError(err, "a whole number")
		}
	case reflect.Uint, reflect.Uint8, reflect.Uint16, reflect.Uint32, reflect.Uint64:
		return func(_ context.Context, _ *Call, word string, v reflect.Value) error {
			n, err := strconv.ParseUint(word, 10, v.Type().Bits())
			v.SetUint(n)
			return numberError(err, "a whole number, zero or more")
		}
	case reflect.Float32, reflect.Float64:
		return func(_ context.Context, _ *Call, word string, v reflect.Value) error {
			n, err := strconv.ParseFloat(word, v.Type().Bits())
			if n != n || n-n != 0 { // "nan" and "inf" are floats for strconv
				err = strconv.ErrSyntax
			}
			v.SetFloat(n)
			return numberError(err, "a number")
		}
	default:
		return nil
	}
}

// numberError returns what to tell the chatter about an error of strconv.
func numberError(err error, want string) error {
	switch {
	case errors.Is(err, strconv.ErrRange):
		return errors.New("is out of range")
	case err != nil:
		return errors.New("must be " + want)
	default:
		return nil
	}
}

func parseBool(_ context.Context, _ *Call, word string, v reflect.Value) error {
	switch strings.ToLower(word) {
	case "on", "yes", "true", "1":
		v.SetBool(true)
	case "off", "no", "false", "0":
		v.SetBool(false)
	default:
		return errors.New("must be on or off")
	}
	return nil
}

func parseDuration(_ context.Context, _ *Call, word string, v reflect.Value) error {
	d, err := time.ParseDuration(word)
	if err != nil {
		// A bare number is seconds, as in Twitch's own commands.
		n, numErr := strconv.ParseInt(word, 10, 32)
		if numErr != nil {
			return errors.New("must be a duration like 90s or 10m")
		}
		d = time.Duration(n) * time.Second
	}
	v.SetInt(int64(d))
	return nil
}

// parse parses the words of a call into the struct that args points to.
func (p *plan) parse(ctx context.Context, c *Call, args any) error {
	v := reflect.ValueOf(args).Elem()
	rest := c.Args
	for _, f := range p.fields {
		word := rest
		if f.rest {
			rest = ""
		} else {
			word, rest = cutWord(rest)
		}
		if word == "" {
			if f.optional {
				continue
			}
			return Sorry("usage: %s", c.Usage())
		}
		if err := f.parse(ctx, c, word, v.Field(f.index)); err != nil {
			if _, ok := asUserError(err); ok {
				return err
			}
			if isTechnical(err) {
				return err
			}
			return Sorry("%s %s; usage: %s", f.name, err.Error(), c.Usage())
		}
	}
	return nil
}
