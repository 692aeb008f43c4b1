package helix

import (
	"encoding/json"
	"fmt"
	"net/url"
	"reflect"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"time"
)

// params is a params struct ready to be read by the names Twitch uses. Fields
// tagged url go into the query, fields tagged json into the body.
type params struct {
	plan  *plan
	value reflect.Value // of the struct; invalid if there are no params
}

// A plan is what reflection found out about a struct type.
type plan struct {
	query []field
	body  []field
}

type field struct {
	name     string
	index    []int
	omitZero bool
}

// plans remembers the plan of each type, and each pattern of the table; a program
// has a few hundred at most.
type plans struct {
	byType   sync.Map // reflect.Type → *plan
	patterns sync.Map // string → *regexp.Regexp
}

// matches reports whether s matches a pattern of the table.
func (c *plans) matches(pattern, s string) bool {
	known, ok := c.patterns.Load(pattern)
	if !ok {
		compiled, err := regexp.Compile(pattern)
		if err != nil {
			return true // Twitch will tell
		}
		known, _ = c.patterns.LoadOrStore(pattern, compiled)
	}
	return known.(*regexp.Regexp).MatchString(s)
}

// read returns the params in p, which is a struct, a pointer to one, or nil.
func (c *plans) read(p any) (params, error) {
	v := reflect.ValueOf(p)
	for v.Kind() == reflect.Pointer {
		v = v.Elem()
	}
	if !v.IsValid() {
		return params{plan: &plan{}}, nil
	}
	if v.Kind() != reflect.Struct {
		return params{}, fmt.Errorf("params are %s, want a struct", v.Type())
	}
	return params{plan: c.of(v.Type()), value: v}, nil
}

func (c *plans) of(t reflect.Type) *plan {
	if known, ok := c.byType.Load(t); ok {
		return known.(*plan)
	}
	found, _ := c.byType.LoadOrStore(t, makePlan(t))
	return found.(*plan)
}

func makePlan(t reflect.Type) *plan {
	var p plan
	for _, sf := range reflect.VisibleFields(t) {
		if !sf.IsExported() || sf.Anonymous || viaPointer(t, sf.Index) {
			continue
		}
		if name, options, ok := tag(sf, "url"); ok {
			p.query = append(p.query, field{name, sf.Index, strings.Contains(options, "omitzero")})
		} else if name, options, ok := tag(sf, "json"); ok {
			p.body = append(p.body, field{name, sf.Index, strings.Contains(options, "omitzero")})
		}
	}
	return &p
}

// viaPointer reports whether a promoted field is behind an embedded pointer,
// which may be nil. No params struct is built that way.
func viaPointer(t reflect.Type, index []int) bool {
	for i := range len(index) - 1 {
		if t.FieldByIndex(index[:i+1]).Type.Kind() == reflect.Pointer {
			return true
		}
	}
	return false
}

func tag(sf reflect.StructField, key string) (name, options string, ok bool) {
	name, options, _ = strings.Cut(sf.Tag.Get(key), ",")
	return name, options, name != "" && name != "-"
}

// first returns the first string that is set among the named parameters.
func (p params) first(names []string) string {
	for _, name := range names {
		v, ok := p.lookup(name)
		if ok && v.Kind() == reflect.Slice {
			v = v.Index(0)
		}
		if ok && v.Kind() == reflect.String && v.String() != "" {
			return v.String()
		}
	}
	return ""
}

// lookup returns the value of the parameter that Twitch calls name, through a
// pointer. It reports false if the params struct has none or it is not set.
func (p params) lookup(name string) (reflect.Value, bool) {
	for _, fields := range [][]field{p.plan.query, p.plan.body} {
		if v, known, given := p.get(fields, name); known {
			return v, given
		}
	}
	return reflect.Value{}, false
}

// get finds a field by its name and says whether it is set.
func (p params) get(fields []field, name string) (v reflect.Value, known, given bool) {
	for _, f := range fields {
		if f.name == name {
			v, given = set(p.value.FieldByIndex(f.index), f.omitZero)
			return v, true, given
		}
	}
	return reflect.Value{}, false, false
}

// set returns v, through a pointer, and whether it would be sent and says something.
func set(v reflect.Value, omitZero bool) (reflect.Value, bool) {
	if v.Kind() == reflect.Pointer {
		if v.IsNil() {
			return v, false
		}
		return v.Elem(), true
	}
	switch v.Kind() {
	case reflect.String, reflect.Slice, reflect.Map:
		return v, v.Len() > 0
	case reflect.Struct:
		return v, !v.IsZero()
	default:
		return v, !omitZero || !v.IsZero()
	}
}

// appendQuery appends the query string to b, in the order of the struct's fields.
func (p params) appendQuery(b []byte) ([]byte, error) {
	start := len(b)
	for _, f := range p.plan.query {
		v, given := set(p.value.FieldByIndex(f.index), f.omitZero)
		if !given {
			continue
		}
		n := 1
		repeated := v.Kind() == reflect.Slice
		if repeated {
			n = v.Len()
		}
		for i := range n {
			one := v
			if repeated {
				one = v.Index(i)
			}
			text, err := queryValue(one)
			if err != nil {
				return nil, fmt.Errorf("%s: %w", f.name, err)
			}
			if len(b) > start {
				b = append(b, '&')
			}
			b = append(b, url.QueryEscape(f.name)...)
			b = append(b, '=')
			b = append(b, url.QueryEscape(text)...)
		}
	}
	return b, nil
}

func queryValue(v reflect.Value) (string, error) {
	if v.Kind() == reflect.Struct {
		switch t := v.Interface().(type) {
		case time.Time:
			return t.UTC().Format(time.RFC3339Nano), nil
		case Time:
			return t.UTC().Format(time.RFC3339Nano), nil
		}
	}
	switch {
	case v.Kind() == reflect.String:
		return v.String(), nil
	case v.CanInt():
		return strconv.FormatInt(v.Int(), 10), nil
	case v.CanUint():
		return strconv.FormatUint(v.Uint(), 10), nil
	case v.CanFloat():
		return strconv.FormatFloat(v.Float(), 'f', -1, 64), nil
	case v.Kind() == reflect.Bool:
		return strconv.FormatBool(v.Bool()), nil
	default:
		return "", fmt.Errorf("cannot put a %s into a query", v.Type())
	}
}

// encodeBody returns the JSON body of a call of e, or nil if e takes none.
func (p params) encodeBody(e *Endpoint) ([]byte, error) {
	if len(e.Body) == 0 {
		return nil, nil
	}
	body := []byte("{}")
	if p.value.IsValid() {
		var err error
		if body, err = json.Marshal(p.value.Interface()); err != nil {
			return nil, err
		}
	}
	if e.Wrap == "" {
		return body, nil
	}
	return json.Marshal(map[string]json.RawMessage{e.Wrap: body})
}
