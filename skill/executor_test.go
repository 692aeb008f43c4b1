package skill_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/larkspur-dev/larkspur/skill"
)

// lanes is an executor with one goroutine for each class and connector.
type lanes struct {
	ctx     context.Context
	workers sync.WaitGroup
	mu      sync.Mutex
	jobs    map[string]chan *skill.Step // guarded by mu
	seen    []string                    // guarded by mu; what was submitted
	full    map[skill.Class]bool        // classes whose steps are dropped at once
}

func newLanes(ctx context.Context) *lanes {
	return &lanes{ctx: ctx, jobs: map[string]chan *skill.Step{}, full: map[skill.Class]bool{}}
}

func (l *lanes) Submit(s *skill.Step) {
	l.mu.Lock()
	l.seen = append(l.seen, strings.TrimSpace(fmt.Sprintf("%s %s %s", s.Class, s.Action, s.Connector)))
	full := l.full[s.Class]
	jobs, known := l.jobs[string(s.Class)+s.Connector]
	if !known {
		jobs = make(chan *skill.Step, 10_000)
		l.jobs[string(s.Class)+s.Connector] = jobs
		l.workers.Go(func() { l.work(jobs) })
	}
	l.mu.Unlock()
	if full {
		s.Drop(skill.ErrCrowded)
		return
	}
	jobs <- s
}

func (l *lanes) submitted() []string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return slices.Clone(l.seen)
}

func (l *lanes) work(jobs chan *skill.Step) {
	for {
		select {
		case s := <-jobs:
			s.Run(l.ctx)
		case <-l.ctx.Done():
			return
		}
	}
}

// limited is a host that can say one thing in 1.5 s, and whose relay hangs.
type limited struct {
	*fakeHost

	banned time.Time
}

func (h *limited) Do(ctx context.Context, e skill.Effect) (map[string]any, error) {
	switch e.Action {
	case "say", "reply":
		time.Sleep(1500 * time.Millisecond)
	case "send":
		<-ctx.Done()
		return nil, ctx.Err()
	case "ban", "timeout":
		h.banned = time.Now()
	}
	return h.fakeHost.Do(ctx, e)
}

func (h *limited) Channel(ctx context.Context) (skill.ChannelInfo, error) {
	time.Sleep(time.Second)
	return h.fakeHost.Channel(ctx)
}

// background runs a test with an engine whose actions are carried out by lanes.
func background(t *testing.T, yaml, script string, test func(t *testing.T, e *skill.Engine, h *limited, l *lanes, reports func() []string)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithCancel(t.Context())
		defer synctest.Wait()
		defer cancel()
		defer cancel()
		var set *skill.Set
		var err error
		if script != "" {
			set, err = parseScript(t, script)
		} else {
			set, err = skill.Parse("l.yaml", []byte(yaml), skill.LoadOptions{})
		}
		if err != nil {
			t.Fatal(err)
		}
		h := &limited{fakeHost: &fakeHost{channel: skill.ChannelInfo{Title: "Chess", Live: true}}}
		l := newLanes(ctx)
		defer l.workers.Wait()
		defer cancel()
		var mu sync.Mutex
		var reports []string
		e := skill.NewEngine(set, skill.EngineOptions{Host: h, Executor: l, Report: func(r skill.Report) {
			mu.Lock()
			defer mu.Unlock()
			line := strings.TrimSpace(fmt.Sprintf("%s %s %s", r.Skill, r.Outcome, r.Action))
			if r.Err != nil {
				line += ": " + r.Err.Error()
			}
			reports = append(reports, line)
		}})
		test(t, e, h, l, func() []string {
			mu.Lock()
			defer mu.Unlock()
			return slices.Clone(reports)
		})
	})
}

// send hands the engine messages, which must take no time.
func send(t *testing.T, e *skill.Engine, texts ...string) {
	t.Helper()
	began := time.Now()
	for _, text := range texts {
		if err := e.Message(t.Context(), message(text)); err != nil {
			t.Error(err)
		}
	}
	if took := time.Since(began); took > 0 {
		t.Errorf("matching took %v, want it not to wait", took)
	}
}

func TestBanDoesNotWaitForRepliesAndRelays(t *testing.T) {
	const yaml = `
skills:
  hello: {match: {command: '!hello'}, do: [reply: hi]}
  relay: {match: {command: '!relay'}, do: [send: {to: team, text: x}]}
  spam: {match: {regex: buy followers}, do: [reply: no adverts, send: {to: team, text: x}, ban, delete, say: gone]}
`
	background(t, yaml, "", func(t *testing.T, e *skill.Engine, h *limited, _ *lanes, _ func() []string) {
		for range 500 {
			send(t, e, "!hello", "!relay")
		}
		began := time.Now()
		send(t, e, "buy followers")
		synctest.Wait()
		if h.banned.IsZero() || h.banned.Sub(began) > time.Second {
			t.Errorf("banned %v after the message, want at once", h.banned.Sub(began))
		}
	})
}

