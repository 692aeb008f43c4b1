package catchup

import (
	"context"
	"sync"
	"time"

	"github.com/larkspur-dev/larkspur/helix"
)

const (
	// shareFor is how long the response of a call is used for other conditions of the
	// same broadcaster.
	shareFor = time.Minute
	// mostShared bounds the number of responses that are kept.
	mostShared = 256
)

// responses are the responses of calls that several conditions need: those for the
// types channel.moderator.add and channel.moderator.remove are the same.
type responses struct {
	mu    sync.Mutex
	found map[string]*response // guarded by mu
}

// A response is what a call returned, or will return.
type response struct {
	// turn has a value during the call. It is no sync.Mutex: a goroutine that waits for
	// one stops the time of a synctest bubble, for which the call may be waiting.
	turn  chan struct{}
	at    time.Time // when the call began; guarded by turn
	value any       // guarded by turn
}

// shared returns what fetch returns, or what it has returned for another condition after
// the end of the missed time.
func shared[T any](ctx context.Context, j *job, name string, fetch func() (T, error)) (T, error) {
	r := j.c.responses.get(name + " " + j.broadcasterID + " " + j.user)
	var none T
	select {
	case r.turn <- struct{}{}:
		defer func() { <-r.turn }()
	case <-ctx.Done():
		return none, context.Cause(ctx)
	}
	now := time.Now()
	if v, ok := r.value.(T); ok && !r.at.Before(j.m.To) && now.Sub(r.at) < shareFor {
		return v, nil
	}
	if err := ctx.Err(); err != nil {
		return none, err
	}
	v, err := fetch()
	if err != nil {
		return none, err
	}
	r.at, r.value = now, v
	return v, nil
}

func (s *responses) get(key string) *response {
	s.mu.Lock()
	defer s.mu.Unlock()
	if r := s.found[key]; r != nil {
		return r
	}
	if s.found == nil || len(s.found) >= mostShared {
		s.found = map[string]*response{}
	}
	r := &response{turn: make(chan struct{}, 1)}
	s.found[key] = r
	return r
}

// pages calls each for every item of a list, until it returns false.
func pages[T any](j *job, get func(after string) (*helix.Page[T], error), each func(item T) (more bool, err error)) error {
	for after := ""; ; {
		if err := j.call(); err != nil {
			return err
		}
		page, err := get(after)
		if err != nil {
			return err
		}
		for _, item := range page.Items {
			if more, err := each(item); err != nil || !more {
				return err
			}
		}
		if after = page.Cursor; after == "" {
			return nil
		}
	}
}

// all returns a whole list. It returns errEnough if it is too long.
func all[T any](j *job, get func(after string) (*helix.Page[T], error)) ([]T, error) {
	var items []T
	err := pages(j, get, func(item T) (bool, error) {
		items = append(items, item)
		return true, nil
	})
	return items, err
}
