package skill_test

import (
	"errors"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// if:, as:, on-error: and stop decide how a skill goes on.
func TestOptionsOfActions(t *testing.T) {
	p := start(t, `
skills:
  s:
    match: {command: '!x {n:int}'}
    do:
      - say: big
        if: n > 5
      - title: x
        on-error: continue
      - clip: false
        as: first
      - say: '{first.url}'
      - if: n > 5
        stop:
      - say: small
`)
	p.fail["title"] = errors.New("no")
	if err := p.Message(t.Context(), message("!x 9")); err != nil {
		t.Error(err)
	}
	p.want(t, "say big", "clip ", "say https://clips.example/1")
	want := []string{"s done say", "s failed title: do[1]: no", "s done clip", "s done say", "s done stop"}
	if diff := cmp.Diff(want, p.outcomes()); diff != "" {
		t.Error(diff)
	}
	_ = p.Message(t.Context(), message("!x 1"))
	p.want(t, "clip ", "say https://clips.example/1", "say small")
}