func TestRepliesExpire(t *testing.T) {
	background(t, "skills: {hello: {match: {command: '!hello'}, do: [reply: hi]}}", "", func(t *testing.T, e *skill.Engine, h *limited, _ *lanes, reports func() []string) {
		for range 100 {
			send(t, e, "!hello")
		}
		time.Sleep(5 * time.Minute)
		done, dropped := 0, 0
		for _, r := range reports() {
			switch r {
			case "hello done reply":
				done++
			case "hello dropped reply: expired while waiting":
				dropped++
			default:
				t.Error(r)
			}
		}
		if done != 20 && done != 21 || done+dropped != 100 {
			t.Errorf("got %d replies and %d dropped, want those of 30 s, and the rest dropped", done, dropped)
		}
	})
}

func TestStepsOfASkillKeepTheirOrder(t *testing.T) {
	const yaml = "skills: {all: {match: {regex: x}, do: [title: a, say: b, title: c, clip: 'd {clip.url}', ban: {user: grace, reason: '{clip.url}'}, say: e, timeout: {for: 1m}]}}"
	background(t, yaml, "", func(t *testing.T, e *skill.Engine, h *limited, l *lanes, _ func() []string) {
		send(t, e, "x")
		time.Sleep(time.Minute)
		// The first ban needs the clip, and the timeout waits for the ban.
		want := []string{
			"title a", "say b", "title c", "clip ", "say d https://clips.example/1",
			"ban id=42 login= for=0s reason=https://clips.example/1", "ban id=42 login= for=1m0s reason=", "say e",
		}
		if diff := cmp.Diff(want, h.did()); diff != "" {
			t.Errorf("(-want +got):\n%s", diff)
		}
		seen := []string{"channel title", "reply say", "channel title", "channel clip", "moderation ban", "moderation timeout", "reply say", "reply say"}
		slices.Sort(seen)
		submitted := slices.Sorted(slices.Values(l.submitted()))
		if diff := cmp.Diff(seen, submitted); diff != "" {
			t.Errorf("submitted (-want +got):\n%s", diff)
		}
	})
}

func TestDroppedReplyDoesNotEndASkill(t *testing.T) {
	const yaml = "skills: {s: {match: {regex: x}, do: [say: a, send: {to: team, text: b}, title: c]}, t: {match: {regex: x}, do: [ban, say: banned]}}"
	background(t, yaml, "", func(t *testing.T, e *skill.Engine, h *limited, l *lanes, reports func() []string) {
		l.full = map[skill.Class]bool{skill.ClassReply: true, skill.ClassRelay: true, skill.ClassModeration: true}
		send(t, e, "x")
		synctest.Wait()
		if diff := cmp.Diff([]string{"title c"}, h.did()); diff != "" {
			t.Error(diff)
		}
		want := []string{
			"s done title", "s dropped say: too many actions were waiting", "s dropped send: too many actions were waiting",
			"t dropped ban: too many actions were waiting",
		}
		if diff := cmp.Diff(want, slices.Sorted(slices.Values(reports()))); diff != "" {
			t.Error(diff)
		}
	})
}

func TestFailedActionEndsASkillInTheBackground(t *testing.T) {
	background(t, "skills: {s: {match: {regex: x}, do: [title: a, say: b]}}", "", func(t *testing.T, e *skill.Engine, h *limited, _ *lanes, reports func() []string) {
		h.fail = map[string]error{"title": errors.New("no")}
		send(t, e, "x")
		synctest.Wait()
		if diff := cmp.Diff([]string{"s failed title: do[0]: no"}, reports()); diff != "" || len(h.lines) > 0 {
			t.Errorf("%s%v", diff, h.lines)
		}
	})
}

func TestConditionThatReadsTheChannelDoesNotBlockMatching(t *testing.T) {
	const yaml = "skills: {s: {match: {regex: x}, when: channel.live, cooldown: 10s, do: [say: '{channel.title}']}, t: {match: {regex: x}, when: not channel.live, do: [ban]}}"
	background(t, yaml, "", func(t *testing.T, e *skill.Engine, h *limited, _ *lanes, _ func() []string) {
		send(t, e, "x", "x")
		time.Sleep(time.Minute)
		if diff := cmp.Diff([]string{"say Chess"}, h.did()); diff != "" {
			t.Error(diff)
		}
	})
}

