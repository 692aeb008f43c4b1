package gen

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"github.com/larkspur-dev/larkspur/helix"
)

const examplesDir = "../../../shared/twitch/examples"

// example is one entry of the index of Twitch's documented calls.
type example struct {
	Endpoint, Method, URL     string
	RequestFile, ResponseFile string
}

// readExamples reads an index in place; the files belong to Twitch and are not part of
// this repository.
func readExamples[T any](t *testing.T, kind string) []T {
	t.Helper()
	raw, err := os.ReadFile(filepath.Join(examplesDir, kind, "index.json"))
	if err != nil {
		t.Skipf("Twitch's documented examples are not here: %v", err)
	}
	var list []T
	if err := json.Unmarshal(raw, &list); err != nil {
		t.Fatal(err)
	}
	return list
}

// TestDocumentedCalls makes every call in Twitch's reference with the generated method.
// The request must be equal to the documented one, and the documented response must be
// decoded.
func TestDocumentedCalls(t *testing.T) {
	methods := methodsByID(t)
	for _, ex := range readExamples[example](t, "helix") {
		if reason, odd := oddExamples[ex.Endpoint]; odd {
			t.Logf("%s: %s", ex.Endpoint, reason)
			continue
		}
		t.Run(ex.Endpoint, func(t *testing.T) {
			name, ok := methods[ex.Endpoint]
			if !ok {
				t.Fatalf("no method is generated for %s", ex.Endpoint)
			}
			server := httptest.NewServer(answer(t, ex))
			defer server.Close()
			tw := helix.New("client", anyToken{}, helix.Options{BaseURL: server.URL, JWT: anyJWT}).As("1")
			method := reflect.ValueOf(tw).Elem().FieldByName(name[0]).MethodByName(name[1])
			args := []reflect.Value{reflect.ValueOf(t.Context())}
			if method.Type().NumIn() == 2 {
				args = append(args, arguments(t, ex, method.Type().In(1)))
			}
			out := method.Call(args)
			if err, _ := reflect.TypeAssert[error](out[len(out)-1]); err != nil && ex.ResponseFile != "" {
				if documentedError(ex) {
					return
				}
				if _, isParam := errors.AsType[*helix.ParamError](err); isParam {
					t.Skipf("the documented call breaks Twitch's own rules: %v", err)
				}
				t.Fatalf("%s.%s: %v", name[0], name[1], err)
			}
			if len(out) == 2 && strings.HasSuffix(ex.ResponseFile, ".json") {
				compareAnswer(t, ex, out[0].Interface())
			}
		})
	}
}

// oddExamples are documented calls that cannot be made as they are.
var oddExamples = map[string]string{
	"update-channel-guest-star-settings": "the examples send in the query what the table has in the body",
	"delete-guest-star-slot":             "the example names the session twice",
}

// documentedError reports whether the documented answer is an error.
func documentedError(ex example) bool { return strings.Contains(ex.ResponseFile, ".error.") }

// methodsByID returns service and method for every endpoint, from the model.
func methodsByID(t *testing.T) map[string][2]string {
	t.Helper()
	spec, err := readSpec("../../spec")
	if err != nil {
		t.Fatal(err)
	}
	o, err := readOverlay("../../spec")
	if err != nil {
		t.Fatal(err)
	}
	h := &helixWriter{resolver: newResolver(o, "helix", o.Helix.Types, ""), overlay: o, names: map[string]string{}}
	methods := make(map[string][2]string)
	for _, g := range h.groups(spec.Endpoints) {
		for _, m := range g.Methods {
			methods[m.Endpoint.ID] = [2]string{g.Name, m.Name}
		}
	}
	return methods
}

