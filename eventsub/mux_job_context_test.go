package eventsub

import (
	"bytes"
	"context"
	"errors"
	"runtime"
	"testing"
)

type contextKey struct{}

func TestJobContextEnds(t *testing.T) {
	values := context.WithoutCancel(context.WithValue(t.Context(), contextKey{}, "value"))
	for name, look := range map[string]func(c *jobContext){"asked before": func(c *jobContext) { c.Done() }, "asked after": func(*jobContext) {}} {
		c := &jobContext{values: values}
		look(c)
		if c.Err() != nil || c.Value(contextKey{}) != "value" {
			t.Errorf("%s: got %v and value %v, want none and value", name, c.Err(), c.Value(contextKey{}))
		}
		c.end()
		c.end()
		select {
		case <-c.Done():
		default:
			t.Errorf("%s: not done", name)
		}
		if !errors.Is(c.Err(), context.Canceled) || !errors.Is(context.Cause(c), context.Canceled) || c.Value(contextKey{}) != "value" {
			t.Errorf("%s: got %v, cause %v", name, c.Err(), context.Cause(c))
		}
	}
}

// A context that a handler derives ends with the job's, and needs no goroutine for it.
func TestContextDerivedFromJobsEnds(t *testing.T) {
	c := &jobContext{values: context.WithoutCancel(t.Context())}
	derived, cancel := context.WithCancel(c)
	defer cancel()
	stacks := make([]byte, 1<<20)
	if stacks = stacks[:runtime.Stack(stacks, true)]; bytes.Contains(stacks, []byte("propagateCancel")) {
		t.Errorf("a goroutine waits for the end of the context:\n%s", stacks)
	}
	c.end()
	if !errors.Is(derived.Err(), context.Canceled) {
		t.Errorf("got %v, want canceled", derived.Err())
	}
	late, cancel := context.WithCancel(c)
	defer cancel()
	if !errors.Is(late.Err(), context.Canceled) {
		t.Errorf("derived after the end: got %v, want canceled", late.Err())
	}
}
