package eventsub

import (
	"context"
	"fmt"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"
)

// A stage is a running Session connected to a fake, in a synctest bubble.
type stage struct {
	*fake

	stop    context.CancelFunc // ends Run
	session *Session
	mux     *Mux
	ended   chan struct{} // closed when Run has returned
	err     error         // what Run returned

	mu     sync.Mutex
	notes  []string // guarded by mu
	gaps   []Gap    // guarded by mu
	states []string // guarded by mu
}

// onStage runs story with a running session. It stops the session afterwards, which has
// to end within two seconds.
func onStage(t *testing.T, o SessionOptions, story func(t *testing.T, s *stage)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		s := &stage{fake: newFake(t), mux: NewMux(MuxOptions{Workers: 1})}
		On(s.mux, func(_ context.Context, e *note) error {
			s.mu.Lock()
			defer s.mu.Unlock()
			s.notes = append(s.notes, e.Text)
			return nil
		})
		On(s.mux, func(_ context.Context, e *Gap) error {
			s.mu.Lock()
			defer s.mu.Unlock()
			s.gaps = append(s.gaps, *e)
			return nil
		})
		o.HTTPClient = s.client()
		o.URL = "ws://eventsub.test/ws"
		if o.UserID == "" {
			o.UserID = "bot"
		}
		o.OnState = func(state State) {
			s.mu.Lock()
			defer s.mu.Unlock()
			s.states = append(s.states, state.String())
		}
		s.session = newSession(s.fake, s.mux, o)
		ctx, cancel := context.WithCancel(t.Context())
		s.stop = cancel
		s.ended = make(chan struct{})
		go func() {
			defer close(s.ended)
			s.err = s.session.Run(ctx)
		}()
		synctest.Wait()

		defer func() {
			start := time.Now()
			cancel()
			if <-s.ended; s.err != nil && !loginRequired(s.err) {
				t.Errorf("run: got %v, want none", s.err)
			}
			if took := time.Since(start); took > 2*time.Second {
				t.Errorf("the end of Run took %v", took)
			}
			drain(t, s.mux)
		}()
		story(t, s)
	})
}

func (s *stage) wantCalls(want ...string) {
	s.t.Helper()
	synctest.Wait()
	if diff := cmp.Diff(want, s.takeCalls()); diff != "" {
		s.t.Errorf("calls (-want +got):\n%s", diff)
	}
}

func (s *stage) wantNotes(want ...string) {
	s.t.Helper()
	synctest.Wait()
	s.mu.Lock()
	defer s.mu.Unlock()
	if diff := cmp.Diff(want, s.notes); diff != "" {
		s.t.Errorf("notes (-want +got):\n%s", diff)
	}
	s.notes = nil
}

func (s *stage) wantState(want string) {
	s.t.Helper()
	synctest.Wait()
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.states) == 0 || s.states[len(s.states)-1] != want {
		s.t.Errorf("states: got\n%s\nwant at the end\n%s", strings.Join(s.states, "\n"), want)
	}
}

func ada(n int) noteCondition { return noteCondition{BroadcasterUserID: fmt.Sprint(n)} }
