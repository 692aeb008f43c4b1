package helix

import (
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"
)

// The same exchange with and without this package, over a warm connection.
func BenchmarkCall(b *testing.B) {
	body := []byte(things("1", "2", "3", "4", "5"))
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		_, _ = w.Write(body)
	}))
	defer srv.Close()
	tw := New("client", StaticToken("", "token"), Options{HTTPClient: srv.Client(), BaseURL: srv.URL})
	b.Run("helix", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			tw.core.buckets.of("").Correct(time.Now(), 1<<30, 1<<30)
			if _, err := page[thing](b.Context(), tw, getThings, getThingsParams{IDs: []string{"1", "2"}}); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("plain", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			req, err := http.NewRequestWithContext(b.Context(), http.MethodGet, srv.URL+"/things?id=1&id=2", nil)
			if err != nil {
				b.Fatal(err)
			}
			req.Header.Set("Client-Id", "client")
			req.Header.Set("Authorization", "Bearer token")
			res, err := srv.Client().Do(req)
			if err != nil {
				b.Fatal(err)
			}
			var out envelope[[]thing]
			raw, err := io.ReadAll(res.Body)
			if err == nil {
				err = json.Unmarshal(raw, &out)
			}
			_ = res.Body.Close()
			if err != nil {
				b.Fatal(err)
			}
		}
	})
}