// arguments fills a params struct from the documented query and body.
func arguments(t *testing.T, ex example, typ reflect.Type) reflect.Value {
	t.Helper()
	p := reflect.New(typ)
	if ex.RequestFile != "" {
		raw, err := os.ReadFile(filepath.Join(examplesDir, "helix", ex.RequestFile))
		if err != nil {
			t.Fatal(err)
		}
		var wrapped struct{ Data json.RawMessage }
		if json.Unmarshal(raw, &wrapped) == nil && len(wrapped.Data) > 0 && wrapped.Data[0] == '{' {
			raw = wrapped.Data
		}
		if err := json.Unmarshal(raw, p.Interface()); err != nil {
			t.Fatalf("request: %v", err)
		}
	}
	u, err := url.Parse(ex.URL)
	if err != nil {
		t.Fatal(err)
	}
	for i := range typ.NumField() {
		name, _, _ := strings.Cut(typ.Field(i).Tag.Get("url"), ",")
		if values := u.Query()[name]; name != "" && len(values) > 0 {
			set(t, p.Elem().Field(i), values)
		}
	}
	return p.Elem()
}

// compareAnswer encodes what a method returned: everything documented must be in it.
func compareAnswer(t *testing.T, ex example, result any) {
	t.Helper()
	raw, err := os.ReadFile(filepath.Join(examplesDir, "helix", ex.ResponseFile))
	if err != nil {
		t.Fatal(err)
	}
	documented, _ := decoded(t, raw).(map[string]any)
	again, err := json.Marshal(result)
	if err != nil {
		t.Fatal(err)
	}
	got := decoded(t, again)
	object, isObject := got.(map[string]any)
	switch data := documented["data"].(type) {
	case []any:
		if isObject && object["data"] == nil && len(data) > 0 { // one of them was returned
			contains(t, "data[0]", got, data[0])
			return
		}
		if !isObject {
			contains(t, "data", got, data)
			return
		}
		contains(t, "data", object["data"], data)
	default:
		if isObject && object["data"] != nil {
			got = object["data"]
		}
		contains(t, "data", got, data)
	}
}

// set gives a field the values of a query.
func set(t *testing.T, field reflect.Value, values []string) {
	t.Helper()
	switch field.Kind() { //nolint:exhaustive // the other kinds are read as JSON below
	case reflect.Slice:
		field.Set(reflect.MakeSlice(field.Type(), len(values), len(values)))
		for i, v := range values {
			field.Index(i).SetString(v)
		}
		return
	case reflect.Pointer:
		field.Set(reflect.New(field.Type().Elem()))
		set(t, field.Elem(), values)
		return
	case reflect.String:
		field.SetString(values[0])
		return
	}
	text := values[0]
	if field.Kind() == reflect.Struct {
		text = `"` + text + `"` // a time
	}
	if err := json.Unmarshal([]byte(text), field.Addr().Interface()); err != nil {
		t.Fatalf("query: %v", err)
	}
}

// answer compares the request with the documented one and answers as documented.
func answer(t *testing.T, ex example) http.HandlerFunc {
	u, err := url.Parse(ex.URL)
	if err != nil {
		t.Fatal(err)
	}
	e, _ := helix.EndpointByID(ex.Endpoint)
	return func(w http.ResponseWriter, r *http.Request) {
		if r.Method != ex.Method || r.URL.Path != strings.TrimPrefix(u.Path, "/helix") {
			t.Errorf("got %s %s, want %s %s", r.Method, r.URL.Path, ex.Method, u.Path)
		}
		for name, want := range u.Query() {
			if got := r.URL.Query()[name]; !reflect.DeepEqual(got, want) && !sameTime(got, want) {
				t.Errorf("query %s: got %v, want %v", name, got, want)
			}
		}
		if ex.RequestFile != "" {
			body, _ := io.ReadAll(r.Body)
			want, _ := os.ReadFile(filepath.Join(examplesDir, "helix", ex.RequestFile))
			contains(t, "request", decoded(t, body), decoded(t, want))
		}
		w.WriteHeader(e.Success)
		if ex.ResponseFile != "" {
			raw, err := os.ReadFile(filepath.Join(examplesDir, "helix", ex.ResponseFile))
			if err != nil {
				t.Error(err)
			}
			_, _ = w.Write(raw)
		}
	}
}

func anyJWT(context.Context, string) (string, error) { return "token", nil }

type anyToken struct{}

func (anyToken) Token(context.Context, string) (string, error) { return "token", nil }
