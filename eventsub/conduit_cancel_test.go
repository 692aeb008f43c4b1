package eventsub_test

import (
	"context"
	"net/http"
	"testing"
	"time"

	"github.com/larkspur-dev/larkspur/emulator"
	"github.com/larkspur-dev/larkspur/eventsub"
	"github.com/larkspur-dev/larkspur/helix"
)

// A slowTransport delays requests.
type slowTransport struct {
	http.RoundTripper

	delay time.Duration
}

func (s slowTransport) RoundTrip(q *http.Request) (*http.Response, error) {
	select {
	case <-time.After(s.delay):
		return s.RoundTripper.RoundTrip(q)
	case <-q.Context().Done():
		return nil, context.Cause(q.Context())
	}
}

// Run once waited for ever for a request that assigned shards while it was cancelled.
func TestConduitReturnsWheneverItIsCancelled(t *testing.T) {
	for _, delay := range []time.Duration{0, 700 * time.Millisecond, 8 * time.Second} {
		for at := time.Duration(0); at < 12*time.Second; at += 350 * time.Millisecond {
			onConduitStage(t, func(s *conduitStage) {
				slow := *s.tw.HTTPClient()
				slow.Transport = slowTransport{slow.Transport, delay}
				s.client = helix.New(s.tw.ClientID(), helix.StaticToken("", s.tw.AppToken()), helix.Options{
					HTTPClient: &slow, BaseURL: s.tw.HelixURL(),
				})
				p := s.start(eventsub.ConduitOptions{Shards: 2})
				time.Sleep(at)
				p.cancel()
				select {
				case err := <-p.done:
					if err != nil {
						t.Errorf("cancelled after %s, requests take %s: got %v, want none", at, delay, err)
					}
				case <-time.After(time.Minute):
					t.Fatalf("cancelled after %s, requests take %s: Run did not return", at, delay)
				}
			}, emulator.User("bob"))
			if t.Failed() {
				return
			}
		}
	}
}
