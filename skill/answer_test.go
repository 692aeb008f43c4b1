package skill_test

import (
	"context"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/larkspur-dev/larkspur/chat"
	"github.com/larkspur-dev/larkspur/skill"
)

// A user who may not, or not yet, is told so, but not again and again.
func TestAnswersToRefusedUsers(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := start(t, `
skills:
  mods: {match: {command: '!mods'}, allow: {roles: [moderator]}, refused: 'not for you, {event.user_name}', do: [say: x]}
  slow: {match: {command: '!slow'}, cooldown: 1h, cooling: 'not yet', do: [say: slow]}
`)
		p.texts(t, "!mods", "!mods")
		p.want(t, "reply m1: not for you, Grace")
		time.Sleep(time.Minute)
		p.texts(t, "!slow", "!slow", "!slow")
		p.want(t, "say slow", "reply m1: not yet")
	})
}

func TestAllowByTierAndFirstMessage(t *testing.T) {
	p := start(t, `
skills:
  tier: {match: {any: true}, allow: {subscriber-tier: 2}, do: [say: tier]}
  first: {match: {any: true}, allow: {first-time: true}, do: [say: first]}
`)
	for _, version := range []string{"12", "2012", "3000"} {
		m := message("x")
		m.Chatter.Badges = []chat.Badge{{Set: "subscriber", Version: version}}
		p.say(t, m)
	}
	p.want(t, "say tier", "say tier")
	m := message("x")
	m.FirstMessage = true
	p.say(t, m)
	p.want(t, "say first")
	m = message("x")
	m.Chatter.Roles = chat.Broadcaster
	p.say(t, m)
	p.want(t, "say tier", "say first")
}

// people is a host that knows viewers.
type people struct {
	*fakeHost

	lookups int
	info    skill.ViewerInfo
}

func (p *people) Viewer(context.Context, string) (skill.ViewerInfo, error) {
	p.lookups++
	return p.info, nil
}

func TestAllowByAge(t *testing.T) {
	synctest.Test(t, func(t *testing.T) { // begins at 2000-01-01
		set, err := skill.Parse("l.yaml", []byte(`
skills:
  followers: {match: {any: true}, allow: {follower: true}, do: [say: follower]}
  loyal: {match: {any: true}, allow: {follower: 10d, account-age: 100d}, do: [say: 'loyal since {ago(viewer.followed_at)}']}
`), skill.LoadOptions{})
		if err != nil {
			t.Fatal(err)
		}
		h := &people{fakeHost: &fakeHost{}, info: skill.ViewerInfo{CreatedAt: "1999-01-01T00:00:00Z"}}
		e := skill.NewEngine(set, skill.EngineOptions{Host: h})
		says := func() {
			if err := e.Message(t.Context(), message("x")); err != nil {
				t.Error(err)
			}
		}
		says()
		says()
		if h.lookups != 1 {
			t.Errorf("got %d look-ups of one viewer, want 1", h.lookups)
		}
		time.Sleep(2 * time.Minute)
		h.info.Follows, h.info.FollowedAt = true, "1999-12-28T00:00:00Z"
		says()
		time.Sleep(10 * 24 * time.Hour)
		says()
		want := []string{"say follower", "say follower", "say loyal since 14 days"}
		if diff := cmp.Diff(want, h.lines); diff != "" {
			t.Error(diff)
		}
	})
}
