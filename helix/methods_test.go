package helix

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"reflect"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// These tests go over every generated method by reflection. They hold the methods,
// their params and the endpoint table against one another.

type method struct {
	name     string
	call     reflect.Value
	params   reflect.Type // nil if it takes none
	endpoint *Endpoint
}

// methods finds all methods that make one call of an endpoint, and which one.
func methods(t *testing.T, tw *Client, endpointOf func() *Endpoint) []method {
	t.Helper()
	var out []method
	groups := reflect.ValueOf(&tw.services).Elem()
	for i := range groups.NumField() {
		if !groups.Type().Field(i).IsExported() {
			continue
		}
		group := groups.Field(i)
		for j := range group.NumMethod() {
			m := method{
				name: groups.Type().Field(i).Name + "." + group.Type().Method(j).Name,
				call: group.Method(j),
			}
			sig := m.call.Type()
			if sig.NumIn() > 2 || sig.Out(sig.NumOut()-1) != reflect.TypeFor[error]() {
				continue // an iterator
			}
			if sig.NumIn() == 2 {
				if m.params = sig.In(1); m.params.Kind() != reflect.Struct {
					continue // written by hand
				}
			}
			if m.name == "Clips.CreateAndWait" || m.name == "Chat.Say" || m.name == "Chat.SayAll" {
				continue // written by hand
			}
			_, err := m.do(t, reflect.Value{})
			if e, ok := errors.AsType[*ParamError](err); ok {
				m.endpoint = e.Endpoint
			} else {
				m.endpoint = endpointOf()
			}
			out = append(out, m)
		}
	}
	return out
}

func (m *method) do(t *testing.T, params reflect.Value) (any, error) {
	t.Helper()
	in := []reflect.Value{reflect.ValueOf(t.Context())}
	if m.params != nil {
		if !params.IsValid() {
			params = reflect.Zero(m.params)
		}
		in = append(in, params)
	}
	out := m.call.Call(in)
	err, _ := reflect.TypeAssert[error](out[len(out)-1])
	if len(out) == 1 {
		return nil, err
	}
	return out[0].Interface(), err
}

// stub answers every request with body and remembers the request.
type stub struct {
	mu       sync.Mutex // several parts of a long list come at the same time
	status   int
	body     []byte
	request  *http.Request
	sent     string
	endpoint *Endpoint
}

func (s *stub) RoundTrip(r *http.Request) (*http.Response, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.request, s.sent = r, ""
	if r.Body != nil {
		b, _ := io.ReadAll(r.Body)
		s.sent = string(b)
	}
	return &http.Response{StatusCode: s.status, Header: http.Header{}, Body: io.NopCloser(bytes.NewReader(s.body))}, nil
}

func everyMethod(t *testing.T) ([]method, *stub) {
	t.Helper()
	s := &stub{status: 200, body: []byte(`{"data":[]}`)}
	watch := func(next Handler) Handler {
		return func(ctx context.Context, c *Call) error {
			s.mu.Lock()
			s.endpoint = c.Endpoint
			s.mu.Unlock()
			return next(ctx, c)
		}
	}
	tw := New("client", StaticToken("1", "token"), Options{
		HTTPClient: &http.Client{Transport: s}, Middleware: []Middleware{watch}, MaxAttempts: 1,
		JWT: func(context.Context, string) (string, error) { return "jwt", nil },
	})
	return methods(t, tw, func() *Endpoint { return s.endpoint }), s
}

func TestEveryEndpointHasAMethod(t *testing.T) {
	all, _ := everyMethod(t)
	have := map[string]string{}
	for _, m := range all {
		if other, ok := have[m.endpoint.ID]; ok {
			t.Errorf("%s: got %s and %s, want one method", m.endpoint.ID, other, m.name)
		}
		have[m.endpoint.ID] = m.name
	}
	for _, e := range Endpoints() {
		if have[e.ID] == "" {
			t.Errorf("%s: got no method", e.ID)
		}
		if found, ok := EndpointByID(e.ID); !ok || found != e {
			t.Errorf("EndpointByID(%q): got %v, %v", e.ID, found, ok)
		}
	}
}

func names(params []Param) []string {
	out := []string{}
	for _, p := range params {
		out = append(out, p.Name)
	}
	slices.Sort(out)
	return out
}

func fieldNames(fields []field) []string {
	out := []string{}
	for _, f := range fields {
		out = append(out, f.name)
	}
	slices.Sort(out)
	return out
}

// A parameter that only one side knows would be dropped or go unchecked.
func TestParamsAndEndpointsAgree(t *testing.T) {
	all, _ := everyMethod(t)
	for _, m := range all {
		e := m.endpoint
		p := &plan{}
		if m.params != nil {
			p = makePlan(m.params)
		}
		if diff := cmp.Diff(names(e.Query), fieldNames(p.query)); diff != "" {
			t.Errorf("%s, query of %s: %s", m.name, e.ID, diff)
		}
		if diff := cmp.Diff(names(e.Body), fieldNames(p.body)); diff != "" {
			t.Errorf("%s, body of %s: %s", m.name, e.ID, diff)
		}
		known := append(names(e.Query), names(e.Body)...)
		mentioned := slices.Clone(e.TokenUser)
		for _, r := range e.Rules {
			mentioned = slices.Concat(mentioned, r.ExactlyOneOf, r.AtLeastOneOf, r.AtMostOneOf, r.AllOrNone, r.Of, r.Required, r.Forbidden)
			if r.When != nil {
				mentioned = append(mentioned, r.When.Params...)
			}
		}
		for _, l := range e.Limits {
			mentioned = append(mentioned, l.Params...)
			if l.Distinct != "" {
				mentioned = append(mentioned, l.Distinct)
			}
		}
		for _, g := range e.AppGrants {
			mentioned = append(mentioned, g.Param)
		}
		for _, name := range mentioned {
			if !slices.Contains(known, name) {
				t.Errorf("%s: a rule is about %s, which is no parameter", e.ID, name)
			}
		}
		if _, paged := m.paramsField("After"); e.Paginated && !paged {
			t.Errorf("%s: got a cursor, but no After", e.ID)
		}
	}
}

