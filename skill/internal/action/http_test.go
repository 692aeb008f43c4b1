package action_test

import (
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/larkspur-dev/larkspur/skill/internal/action"
)

func TestHTTP(t *testing.T) {
	var got []string
	site := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		got = append(got, strings.Join([]string{r.Method, r.URL.String(), r.Header.Get("X-Key"), string(body)}, " "))
		switch r.URL.Path {
		case "/json":
			_, _ = io.WriteString(w, `{"n": 1, "list": [true]}`)
		case "/long":
			_, _ = io.WriteString(w, strings.Repeat("x", 1<<20))
		default:
			w.WriteHeader(http.StatusTeapot)
		}
	}))
	defer site.Close()
	on := &action.Twitch{HTTP: site.Client()}
	do := func(args map[string]any) (map[string]any, error) {
		return action.Do(t.Context(), on, action.Effect{Action: "http", Args: args})
	}
	out, err := do(map[string]any{"url": site.URL + "/json?a=b", "headers": map[string]any{"X-Key": "k"}})
	value, _ := out["json"].(map[string]any)
	if err != nil || out["status"] != 200 || value["list"] == nil {
		t.Errorf("got %v, %v", out, err)
	}
	if out, err := do(map[string]any{"url": site.URL + "/x", "json": map[string]any{"a": int64(1)}}); err != nil || out["status"] != 418 || out["json"] != nil {
		t.Errorf("got %v, %v", out, err)
	}
	if out, err := do(map[string]any{"url": site.URL + "/long", "text": "hi", "method": "put"}); err != nil || len(out["text"].(string)) != 64<<10 {
		t.Errorf("got %d bytes, %v", len(out["text"].(string)), err)
	}
	want := []string{"GET /json?a=b k ", `POST /x  {"a":1}`, "PUT /long  hi"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	for _, bad := range []map[string]any{
		{"url": "ftp://example.org/"},
		{"url": "no address"},
		{"url": site.URL, "headers": map[string]any{"A": "b\r\nC: d"}},
		{"url": "http://127.0.0.1:1/secret"},
	} {
		if _, err := do(bad); err == nil || strings.Contains(err.Error(), "secret") {
			t.Errorf("%v: got %v, want an error without the path", bad, err)
		}
	}
}
