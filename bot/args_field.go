package bot

import (
	"context"
	"errors"
	"fmt"
	"reflect"
	"slices"
	"strings"
)

// maxList is how many values a list takes.
const maxList = 50

// A field is an argument or a flag.
type field struct {
	name     string // as shown
	index    int
	kind     reflect.Kind
	flag     bool
	rest     bool
	list     bool
	optional bool
	choices  []string
	standard reflect.Value // set if the words name nothing; invalid: the zero value
	parse    parser
}

// A parser parses a word into v. Its errors are for the chatter and complete a sentence
// that begins with the name of the field: "must be a number".
type parser func(ctx context.Context, c *Call, word string, v reflect.Value) error

func newField(sf reflect.StructField, index int) (field, error) {
	f := field{name: strings.ToLower(sf.Name), index: index, kind: sf.Type.Kind()}
	if !sf.IsExported() {
		return f, errors.New("must be exported")
	}
	standard, hasStandard, err := f.readTag(sf.Tag.Get("arg"))
	if err != nil {
		return f, err
	}
	if f.rest && (sf.Type.Kind() != reflect.String || f.flag) {
		return f, errors.New("the rest must be a string and no flag")
	}
	t := sf.Type
	if f.parse = parserOf(t); f.parse == nil && t.Kind() == reflect.Slice {
		t = t.Elem()
		f.list, f.parse = true, parserOf(t)
	}
	switch {
	case f.parse == nil:
		return f, fmt.Errorf("%v cannot be an argument; use string, bool, a number, time.Duration, bot.User, bot.Color, a type with a method ParseArg, or a list of one of them", sf.Type)
	case f.list && f.flag:
		return f, errors.New("a flag cannot be a list")
	case f.choices != nil && t.Kind() != reflect.String:
		return f, errors.New("oneof needs a string")
	case f.choices != nil:
		f.parse = func(_ context.Context, _ *Call, word string, v reflect.Value) error { return f.choose(word, v) }
	}
	f.optional = f.optional || f.flag
	if hasStandard {
		return f, f.readStandard(sf, standard)
	}
	return f, nil
}

// readTag reads the tag arg:"…".
func (f *field) readTag(tag string) (standard string, hasStandard bool, err error) {
	for word := range strings.SplitSeq(tag, ",") {
		word = strings.TrimSpace(word)
		key, value, has := strings.Cut(word, "=")
		switch {
		case word == "":
		case word == "rest":
			f.rest = true
		case word == "optional":
			f.optional = true
		case word == "flag":
			f.flag = true
		case has && key == "oneof":
			if f.choices = strings.Split(value, "|"); slices.Contains(f.choices, "") {
				return "", false, errors.New("oneof has an empty word")
			}
		case has && key == "default":
			standard, hasStandard, f.optional = value, true, true
		case has:
			return "", false, fmt.Errorf("the tag has %q; want rest, optional, flag, oneof=a|b, default=value or a name", word)
		default:
			f.name = word
		}
	}
	if f.flag && strings.ContainsFunc(f.name, isBreak) {
		return "", false, fmt.Errorf("the flag's name %q has a space", f.name)
	}
	if f.flag {
		f.name = strings.ToLower(f.name)
	}
	return standard, hasStandard, nil
}

// readStandard parses the default of a field. There is no call yet.
func (f *field) readStandard(sf reflect.StructField, word string) error {
	parse := simpleParserOf(sf.Type)
	if f.choices != nil {
		parse = f.choose
	}
	if parse == nil || f.list {
		return fmt.Errorf("%v cannot have a default", sf.Type)
	}
	f.standard = reflect.New(sf.Type).Elem()
	if err := parse(word, f.standard); err != nil {
		return fmt.Errorf("the default %q %w", word, err)
	}
	return nil
}

func (f *field) setDefault(args reflect.Value) {
	if f.standard.IsValid() {
		args.Field(f.index).Set(f.standard)
	}
}

// shown returns the name as it stands in an error.
func (f *field) shown() string {
	if f.flag {
		return "--" + f.name
	}
	return f.name
}

// usage returns how the field is written: "<amount>", "[--quiet]", "<names>...".
func (f *field) usage() string {
	name := f.name
	if f.choices != nil {
		name = strings.Join(f.choices, "|")
	}
	switch {
	case f.flag && f.kind == reflect.Bool:
		return "[--" + f.name + "]"
	case f.flag && f.choices != nil:
		return "[--" + f.name + " <" + name + ">]"
	case f.flag:
		return "[--" + f.name + " <" + f.kindWord() + ">]"
	}
	if f.list {
		name += "..."
	}
	if f.optional {
		return "[" + name + "]"
	}
	return "<" + name + ">"
}

// kindWord describes the value of a flag in one word.
func (f *field) kindWord() string {
	switch f.kind {
	case reflect.String:
		return "text"
	case reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Uint, reflect.Uint8, reflect.Uint16, reflect.Uint32, reflect.Uint64, reflect.Float32, reflect.Float64:
		return "number"
	default:
		return "value"
	}
}

func (f *field) choose(word string, v reflect.Value) error {
	for _, choice := range f.choices {
		if strings.EqualFold(choice, word) {
			v.SetString(choice)
			return nil
		}
	}
	return &textError{TextChoice, []any{strings.Join(f.choices, ", ")}}
}
