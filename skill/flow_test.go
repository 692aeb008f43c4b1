package skill_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/larkspur-dev/larkspur/skill"
)

// choose says no text twice before all were said; rotate says them in turn.
func TestChoices(t *testing.T) {
	p := start(t, `
skills:
  flip: {match: {command: '!flip'}, do: [choose: [a, '{event.user}', {text: c, weight: 5}]]}
  turn: {match: {command: '!turn'}, do: [rotate: [one, two]]}
`)
	for range 20 {
		p.texts(t, "!flip", "!flip", "!flip")
		got := p.did()
		slices.Sort(got)
		if diff := cmp.Diff([]string{"say a", "say c", "say grace"}, got); diff != "" {
			t.Fatal(diff)
		}
		p.mu.Lock()
		p.lines = nil
		p.mu.Unlock()
	}
	p.texts(t, "!turn", "!turn", "!turn")
	p.want(t, "say one", "say two", "say one")
}

// wait holds up its own skill only, and what follows does not expire meanwhile.
func TestWaitInTheBackground(t *testing.T) {
	const yaml = "skills: {slow: {match: {command: '!slow'}, do: [title: a, wait: 5m, title: b]}, other: {match: {command: '!other'}, do: [title: c]}}"
	background(t, yaml, "", func(t *testing.T, e *skill.Engine, h *limited, _ *lanes, _ func() []string) {
		send(t, e, "!slow", "!other")
		time.Sleep(time.Minute)
		if diff := cmp.Diff([]string{"title a", "title c"}, h.did()); diff != "" {
			t.Error(diff)
		}
		time.Sleep(4*time.Minute + time.Second)
		synctest.Wait()
		if diff := cmp.Diff([]string{"title a", "title c", "title b"}, h.did()); diff != "" {
			t.Error(diff)
		}
	})
}

// A skill runs another one with its event and arguments. A circle ends.
func TestRun(t *testing.T) {
	p := start(t, `
skills:
  thanks: {on: run, allow: {users: [grace]}, do: [say: 'Thank you {event.user_name}: {args}']}
  a: {match: {command: '!a'}, do: [run: thanks, say: a]}
  circle: {match: {command: '!circle'}, do: [increment: n, run: circle]}
`)
	p.texts(t, "!a b c")
	p.want(t, "say Thank you Grace: b c", "say a")
	if err := p.Message(t.Context(), message("!circle")); err == nil || !strings.Contains(err.Error(), "run each other more than 10 deep") {
		t.Errorf("got %v, want the circle refused", err)
	}
	_, err := skill.Parse("l.yaml", []byte("skills: {thanks: {on: start, do: [run: thank]}}"), skill.LoadOptions{})
	if err == nil || !strings.Contains(err.Error(), `there is no skill "thank"; did you mean "thanks"?`) {
		t.Errorf("got %v", err)
	}
}

func TestFunctions(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		for _, tt := range []struct{ text, want string }{
			{"{random(3, 3)} {1 <= random(1, 6) and random(1, 6) <= 6}", "3 True"},
			{"{pick(['a'])} {pick([]) == None} {pick('x')}", "a True x"},
			{"{plural(1, 'death')}, {plural(2, 'death')}, {plural(0, 'child', 'children')}", "1 death, 2 deaths, 0 children"},
			{"{ago('1999-12-29T00:00:00Z')}", "3 days"},
			{"{ago('1999-12-31T22:58:00Z')} {ago(now)}", "1 hour 2 minutes 0 seconds"},
			{"{ago('2001-06-01T00:00:00Z')}", "1 year 5 months"},
			{"{uptime()}", "2 hours"},
		} {
			p := start(t, fmt.Sprintf("skills: {s: {match: {any: true}, do: [say: %q]}}", tt.text))
			p.channel.Live, p.channel.StartedAt = true, "1999-12-31T22:00:00Z"
			p.texts(t, "x")
			p.want(t, "say "+tt.want)
		}
		for _, wrong := range []string{"random(2, 1)", "pick(1)", "ago('soon')", "random('a', 1)"} {
			p := start(t, fmt.Sprintf("skills: {s: {match: {any: true}, do: [say: %q]}}", "{"+wrong+"}"))
			if err := p.Message(t.Context(), message("x")); err == nil {
				t.Errorf("%s: got no error", wrong)
			}
		}
	})
}
