package eventsub_test

import (
	"net/http"
	"strconv"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/larkspur-dev/larkspur/emulator"
	"github.com/larkspur-dev/larkspur/eventsub"
)

// Revocations that arrived at the same time called OnRevoked at the same time.
func TestConduitCallsOnRevokedOneAtATime(t *testing.T) {
	network := &callbackNetwork{}
	onConduitStage(t, func(s *conduitStage) {
		var running, calls atomic.Int32
		p := s.start(eventsub.ConduitOptions{Callback: callback, Secret: hookSecret, OnRevoked: func(*eventsub.RevokedError) {
			if running.Add(1) > 1 {
				t.Error("OnRevoked is called while another call of it runs")
			}
			time.Sleep(100 * time.Millisecond)
			running.Add(-1)
			calls.Add(1)
		}})
		network.to.Store(p.Conduit)
		p.ready()
		var posts sync.WaitGroup
		for i := range 5 {
			posts.Go(func() {
				signedPost("revocation", "r"+strconv.Itoa(i), time.Now(), []byte(revokedBody), hookSecret).wantStatus(t, p.Conduit, http.StatusNoContent)
			})
		}
		posts.Wait()
		if n := calls.Load(); n != 5 {
			t.Errorf("calls: got %d, want 5", n)
		}
		p.end()
	}, emulator.WebhookClient(&http.Client{Transport: network}))
}
