package skill_test

import (
	"context"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/larkspur-dev/larkspur/chat"
	"github.com/larkspur-dev/larkspur/skill"
)

func TestScript(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := start(t, "skills: {quotes: {script: quotes.star}}")
		p.say(t, message("!addquote not for everybody"))
		mod := message("!addquote Hello, World")
		mod.Chatter.Roles = chat.Moderator
		p.say(t, mod)
		mod.Text = "!addquote /ban ada"
		p.say(t, mod)
		p.say(t, message("!quote 1"))
		p.say(t, message("!quote 2")) // cooling down
		time.Sleep(2 * time.Second)
		p.say(t, message("!quote 2"))
		p.say(t, message("!quote two"))
		time.Sleep(2 * time.Second)
		p.say(t, message("!quote 3"))
		p.event(t, "channel.follow", "2", follow)
		p.want(t, "reply m1: Saved quote 1", "reply m1: Saved quote 2", "say “Hello, World”", "say “/ban ada”",
			"reply m1: There is no quote 3", "say Grace, there are 2 quotes")
		want := []string{
			"quotes denied", "quotes done reply", "quotes done reply", "quotes done say", "quotes cooling",
			"quotes done say", "quotes usage", "quotes done reply", "quotes done say",
		}
		if diff := cmp.Diff(want, p.outcomes()); diff != "" {
			t.Error(diff)
		}
	})
}

func TestScriptCanDoWhatSkillsCan(t *testing.T) {
	p := start(t, "skills: {all: {script: all.star, config: {greeting: hello}}}")
	p.say(t, message("spam spam"))
	p.want(t, "say ∕hello grace 42 Grace", "reply m1: spam spam", "send team: Chess", "ban id=42 login= for=0s reason=spam",
		"ban id= login=linus for=10m0s reason=", "delete m1", "title /new", "clip ", "say https://clips.example/1")
}

func TestCooldowns(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := start(t, `
skills:
  each: {match: {regex: each}, cooldown: {per-user: 10s}, do: [say: 'each {event.user}']}
  all: {match: {regex: all}, cooldown: 5, do: [say: 'all {event.user}']}
`)
		linus := func(text string) *chat.Message {
			m := message(text)
			m.Chatter.ID, m.Chatter.Login = "43", "linus"
			return m
		}
		p.say(t, message("each"))
		p.say(t, message("each"))
		p.say(t, linus("each"))
		p.say(t, message("all"))
		p.say(t, linus("all"))
		time.Sleep(5 * time.Second)
		p.say(t, linus("all"))
		p.say(t, message("each"))
		time.Sleep(5 * time.Second)
		p.say(t, message("each"))
		p.want(t, "say each grace", "say each linus", "say all grace", "say all linus", "say each grace")
	})
}

// What the configuration allows, a script can only narrow.
func TestScriptCannotWidenAllow(t *testing.T) {
	p := start(t, "skills: {quotes: {script: quotes.star, allow: {users: [linus]}}}")
	mod := message("!addquote x")
	mod.Chatter.Roles = chat.Moderator
	p.say(t, mod)
	m := message("!addquote x")
	m.Chatter.Login, m.Chatter.ID = "linus", "43"
	p.say(t, m)
	m.Chatter.Roles = mod.Chatter.Roles
	p.say(t, m)
	p.want(t, "reply m1: Saved quote 1")
}

func TestConcurrentEvents(t *testing.T) {
	p := start(t, `
skills:
  quotes: {script: quotes.star}
  each: {match: {command: '!addquote {text...}'}, cooldown: {per-user: 1h}, when: channel.title == "Chess", do: [say: '{text}']}
`)
	engine := skill.NewEngine(p.set, skill.EngineOptions{Host: p.fakeHost})
	var g sync.WaitGroup
	for i := range 8 {
		g.Go(func() {
			m := message("!addquote x")
			m.Chatter.ID, m.Chatter.Roles = strconv.Itoa(i), chat.Moderator
			for range 20 {
				if err := engine.Message(t.Context(), m); err != nil {
					t.Error(err)
				}
			}
		})
	}
	g.Wait()
	slices.Sort(p.lines)
	p.lines = slices.Compact(p.lines)
	if len(p.lines) != 8*20+1 {
		t.Errorf("got %d different lines, want 160 quotes and one text", len(p.lines))
	}
}

// slowly is a host for which Twitch takes its time.
type slowly struct{ *fakeHost }

func (s slowly) Do(ctx context.Context, e skill.Effect) (map[string]any, error) {
	time.Sleep(3 * time.Second)
	return s.fakeHost.Do(ctx, e)
}

func (s slowly) Channel(ctx context.Context) (skill.ChannelInfo, error) {
	time.Sleep(3 * time.Second)
	return s.fakeHost.Channel(ctx)
}

func TestSlowHostDoesNotEndAScript(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		dir := t.TempDir()
		src := "def act(call):\n    call.say('one')\n    call.say(call.channel.title)\n    for i in range(100):\n        n = i\n    call.say('three')\n\non_message('x', act)\n"
		if err := os.WriteFile(filepath.Join(dir, "slow.star"), []byte(src), 0o600); err != nil {
			t.Fatal(err)
		}
		set, err := skill.Parse("l.yaml", []byte("skills: {s: {script: slow.star}, t: {match: {regex: x}, do: [say: '{channel.title}{1 + 1}']}}"), skill.LoadOptions{Dir: dir})
		if err != nil {
			t.Fatal(err)
		}
		host := &fakeHost{channel: skill.ChannelInfo{Title: "Chess"}}
		e := skill.NewEngine(set, skill.EngineOptions{Host: slowly{host}})
		if err := e.Message(t.Context(), message("x")); err != nil {
			t.Errorf("got %v, want none: waiting is not computing", err)
		}
		if diff := cmp.Diff([]string{"say one", "say Chess", "say three", "say Chess2"}, host.lines); diff != "" {
			t.Error(diff)
		}
	})
}
