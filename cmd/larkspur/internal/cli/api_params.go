package cli

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"reflect"
	"slices"
	"strconv"
	"strings"

	"github.com/larkspur-dev/larkspur/helix"
	"github.com/larkspur-dev/larkspur/internal/config"
)

// apiParams are the parameters of an endpoint in the form that package helix takes: a
// struct with a field for each parameter, made from the endpoint's table. A field is nil
// until its parameter is given, so that an empty value differs from an absent one.
type apiParams struct {
	endpoint *helix.Endpoint
	value    reflect.Value // of the struct
}

// newAPIParams reads parameters in the form NAME=VALUE and a JSON body. Names may be
// those of the query and, where they hold one value, those of the body.
func newAPIParams(e *helix.Endpoint, pairs []string, body []byte) (*apiParams, error) {
	p := &apiParams{endpoint: e, value: reflect.New(paramsType(e)).Elem()}
	if err := p.readBody(body); err != nil {
		return nil, err
	}
	for _, pair := range pairs {
		name, text, found := strings.Cut(pair, "=")
		if !found {
			return nil, fmt.Errorf("-q %s: want NAME=VALUE", pair)
		}
		if err := p.add(name, text); err != nil {
			return nil, err
		}
	}
	return p, nil
}

// field returns a parameter's description and its field, or nil if there is none.
func (p *apiParams) field(name string) (*helix.Param, reflect.Value) {
	for i := range p.endpoint.Query {
		if p.endpoint.Query[i].Name == name {
			return &p.endpoint.Query[i], p.value.Field(i)
		}
	}
	for i := range p.endpoint.Body {
		if p.endpoint.Body[i].Name == name {
			return &p.endpoint.Body[i], p.value.Field(len(p.endpoint.Query) + i)
		}
	}
	return nil, reflect.Value{}
}

// add sets a parameter, or appends a value to a repeated one.
func (p *apiParams) add(name, text string) error {
	param, field := p.field(name)
	if param == nil {
		return fmt.Errorf("there is no parameter %q%s", name, known(name, paramNames(p.endpoint)))
	}
	value := reflect.New(valueType(*param)).Elem()
	switch value.Kind() {
	case reflect.Struct, reflect.Map:
		return fmt.Errorf("%s cannot be given as NAME=VALUE; give the body as JSON with -d", name)
	default:
	}
	if err := setText(value, text); err != nil {
		return fmt.Errorf("%s is %q, want %w", name, text, err)
	}
	switch {
	case param.Repeated:
		field.Set(reflect.Append(field, value))
	case !field.IsNil():
		return fmt.Errorf("%s can be given only once", name)
	default:
		field.Set(value.Addr())
	}
	return nil
}

// set sets a parameter that holds one value, replacing the old value; it reports false
// if there is no such parameter.
func (p *apiParams) set(name, text string) bool {
	_, field := p.field(name)
	if !field.IsValid() || field.Kind() != reflect.Pointer {
		return false
	}
	value := reflect.New(field.Type().Elem())
	field.Set(value)
	return setText(value.Elem(), text) == nil
}

// isSet reports whether a parameter is given.
func (p *apiParams) isSet(name string) bool {
	_, field := p.field(name)
	return field.IsValid() && !field.IsNil()
}

// missing returns the required parameters that are not given.
func (p *apiParams) missing() []string {
	var names []string
	for _, param := range slices.Concat(p.endpoint.Query, p.endpoint.Body) {
		if param.Required && !p.isSet(param.Name) {
			names = append(names, param.Name)
		}
	}
	return names
}

var (
	errWantInteger = errors.New("an integer")
	errWantNumber  = errors.New("a number")
	errWantBoolean = errors.New("true or false")
)

func setText(v reflect.Value, text string) error {
	switch v.Kind() {
	case reflect.Int64:
		n, err := strconv.ParseInt(text, 10, 64)
		if err != nil {
			return errWantInteger
		}
		v.SetInt(n)
	case reflect.Float64:
		n, err := strconv.ParseFloat(text, 64)
		if err != nil {
			return errWantNumber
		}
		v.SetFloat(n)
	case reflect.Bool:
		if text != "true" && text != "false" {
			return errWantBoolean
		}
		v.SetBool(text == "true")
	default:
		v.SetString(text)
	}
	return nil
}

// readBody parses the body, with or without the field in which Twitch wraps it.
func (p *apiParams) readBody(body []byte) error {
	if body == nil {
		return nil
	}
	if len(p.endpoint.Body) == 0 {
		return errors.New("takes no body; omit -d")
	}
	var whole map[string]json.RawMessage
	if err := json.Unmarshal(body, &whole); err != nil {
		return fmt.Errorf("the body is not a JSON object: %w", err)
	}
	if inner, ok := whole[p.endpoint.Wrap]; ok && len(whole) == 1 {
		body = inner
	}
	dec := json.NewDecoder(bytes.NewReader(body))
	dec.DisallowUnknownFields()
	err := dec.Decode(p.value.Addr().Interface())
	if err == nil {
		if _, err = dec.Token(); err == io.EOF {
			return nil
		}
		return errors.New("there is more than one JSON object in the body")
	}
	if wrong, ok := errors.AsType[*json.UnmarshalTypeError](err); ok {
		return fmt.Errorf("the body's %s is a %s, want a value of type %s", wrong.Field, wrong.Value, typeName(wrong.Type))
	}
	if name, ok := strings.CutPrefix(err.Error(), "json: unknown field "); ok {
		name = strings.Trim(name, `"`)
		return fmt.Errorf("the body has no field %q%s", name, known(name, fieldNames(p.endpoint.Body)))
	}
	return fmt.Errorf("the body: %w", err)
}

// known suggests the name that was most likely meant, or lists all names.
func known(name string, names []string) string {
	if text := config.DidYouMean(name, names); text != "" {
		return text
	}
	if len(names) == 0 {
		return "; it takes none"
	}
	return "; there are: " + strings.Join(names, ", ")
}

// paramNames are all parameters of an endpoint.
func paramNames(e *helix.Endpoint) []string {
	return slices.Concat(fieldNames(e.Query), fieldNames(e.Body))
}

func fieldNames(params []helix.Param) []string {
	names := make([]string, len(params))
	for i, p := range params {
		names[i] = p.Name
	}
	return names
}
