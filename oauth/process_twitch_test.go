package oauth_test

import (
	"bytes"
	"context"
	"io"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"os"
	"strconv"
	"sync"
	"testing"
	"time"

	"github.com/larkspur-dev/larkspur/emulator"
)

// front is a proxy between real processes and an emulator of a public client, whose
// refresh tokens work once. It records which of them were exchanged.
type front struct {
	tw     *emulator.Server
	server *httptest.Server
	delay  time.Duration // of answers, at most

	busy sync.RWMutex // read-locked by every request under way

	mu    sync.Mutex
	taken map[string]bool // guarded by mu; refresh tokens that were exchanged
	n     int             // guarded by mu; refreshes that Twitch granted
}

const publicClient = "public-client"

func newFront(t *testing.T) *front {
	t.Helper()
	f := &front{
		tw:    emulator.Start(t, emulator.InMemory(), emulator.User("ada"), emulator.ClientCredentials(publicClient, "")),
		taken: map[string]bool{},
	}
	f.server = httptest.NewServer(f)
	t.Cleanup(f.server.Close)
	return f
}

func (f *front) url() string { return f.server.URL + "/oauth2" }

func (f *front) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	f.busy.RLock()
	defer f.busy.RUnlock()
	_ = r.ParseForm()
	body := r.PostForm.Encode()
	// Twitch completes a request even if the process that sent it has died.
	req, err := http.NewRequestWithContext(context.WithoutCancel(r.Context()), r.Method, f.tw.URL()+r.URL.Path, bytes.NewBufferString(body))
	if err != nil {
		w.WriteHeader(http.StatusBadGateway)
		return
	}
	req.Header = r.Header.Clone()
	res, err := f.tw.HTTPClient().Do(req)
	if err != nil {
		w.WriteHeader(http.StatusBadGateway)
		return
	}
	defer res.Body.Close()
	if token := r.PostForm.Get("refresh_token"); token != "" && res.StatusCode == http.StatusOK {
		f.mu.Lock()
		f.taken[token] = true
		f.n++
		f.mu.Unlock()
	}
	if f.delay > 0 {
		time.Sleep(rand.N(f.delay)) // the response is under way
	}
	w.WriteHeader(res.StatusCode)
	_, _ = io.Copy(w, res.Body)
}

func (f *front) refreshes() int {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.n
}

// took waits for all requests under way and reports whether a refresh token was
// exchanged.
func (f *front) took(refreshToken string) bool {
	f.busy.Lock()
	defer f.busy.Unlock()
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.taken[refreshToken]
}

// fullSize are the sizes of the large proofs, with LARKSPUR_LONG.
var fullSize = map[string]int{"LARKSPUR_KILLS": 200, "LARKSPUR_GOROUTINES": 1000, "LARKSPUR_HISTORIES": 20_000}

// scale returns the number in an environment variable that enables a long run:
// LARKSPUR_KILLS=200 go test ./oauth -run Kill -v.
func scale(t *testing.T, variable string, usual int) int {
	t.Helper()
	text := os.Getenv(variable)
	switch {
	case text == "" && os.Getenv("LARKSPUR_LONG") != "":
		return fullSize[variable]
	case text == "":
		return usual
	}
	n, err := strconv.Atoi(text)
	if err != nil || n < 1 {
		t.Fatalf("%s: got %q, want a number", variable, text)
	}
	return n
}
