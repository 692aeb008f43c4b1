package helix_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/url"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/larkspur-dev/larkspur/helix"
)

// An everyRow calls one endpoint as users of this package do.
type everyRow struct {
	id    string
	ready func(s *stage) // brings about what the call needs; may be nil
	call  func(ctx context.Context, tw *helix.Client, s *stage) error
}

// does drops the result of a call: only its error counts here.
func does[T any](_ T, err error) error { return err }

// everyCall has a row for every endpoint.
var everyCall = slices.Concat(everyChannel, everyChat, everyModeration, everyViewers, everyExtension)

// notYet are the endpoints that the emulator does not answer.
var notYet = []string{}

func TestEveryEndpointHasARow(t *testing.T) {
	rows := map[string]int{}
	for _, row := range everyCall {
		rows[row.id]++
	}
	for _, e := range helix.Endpoints() {
		if rows[e.ID] != 1 {
			t.Errorf("%s: got %d rows, want 1", e.ID, rows[e.ID])
		}
		delete(rows, e.ID)
	}
	for id := range rows {
		t.Errorf("%s is no endpoint", id)
	}
}

// forEvery runs a test for every endpoint that the emulator answers.
func forEvery(t *testing.T, test func(t *testing.T, e *helix.Endpoint, row everyRow, s *stage)) {
	t.Helper()
	for _, row := range everyCall {
		e, ok := helix.EndpointByID(row.id)
		if !ok || slices.Contains(notYet, row.id) {
			continue
		}
		t.Run(row.id, func(t *testing.T) {
			t.Parallel()
			s := newStage(t)
			if row.ready != nil {
				row.ready(s)
			}
			test(t, e, row, s)
		})
	}
}

func TestEveryEndpoint(t *testing.T) {
	t.Parallel()
	forEvery(t, func(t *testing.T, e *helix.Endpoint, row everyRow, s *stage) {
		var called *helix.Endpoint
		watch := func(next helix.Handler) helix.Handler {
			return func(ctx context.Context, c *helix.Call) error {
				called = c.Endpoint
				return next(ctx, c)
			}
		}
		if err := row.call(t.Context(), s.client(s.everything(), helix.Options{Middleware: []helix.Middleware{watch}}), s); err != nil {
			t.Error(err)
		}
		if called != e {
			t.Errorf("got a call of %v, want %s", called, e.ID)
		}
	})
}

func TestEveryEndpointThatIsNotThereYet(t *testing.T) {
	for _, id := range notYet {
		s := newStage(t)
		i := slices.IndexFunc(everyCall, func(row everyRow) bool { return row.id == id })
		if i < 0 {
			t.Fatalf("%s is no endpoint", id)
		}
		err := everyCall[i].call(t.Context(), s.client(s.everything(), helix.Options{}), s)
		if e, ok := errors.AsType[*helix.Error](err); !ok || e.Status != http.StatusNotImplemented {
			t.Errorf("%s: got %v, want 501; or take it off the list", id, err)
		}
	}
}

// Without its scopes a call is refused by Twitch, and if they are known not to be
// granted, it is not even sent.
func TestEveryEndpointWithoutScope(t *testing.T) {
	t.Parallel()
	forEvery(t, func(t *testing.T, e *helix.Endpoint, row everyRow, s *stage) {
		if len(e.Scopes) == 0 {
			return
		}
		err := row.call(t.Context(), s.client(s.granted(unrelated(e)), helix.Options{}), s)
		if !errors.Is(err, helix.ErrUnauthorized) || !strings.Contains(err.Error(), "Missing scope: ") {
			t.Errorf("got %v, want 401 Missing scope", err)
		}
		sent := 0
		count := roundTripper(func(*http.Request) (*http.Response, error) {
			sent++
			return nil, errors.New("no call was wanted")
		})
		known := knownScopes{s.granted(unrelated(e)), []string{unrelated(e)}}
		err = row.call(t.Context(), s.client(known, helix.Options{HTTPClient: &http.Client{Transport: count}}), s)
		missing, ok := errors.AsType[*helix.ScopeError](err)
		if !ok || missing.Endpoint != e || missing.UserID == "" || len(missing.Missing) != len(e.Scopes) || sent != 0 {
			t.Errorf("got %v after %d requests, want a *ScopeError after none", err, sent)
		}
	})
}

// unrelated is a scope that has nothing to do with an endpoint.
func unrelated(e *helix.Endpoint) string {
	for _, scope := range []string{"user:read:email", "bits:read"} {
		if e.Scopes.Missing([]string{scope}) != nil && len(e.Scopes.Missing([]string{scope})) == len(e.Scopes) {
			return scope
		}
	}
	return "channel:bot"
}

