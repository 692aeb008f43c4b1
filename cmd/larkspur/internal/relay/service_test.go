package relay_test

import (
	"errors"
	"fmt"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/larkspur-dev/larkspur/cmd/larkspur/internal/relay"
)

// replaceDefaultTransport makes next serve the requests of the default HTTP client
// until the test ends.
func replaceDefaultTransport(t *testing.T, next http.RoundTripper) {
	t.Helper()
	old := http.DefaultTransport
	http.DefaultTransport = next
	t.Cleanup(func() { http.DefaultTransport = old })
}

// shoutrrr's zulip panics if the request fails.
func TestUnreachableZulipDoesNotEndTheProgram(t *testing.T) {
	replaceDefaultTransport(t, roundTripper(func(*http.Request) (*http.Response, error) {
		return nil, errors.New("connection refused")
	}))
	err := send(t, "zulip://bot%40chat.example:t0kenvalue@chat.example/?stream=s&topic=t", "hello", relay.Options{AllowPrivate: true})
	if err == nil || !strings.Contains(err.Error(), "relay team: zulip: its library panicked") {
		t.Errorf("got %v, want an error", err)
	}
	if err != nil && strings.Contains(err.Error(), "t0kenvalue") {
		t.Errorf("the error shows the key: %v", err)
	}
}

// shoutrrr accepts no context: its requests go on after a message's time is up.
func TestHangingServiceDoesNotPileUpRequests(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var requests atomic.Int32
		answer := make(chan struct{})
		replaceDefaultTransport(t, roundTripper(func(*http.Request) (*http.Response, error) {
			requests.Add(1)
			<-answer
			return nil, errors.New("connection reset")
		}))
		r, err := relay.New("team", "zulip://bot%40chat.example:key@chat.example/?stream=s&topic=t", relay.Options{AllowPrivate: true})
		if err != nil {
			t.Fatal(err)
		}
		for range 50 {
			go func() { _ = r.Send(t.Context(), "hello") }()
		}
		time.Sleep(11 * time.Second)
		if n := requests.Load(); n != 4 {
			t.Errorf("got %d requests under way, want 4", n)
		}
		started := time.Now()
		err = r.Send(t.Context(), "hello")
		if want := "relay team: 4 earlier messages still wait for an answer"; fmt.Sprint(err) != want || time.Since(started) > 0 {
			t.Errorf("got %v after %s, want %q at once", err, time.Since(started), want)
		}
		close(answer)
		synctest.Wait()
		if err := r.Send(t.Context(), "hello"); err == nil || strings.Contains(err.Error(), "earlier messages") || requests.Load() != 5 {
			t.Errorf("got %v and %d requests, want another attempt", err, requests.Load())
		}
	})
}
