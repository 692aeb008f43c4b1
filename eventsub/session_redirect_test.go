package eventsub

import (
	"context"
	"net/http"
	"net/http/httptest"
	"sync/atomic"
	"testing"
)

// A redirect would bypass the check of addresses.
func TestRedirectIsNotFollowed(t *testing.T) {
	var followed atomic.Bool
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/elsewhere" {
			followed.Store(true)
			return
		}
		http.Redirect(w, r, "/elsewhere", http.StatusTemporaryRedirect)
	}))
	defer server.Close()
	states := make(chan State, 10)
	s := newSession(&fake{}, NewMux(), SessionOptions{
		URL: server.URL, HTTPClient: server.Client(), UserID: "bot", OnState: func(s State) { states <- s },
	})
	s.Want(ada(1))
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan error)
	go func() { done <- s.Run(ctx) }()
	for state := range states {
		if state.Phase == Waiting {
			break
		}
	}
	cancel()
	if err := <-done; err != nil || followed.Load() {
		t.Errorf("got %v, followed: %t; want neither", err, followed.Load())
	}
}