func TestScriptThatRepliesDoesNotBlockMatching(t *testing.T) {
	const src = `
def act(call, n):
    call.say("%d %s" % (n, call.channel.title))
    call.say(n)
    call.ban("linus")
    if n == 3:
        call.say("")
    call.title(str(n))

on_command("!x {n:int}", act)
`
	background(t, "", src, func(t *testing.T, e *skill.Engine, h *limited, l *lanes, reports func() []string) {
		send(t, e, "!x 1", "!x 2", "!x 3")
		time.Sleep(time.Minute)
		var said, others []string
		for _, line := range h.did() {
			if strings.HasPrefix(line, "say") {
				said = append(said, line)
			} else {
				others = append(others, line)
			}
		}
		if diff := cmp.Diff([]string{"say 1 Chess", "say 1", "say 2 Chess", "say 2", "say 3 Chess", "say 3"}, said); diff != "" {
			t.Errorf("said (-want +got):\n%s", diff)
		}
		ban := "ban id= login=linus for=0s reason="
		if diff := cmp.Diff([]string{ban, ban, ban, "title 1", "title 2"}, others); diff != "" {
			t.Errorf("did (-want +got):\n%s", diff)
		}
		if diff := cmp.Diff("decision", l.submitted()[0]); diff != "" {
			t.Errorf("a script that can ban does not wait for other scripts: %s", diff)
		}
		if got := reports(); !slices.Contains(got, "s failed: x.star:7: the text is empty") {
			t.Errorf("got %q, want the empty text reported", got)
		}
	})
}

func TestRedemptionsHaveTheirOwnClass(t *testing.T) {
	const yaml = "skills: {s: {on: channel.channel_points_custom_reward_redemption.add, do: [say: a, title: b, send: {to: team, text: c}, ban: linus]}}"
	background(t, yaml, "", func(t *testing.T, e *skill.Engine, _ *limited, l *lanes, _ func() []string) {
		p := &fixture{Engine: e}
		p.event(t, "channel.channel_points_custom_reward_redemption.add", "1", `{"broadcaster_user_id":"1"}`)
		time.Sleep(time.Minute)
		want := []string{"redemption say", "moderation ban", "redemption title", "relay send team"}
		if diff := cmp.Diff(want, l.submitted()); diff != "" {
			t.Error(diff)
		}
	})
}

// A host that panics ends one skill, not the executor's goroutine.
func TestPanicOfTheHostInTheBackground(t *testing.T) {
	background(t, "skills: {s: {match: {regex: x}, do: [ban, say: a]}, t: {match: {regex: x}, do: [say: b]}}", "", func(t *testing.T, e *skill.Engine, h *limited, _ *lanes, reports func() []string) {
		h.panics = true
		send(t, e, "x")
		time.Sleep(time.Minute)
		want := []string{"s failed: the skill panicked; the log has the stack trace", "t done say"}
		if diff := cmp.Diff(want, reports()); diff != "" {
			t.Error(diff)
		}
	})
}

// A step is carried out or dropped once, whatever an executor does with it.
func TestStepHappensOnce(t *testing.T) {
	var got []*skill.Step
	set, err := skill.Parse("l.yaml", []byte("skills: {s: {match: {regex: x}, do: [say: a]}}"), skill.LoadOptions{})
	if err != nil {
		t.Fatal(err)
	}
	h := &fakeHost{}
	reports := 0
	e := skill.NewEngine(set, skill.EngineOptions{
		Host: h, Executor: submit(func(s *skill.Step) { got = append(got, s) }), Report: func(skill.Report) { reports++ },
	})
	m := message("x")
	if err := e.Message(t.Context(), m); err != nil || len(got) != 1 {
		t.Fatal(err, got)
	}
	s := got[0]
	s.Run(t.Context())
	s.Run(t.Context())
	s.Drop(skill.ErrExpired)
	if len(h.lines) != 1 || reports != 1 {
		t.Errorf("got %v and %d reports, want one of each", h.lines, reports)
	}
	if s.Skill != "s" || s.Trigger != "/x/" || s.Action != "say" || s.BroadcasterID != m.Broadcaster.ID || s.Expires.Sub(s.Since) != 30*time.Second {
		t.Errorf("got %+v", s)
	}
}

type submit func(*skill.Step)

func (f submit) Submit(s *skill.Step) { f(s) }

// A reply that expires while the host waits for Twitch's limits was dropped, and the
// rest of the reaction goes on. An action of another kind ends it.
func TestReplyThatExpiresInTheHostIsDropped(t *testing.T) {
	const yaml = "skills: {s: {match: {regex: x}, do: [say: a, title: b, say: c]}}"
	background(t, yaml, "", func(t *testing.T, e *skill.Engine, h *limited, _ *lanes, reports func() []string) {
		h.fail = map[string]error{"say": fmt.Errorf("say: %w", skill.ErrExpired), "title": fmt.Errorf("title: %w", skill.ErrExpired)}
		send(t, e, "x")
		time.Sleep(time.Minute)
		want := []string{"s dropped say: do[0]: say: expired while waiting", "s dropped title: do[1]: title: expired while waiting"}
		if diff := cmp.Diff(want, reports()); diff != "" {
			t.Error(diff)
		}
	})
}
