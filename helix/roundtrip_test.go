package helix

import (
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

// Random values of every type that a method returns survive encoding and decoding.
func TestEveryAnswerSurvives(t *testing.T) {
	all, _ := everyMethod(t)
	for _, m := range all {
		sig := m.call.Type()
		if sig.NumOut() < 2 || sig.Out(0).Kind() == reflect.String {
			continue
		}
		t.Run(m.name, func(t *testing.T) {
			rapid.Check(t, func(t *rapid.T) {
				in := reflect.New(sig.Out(0)).Elem()
				random(t, in, 0)
				encoded, err := json.Marshal(in.Interface())
				if err != nil {
					t.Fatal(err)
				}
				out := reflect.New(sig.Out(0))
				if err := json.Unmarshal(encoded, out.Interface()); err != nil {
					t.Fatalf("%v in %s", err, encoded)
				}
				if diff := cmp.Diff(in.Interface(), out.Elem().Interface()); diff != "" {
					t.Fatalf("%s\n%s", encoded, diff)
				}
			})
		})
	}
}

// random fills v. Empty lists and maps are nil, because JSON cannot tell them from
// none where they are left out.
func random(t *rapid.T, v reflect.Value, depth int) {
	switch v.Interface().(type) {
	case time.Time:
		v.Set(reflect.ValueOf(time.Unix(rapid.Int64Range(1, 4e9).Draw(t, "time"), 0).UTC()))
		return
	case Time:
		if rapid.Bool().Draw(t, "a time") {
			v.Set(reflect.ValueOf(Time{time.Unix(rapid.Int64Range(1, 4e9).Draw(t, "time"), 0).UTC()}))
		}
		return
	case json.RawMessage:
		v.SetBytes([]byte(`{"a":1}`))
		return
	}
	switch v.Kind() {
	case reflect.Pointer:
		if depth == 0 || rapid.Bool().Draw(t, "set") {
			v.Set(reflect.New(v.Type().Elem()))
			random(t, v.Elem(), depth+1)
		}
	case reflect.Struct:
		for i := range v.NumField() {
			if f := v.Type().Field(i); f.IsExported() && !strings.HasPrefix(f.Tag.Get("json"), "-") {
				random(t, v.Field(i), depth+1)
			}
		}
	case reflect.Slice:
		if n := rapid.IntRange(0, 2).Draw(t, "length"); n > 0 {
			v.Set(reflect.MakeSlice(v.Type(), n, n))
			for i := range n {
				random(t, v.Index(i), depth+1)
			}
		}
	case reflect.Map:
		if rapid.Bool().Draw(t, "filled") {
			v.Set(reflect.MakeMap(v.Type()))
			value := reflect.New(v.Type().Elem()).Elem()
			random(t, value, depth+1)
			v.SetMapIndex(reflect.ValueOf("key").Convert(v.Type().Key()), value)
		}
	case reflect.String:
		v.SetString(rapid.StringN(0, 5, -1).Draw(t, "text"))
	case reflect.Bool:
		v.SetBool(rapid.Bool().Draw(t, "flag"))
	case reflect.Int, reflect.Int64:
		v.SetInt(rapid.Int64Range(-1<<53, 1<<53).Draw(t, "number"))
	case reflect.Float64:
		v.SetFloat(rapid.Float64Range(-1e15, 1e15).Draw(t, "fraction"))
	default:
		t.Fatalf("cannot fill %s", v.Type())
	}
}

// endless answers with 200 MB and counts how much of it is read.
type endless struct {
	status int
	read   *int
}

func (e endless) RoundTrip(r *http.Request) (*http.Response, error) {
	body := io.LimitReader(zeros{e.read}, 200<<20)
	return &http.Response{StatusCode: e.status, Header: http.Header{}, Request: r, Body: io.NopCloser(body)}, nil
}

type zeros struct{ read *int }

func (z zeros) Read(b []byte) (int, error) {
	for i := range b {
		b[i] = '0'
	}
	*z.read += len(b)
	return len(b), nil
}

func TestHugeAnswersAreNotRead(t *testing.T) {
	for _, status := range []int{200, 400, 500} {
		read := 0
		tw := New("client", StaticToken("", "t"), Options{HTTPClient: httpClient(endless{status, &read}), MaxAttempts: 1})
		_, err := list[thing](t.Context(), tw, getThings, nil)
		if !errors.Is(err, errTooLarge) {
			t.Errorf("%d: got %v, want %v", status, err, errTooLarge)
		}
		if read > 17<<20 { // the limit of 16 MiB, and one byte to see that there is more
			t.Errorf("%d: read %d MiB, want at most 16", status, read>>20)
		}
	}
}
