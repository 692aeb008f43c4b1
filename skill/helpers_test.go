package skill_test

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/larkspur-dev/larkspur/chat"
	"github.com/larkspur-dev/larkspur/eventsub"
	"github.com/larkspur-dev/larkspur/skill"
)

// fakeHost is a host that writes down what skills do.
type fakeHost struct {
	mu      sync.Mutex
	lines   []string // guarded by mu
	fail    map[string]error
	channel skill.ChannelInfo
	panics  bool // when it is to ban
}

func (s *fakeHost) note(verb, format string, args ...any) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if err := s.fail[verb]; err != nil {
		return err
	}
	s.lines = append(s.lines, verb+" "+fmt.Sprintf(format, args...))
	return nil
}

// did returns what was done so far.
func (s *fakeHost) did() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.lines)
}

// Do writes an effect down.
func (s *fakeHost) Do(_ context.Context, e skill.Effect) (map[string]any, error) {
	switch e.Action {
	case "say", "title":
		return nil, s.note(e.Action, "%s", e.Text("text"))
	case "choose", "rotate":
		return nil, s.note("say", "%s", e.Text("texts"))
	case "reply":
		if e.Text("message") == "" {
			return nil, s.note("say", "%s", e.Text("text"))
		}
		return nil, s.note("reply", "%s: %s", e.Text("message"), e.Text("text"))
	case "send":
		return nil, s.note("send", "%s: %s", e.Text("to"), e.Text("text"))
	case "ban", "timeout":
		if s.panics {
			panic("boom")
		}
		u := e.User("user")
		return nil, s.note("ban", "id=%s login=%s for=%s reason=%s", u.ID, u.Login, e.Duration("for"), e.Text("reason"))
	case "delete":
		return nil, s.note("delete", "%s", e.Text("message"))
	case "clip":
		return map[string]any{"id": "1", "url": "https://clips.example/1"}, s.note("clip", "%s", e.String("channel"))
	}
	return nil, s.note(e.Action, "%v", e.Args)
}

func (s *fakeHost) Channel(context.Context) (skill.ChannelInfo, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.channel, s.fail["channel"]
}

// fixture is a set of skills on a fakeHost.
type fixture struct {
	*skill.Engine
	*fakeHost
	set     *skill.Set
	reports []skill.Report
}

// start runs the skills of a configuration, which must be without mistakes.
func start(t *testing.T, yaml string) *fixture {
	t.Helper()
	set, err := skill.Parse("larkspur.yaml", []byte(yaml), skill.LoadOptions{Dir: "testdata"})
	if err != nil {
		t.Fatal(err)
	}
	p := &fixture{set: set, fakeHost: &fakeHost{fail: map[string]error{}, channel: skill.ChannelInfo{Title: "Chess", Viewers: 7}}}
	p.Engine = skill.NewEngine(set, skill.EngineOptions{
		Host: p.fakeHost, Report: func(r skill.Report) {
			p.mu.Lock()
			defer p.mu.Unlock()
			p.reports = append(p.reports, r)
		},
	})
	return p
}

// message is a message of a viewer called grace.
func message(text string) *chat.Message {
	return &chat.Message{
		ID: "m1", Text: text, Broadcaster: chat.User{ID: "1", Login: "ada", Name: "Ada"},
		Chatter: chat.Chatter{User: chat.User{ID: "42", Login: "grace", Name: "Grace"}},
	}
}

// say delivers a chat message.
func (p *fixture) say(t *testing.T, m *chat.Message) {
	t.Helper()
	before := len(p.reports)
	err := p.Message(t.Context(), m)
	failed := slices.ContainsFunc(p.reports[before:], func(r skill.Report) bool { return r.Err != nil })
	if failed != (err != nil) {
		t.Errorf("got error %v, reports say %v", err, failed)
	}
}

// event delivers an event of EventSub.
func (p *fixture) event(t *testing.T, name, version, body string) {
	t.Helper()
	p.Event(t.Context(), eventsub.Notification{
		Meta: eventsub.Meta{MessageID: "n1"},
		Type: eventsub.Type{Name: name, Version: version}, Event: json.RawMessage(body),
	})
}

func (p *fixture) want(t *testing.T, lines ...string) {
	t.Helper()
	p.mu.Lock()
	defer p.mu.Unlock()
	if diff := cmp.Diff(lines, p.lines); diff != "" {
		t.Errorf("what the skills did (-want +got):\n%s", diff)
	}
	p.lines = nil
}

// outcomes are the reports in short.
func (p *fixture) outcomes() []string {
	var out []string
	for _, r := range p.reports {
		line := strings.TrimSpace(fmt.Sprintf("%s %s %s", r.Skill, r.Outcome, r.Action))
		if r.Err != nil {
			line += ": " + r.Err.Error()
		}
		out = append(out, line)
	}
	p.reports = nil
	return out
}

const follow = `{"user_id":"42","user_login":"grace","user_name":"Grace","broadcaster_user_id":"1",` +
	`"broadcaster_user_login":"ada","followed_at":"2026-01-02T03:04:05Z"}`