func (m *method) paramsField(name string) (reflect.StructField, bool) {
	if m.params == nil {
		return reflect.StructField{}, false
	}
	return m.params.FieldByName(name)
}

// The least that a call needs passes our own checks and is sent as the table says.
func TestEveryMethodSends(t *testing.T) {
	all, s := everyMethod(t)
	for _, m := range all {
		t.Run(m.name, func(t *testing.T) {
			s.request = nil
			_, err := m.do(t, m.least())
			if s.request == nil {
				t.Fatalf("got %v before anything was sent", err)
			}
			e := m.endpoint
			if got, want := s.request.Method+" "+s.request.URL.Path, e.Method+" /helix"+e.Path; got != want {
				t.Errorf("got %s, want %s", got, want)
			}
			query := s.request.URL.Query()
			for _, p := range e.Query {
				if p.Required && !query.Has(p.Name) {
					t.Errorf("got query %q, want it to have %s", query.Encode(), p.Name)
				}
			}
			var sent map[string]any
			if len(e.Body) > 0 {
				if err := json.Unmarshal([]byte(s.sent), &sent); err != nil {
					t.Fatalf("got body %q: %v", s.sent, err)
				}
				if inner, ok := sent[e.Wrap].(map[string]any); ok {
					sent = inner
				}
			} else if s.sent != "" {
				t.Errorf("got body %q, want none", s.sent)
			}
			for _, p := range e.Body {
				if _, ok := sent[p.Name]; p.Required && !ok {
					t.Errorf("got body %q, want it to have %s", s.sent, p.Name)
				}
			}
			for _, want := range []TokenKind{UserToken, AppToken, JWT} {
				if e.Tokens.Has(want) && s.request.Header.Get("Authorization") == "" {
					t.Error("got no token")
				}
			}
			if e.Success < 200 || e.Success > 299 {
				t.Errorf("got success %d", e.Success)
			}
		})
	}
}

// least returns params with nothing but what is required.
func (m *method) least() reflect.Value {
	if m.params == nil {
		return reflect.Value{}
	}
	v := reflect.New(m.params).Elem()
	var also []string
	for _, r := range m.endpoint.Rules {
		for _, oneOf := range [][]string{r.ExactlyOneOf, r.AtLeastOneOf} {
			if len(oneOf) > 0 {
				also = append(also, oneOf[0])
			}
		}
	}
	p := makePlan(m.params)
	fill(v, p.query, m.endpoint.Query, also)
	fill(v, p.body, m.endpoint.Body, also)
	for _, name := range demanded(v, m.endpoint.Rules) {
		fill(v, p.query, m.endpoint.Query, []string{name})
		fill(v, p.body, m.endpoint.Body, []string{name})
	}
	return v
}

// demanded returns what rules ask for because of what is set.
func demanded(v reflect.Value, rules []ParamRules) (names []string) {
	p := params{makePlan(v.Type()), v}
	for _, r := range rules {
		if len(r.Required) > 0 && r.When.holds(p, false) {
			names = append(names, r.Required...)
		}
	}
	return names
}

func fill(v reflect.Value, fields []field, params []Param, also []string) {
	for i := range params {
		p := &params[i]
		for _, f := range fields {
			if f.name == p.Name && (p.Required || slices.Contains(also, p.Name)) {
				fillOne(v.FieldByIndex(f.index), p)
			}
		}
	}
}

func fillOne(v reflect.Value, p *Param) {
	switch {
	case v.Kind() == reflect.Pointer:
		v.Set(reflect.New(v.Type().Elem()))
		fillOne(v.Elem(), p)
	case v.Kind() == reflect.Slice:
		v.Set(reflect.MakeSlice(v.Type(), max(1, p.MinItems), max(1, p.MinItems)))
		for i := range v.Len() {
			fillOne(v.Index(i), p)
		}
	case v.Kind() == reflect.Map:
		v.Set(reflect.MakeMap(v.Type()))
		key := reflect.New(v.Type().Key()).Elem()
		key.SetString("key")
		v.SetMapIndex(key, reflect.Zero(v.Type().Elem()))
	case v.Type() == reflect.TypeFor[time.Time]():
		v.Set(reflect.ValueOf(time.Unix(1793536200, 0)))
	case v.Kind() == reflect.Struct:
		fill(v, makePlan(v.Type()).body, p.Fields, nil)
		if v.IsZero() && len(p.Fields) > 0 { // required, but nothing in it is
			fill(v, makePlan(v.Type()).body, p.Fields, []string{p.Fields[0].Name})
		}
		fill(v, makePlan(v.Type()).body, p.Fields, demanded(v, p.Rules))
	case v.Kind() == reflect.String && len(p.Enum) > 0:
		v.SetString(p.Enum[0])
	case v.Kind() == reflect.String && strings.Contains(p.Pattern, "broadcast"):
		v.SetString("broadcast")
	case v.Kind() == reflect.String:
		v.SetString(strings.Repeat("1", max(1, p.MinLength)))
	case v.CanInt():
		v.SetInt(max(1, int64(p.Min)))
	case v.CanFloat():
		v.SetFloat(max(1, p.Min))
	}
}