// A token of a kind that the endpoint does not take is refused.
func TestEveryEndpointWithTheWrongToken(t *testing.T) {
	t.Parallel()
	forEvery(t, func(t *testing.T, e *helix.Endpoint, row everyRow, s *stage) {
		var tokens []string
		if !e.Tokens.Has(helix.AppToken) {
			tokens = append(tokens, s.AppToken())
		}
		if !e.Tokens.Has(helix.UserToken) {
			tokens = append(tokens, s.UserToken("ada", allScopes()...))
		}
		if !e.Tokens.Has(helix.JWT) {
			tokens = append(tokens, s.jwt())
		}
		if e.Tokens == 0 {
			tokens = nil // whoever calls, with whatever token
		}
		for i, token := range tokens {
			wrong := sameForAll(token)
			tw := s.client(wrong, helix.Options{JWT: func(context.Context, string) (string, error) { return token, nil }})
			if err := row.call(t.Context(), tw, s); !errors.Is(err, helix.ErrUnauthorized) {
				t.Errorf("token %d: got %v, want %v", i, err, helix.ErrUnauthorized)
			}
		}
	})
}

// A call without a parameter that is needed, or with a value that cannot be, is
// refused: by Twitch, and if the parameter is missing, by the client before.
func TestEveryEndpointWithAWrongParameter(t *testing.T) {
	t.Parallel()
	forEvery(t, func(t *testing.T, e *helix.Endpoint, row everyRow, s *stage) {
		spoil := spoilerOf(e)
		if spoil == nil {
			return // whatever is given is right
		}
		var params any
		watch := func(next helix.Handler) helix.Handler {
			return func(ctx context.Context, c *helix.Call) error {
				params = c.Params
				return next(ctx, c)
			}
		}
		spoiled := *s.HTTPClient()
		spoiled.Transport = roundTripper(func(r *http.Request) (*http.Response, error) {
			spoil(t, r)
			return s.HTTPClient().Transport.RoundTrip(r)
		})
		tw := s.client(s.everything(), helix.Options{HTTPClient: &spoiled, Middleware: []helix.Middleware{watch}})
		err := row.call(t.Context(), tw, s)
		if e, ok := errors.AsType[*helix.Error](err); !ok || e.Status != http.StatusBadRequest || e.Message == "" {
			t.Errorf("got %v, want 400 with a reason", err)
		}
		if !required(e) || params == nil {
			return
		}
		call := &helix.Call{Endpoint: e, Params: reflect.Zero(reflect.TypeOf(params)).Interface()}
		err = s.client(s.everything(), helix.Options{}).As(s.ada).Do(t.Context(), call)
		if wrong, ok := errors.AsType[*helix.ParamError](err); !ok || wrong.Param == "" || call.Attempts != 0 {
			t.Errorf("got %v after %d requests, want a *ParamError after none", err, call.Attempts)
		}
	})
}

func required(e *helix.Endpoint) bool {
	return slices.ContainsFunc(slices.Concat(e.Query, e.Body), func(p helix.Param) bool { return p.Required && p.Type != helix.Boolean })
}

// A spoiler makes a good request wrong.
type spoiler func(t *testing.T, r *http.Request)

// spoilerOf takes away a parameter that is needed, if there is one, and else gives
// one a value that it cannot have. It is nil if the endpoint takes anything.
func spoilerOf(e *helix.Endpoint) spoiler {
	for _, p := range e.Query {
		if p.Required {
			return queryWithout(p.Name)
		}
	}
	for _, p := range e.Body {
		if p.Required {
			return bodyWith(e, p.Name, nil)
		}
	}
	for _, r := range e.Rules {
		if names := slices.Concat(r.ExactlyOneOf, r.AtLeastOneOf, r.Required); len(names) > 0 && (r.When == nil || len(r.When.Params) == 0) {
			return queryWithout(names...)
		}
	}
	for _, p := range e.Query {
		switch {
		case p.HasMin:
			return queryWith(p.Name, "-1")
		case p.Type == helix.Integer || p.Type == helix.Number || p.Type == helix.Boolean:
			return queryWith(p.Name, "nonsense")
		case len(p.Enum) > 0:
			return queryWith(p.Name, "nonsense")
		}
	}
	for _, p := range e.Body {
		return bodyWith(e, p.Name, []any{[]any{}})
	}
	return nil
}

func queryWithout(names ...string) spoiler {
	return changeQuery(func(query url.Values) {
		for _, name := range names {
			query.Del(name)
		}
	})
}

func queryWith(name, value string) spoiler {
	return changeQuery(func(query url.Values) { query.Set(name, value) })
}

func changeQuery(change func(url.Values)) spoiler {
	return func(_ *testing.T, r *http.Request) {
		query := r.URL.Query()
		change(query)
		r.URL.RawQuery = query.Encode()
	}
}

// bodyWith sets a field of the body; nil takes it away.
func bodyWith(e *helix.Endpoint, name string, value any) spoiler {
	return func(t *testing.T, r *http.Request) {
		t.Helper()
		var body map[string]any
		if err := json.NewDecoder(r.Body).Decode(&body); err != nil {
			t.Fatal(err)
		}
		fields := body
		if e.Wrap != "" {
			fields, _ = body[e.Wrap].(map[string]any)
		}
		fields[name] = value
		if value == nil {
			delete(fields, name)
		}
		changed, err := json.Marshal(body)
		if err != nil {
			t.Fatal(err)
		}
		r.Body, r.ContentLength = io.NopCloser(bytes.NewReader(changed)), int64(len(changed))
	}
}

type roundTripper func(*http.Request) (*http.Response, error)

func (f roundTripper) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }
