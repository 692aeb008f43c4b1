package cli

import (
	"encoding/json"
	"fmt"
	"strconv"
	"strings"

	"github.com/larkspur-dev/larkspur/emulator"
)

// readOrder reads the fields of a verb, given as NAME=VALUE.
func readOrder(v emulator.Verb, pairs []string) (map[string]any, error) {
	order := map[string]any{}
	for _, pair := range pairs {
		name, text, found := strings.Cut(pair, "=")
		if !found {
			return nil, fmt.Errorf("%q: want NAME=VALUE, such as:\n  %s", printable(pair), exampleOf(v))
		}
		f, err := fieldOf(v, name)
		if err != nil {
			return nil, err
		}
		value, err := readField(f, text)
		if err != nil {
			return nil, err
		}
		if f.Type == "list" {
			list, _ := order[name].([]string)
			order[name] = append(list, text)
			continue
		}
		if _, again := order[name]; again {
			return nil, fmt.Errorf("%s is given twice", name)
		}
		order[name] = value
	}
	for _, f := range v.Fields {
		if _, ok := order[f.Name]; f.Required && !ok {
			return nil, fmt.Errorf("%s needs %s; for example:\n  %s", v.Name, f.Name, exampleOf(v))
		}
	}
	return order, nil
}

// fieldOf returns a field of a verb by its name.
func fieldOf(v emulator.Verb, name string) (emulator.VerbField, error) {
	var names []string
	for _, f := range v.Fields {
		if f.Name == name {
			return f, nil
		}
		names = append(names, f.Name)
	}
	switch near := closest(name, names); {
	case len(names) == 0:
		return emulator.VerbField{}, fmt.Errorf("%s takes no values", v.Name)
	case near != "":
		return emulator.VerbField{}, fmt.Errorf("%s has no %q; did you mean %s?", v.Name, printable(name), near)
	default:
		return emulator.VerbField{}, fmt.Errorf("%s has no %q; it takes %s", v.Name, printable(name), strings.Join(names, ", "))
	}
}

// readField reads a value of the field's type.
func readField(f emulator.VerbField, text string) (any, error) {
	switch f.Type {
	case "number":
		if _, err := strconv.ParseFloat(text, 64); err != nil || !json.Valid([]byte(text)) {
			return nil, fmt.Errorf("%s=%s: want a number", f.Name, printable(text))
		}
		return json.RawMessage(text), nil
	case "boolean":
		value, err := strconv.ParseBool(text)
		if err != nil {
			return nil, fmt.Errorf("%s=%s: want true or false", f.Name, printable(text))
		}
		return value, nil
	case "JSON":
		if !json.Valid([]byte(text)) {
			return nil, fmt.Errorf("%s: want JSON, such as '{\"id\":\"7\"}'", f.Name)
		}
		return json.RawMessage(text), nil
	}
	return text, nil
}

// exampleOf is a command line with a verb.
func exampleOf(v emulator.Verb) string {
	return strings.TrimSpace("larkspur emulator ctl " + v.Name + " " + v.Example)
}
